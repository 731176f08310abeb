import type { Coordinates } from '@talentbridge/contracts';
import { type InputProblem, InvalidInputError } from '../../../kernel/errors.js';
import { findField, holdersOf, keyOf, type SearchField } from './fields.js';
import { allOf, anyOf, noneOf, oneApplication, type QueryNode } from './query/query-tree.js';
import { type RangeReading, readDates, readNumbers } from './query/read-range.js';

/** One filter. All that it says holds; of several filters all hold. */
export interface SearchFilter {
  /** The name of a field, or an alias. */
  readonly field: string;
  /** Has one of these values, as a whole. For numbers and dates: ranges, as in a query (`3..8`). Empty: no condition. */
  readonly anyOf?: readonly string[];
  /** Has none of these values. */
  readonly noneOf?: readonly string[];
  /** Lives within a distance. For `near` alone. */
  readonly within?: Coordinates & { readonly kilometers: number };
}

/**
 * The query that filters make. Wanted values of fields of applications are wanted of one and the same application: "rejected"
 * and "Welder" finds who was rejected as a welder. Excluded ones exclude who has them in any application.
 * @param path How the input calls the list, for messages.
 * @throws InvalidInputError which names every filter that cannot be used.
 */
export function filterTree(filters: readonly SearchFilter[], path = 'filters'): QueryNode {
  const problems: InputProblem[] = [];
  const ofPerson: QueryNode[] = [];
  const ofApplication: QueryNode[] = [];
  for (const [index, filter] of filters.entries()) {
    const refuse = (member: string, message: string): void => {
      problems.push({ field: `${path}[${index}].${member}`, message });
    };
    const field = findField(filter.field);
    if (!field) {
      refuse('field', 'There is no such field. Take one from the list of fields.');
      continue;
    }
    if (filter.within && field.kind !== 'place') refuse('within', 'Only `near` takes a distance.');
    else if (filter.within) {
      const { latitude, longitude, kilometers } = filter.within;
      if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 && kilometers >= 0 && kilometers <= 20_100)) {
        refuse('within', 'Latitude is -90 to 90, longitude -180 to 180, and the distance 0 to 20,100 km.');
      } else {
        ofPerson.push({
          kind: 'near',
          field: field.name,
          latitude: sixDigits(latitude),
          longitude: sixDigits(longitude),
          kilometers: sixDigits(kilometers),
        });
      }
    }
    const wanted = valuesOf(field, filter.anyOf ?? [], (place, message) => refuse(`anyOf[${place}]`, message));
    const excluded = valuesOf(field, filter.noneOf ?? [], (place, message) => refuse(`noneOf[${place}]`, message));
    const [first, ...others] = wanted;
    if (first) (field.ofApplication ? ofApplication : ofPerson).push(anyOf([first, ...others]));
    ofPerson.push(...excluded.map((node) => noneOf(node)));
  }
  if (problems.length > 0) throw new InvalidInputError(problems);
  return allOf([...ofPerson, ...(ofApplication.length > 0 ? [oneApplication(allOf(ofApplication))] : [])]);
}

/** As exact as a query writes a place: 0.1 m. */
function sixDigits(value: number): number {
  return Number(value.toFixed(6)) + 0;
}

function valuesOf(
  field: SearchField,
  values: readonly string[],
  refuse: (place: number, message: string) => void,
): QueryNode[] {
  return values.flatMap((value, place): QueryNode[] => {
    if (field.kind === 'place') {
      refuse(place, 'A place is filtered by `within`.');
      return [];
    }
    if (field.kind === 'number' || field.kind === 'date') {
      const band = field.bands?.find(({ label }) => label === value);
      if (band) {
        const { label: _, ...range } = band;
        return [{ kind: 'numbers', field: field.name, ...range }];
      }
      const node = rangeNode(field, value);
      if ('code' in node) refuse(place, `${node.message} ${node.remedy}`);
      return 'code' in node ? [] : [node];
    }
    const key = keyOf(field, value);
    if (key === '') refuse(place, 'The value is empty.');
    return key === '' ? [] : holdersOf(field).map(({ name }) => ({ kind: 'value', field: name, value: key }));
  });
}

function rangeNode(field: SearchField, text: string): QueryNode | Extract<RangeReading<never>, { code: unknown }> {
  if (field.kind === 'number') {
    const reading = readNumbers(text);
    return 'range' in reading
      ? { kind: 'numbers', field: field.name, ...reading.range }
      : { code: reading.code, message: reading.message, remedy: reading.remedy };
  }
  const reading = readDates(text);
  return 'range' in reading
    ? { kind: 'dates', field: field.name, ...reading.range }
    : { code: reading.code, message: reading.message, remedy: reading.remedy };
}
