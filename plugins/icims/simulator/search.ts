import { readDateTime } from './date-time.js';
import { GENERATED_UNTIL } from './population.js';
import { Refusal } from './refusal.js';
import type { SimulatedTenant } from './tenant.js';

/** What can be searched. */
export type SearchType = 'people' | 'jobs' | 'applicantworkflows';

/** The most rows of an answer (iCIMS sheet §9, CONFIRMED). */
const MAX_ROWS = 1000;

type FieldKind = 'number' | 'text' | 'date' | 'list';

/** How the value of a filter is found in a record, and which records can have it at all. */
interface Searchable {
  readonly kind: FieldKind;
  /** The field of a person that must be visible for this filter. */
  readonly field?: string;
  readonly read: (tenant: SimulatedTenant, id: number) => string | number | undefined;
  /** Records that can be equal to a value, when there is an index. */
  readonly index?: (tenant: SimulatedTenant, value: string) => Iterable<number>;
}

interface Filter {
  readonly name: string;
  readonly values: readonly string[];
  readonly to: string | undefined;
  readonly operator: string;
}

interface Group {
  readonly filters: readonly Filter[];
  readonly children: readonly Group[];
  readonly operator: '&' | '|';
}

const PEOPLE: Readonly<Record<string, Searchable>> = {
  'person.id': { kind: 'number', read: (_tenant, id) => id, index: (_tenant, value) => [Number(value)] },
  'person.email': email('email'),
  'person.emailaddress': email('email'),
  'person.firstname': personText('firstname'),
  'person.lastname': personText('lastname'),
  'person.externalid': personText('externalid'),
  'person.folder': { kind: 'list', read: ({ people }, id) => people.get(id)?.folder.id },
  'person.createddate': { kind: 'date', read: ({ people }, id) => people.get(id)?.createdAt },
  'person.updateddate': { kind: 'date', read: ({ people }, id) => people.get(id)?.updatedAt },
};

const JOBS: Readonly<Record<string, Searchable>> = {
  'job.id': { kind: 'number', read: (_tenant, id) => id, index: (_tenant, value) => [Number(value)] },
  'job.folder': { kind: 'list', read: ({ jobs }, id) => jobs.get(id)?.folder.id },
  'job.updateddate': { kind: 'date', read: ({ jobs }, id) => jobs.get(id)?.updatedAt },
};

const WORKFLOWS: Readonly<Record<string, Searchable>> = {
  'applicantworkflow.id': { kind: 'number', read: (_tenant, id) => id, index: (_tenant, value) => [Number(value)] },
  'applicantworkflow.status': { kind: 'list', read: ({ workflows }, id) => workflows.get(id)?.status.id },
  'applicantworkflow.updateddate': { kind: 'date', read: ({ workflows }, id) => workflows.get(id)?.updatedAt },
  'applicantworkflow.person.id': {
    kind: 'number',
    read: ({ workflows }, id) => workflows.get(id)?.personId,
    index: (tenant, value) => tenant.workflowsOf(Number(value)),
  },
  'applicantworkflow.job.id': { kind: 'number', read: ({ workflows }, id) => workflows.get(id)?.jobId },
};

const SEARCHABLE: Readonly<Record<SearchType, Readonly<Record<string, Searchable>>>> = {
  people: PEOPLE,
  jobs: JOBS,
  applicantworkflows: WORKFLOWS,
};

const OPERATORS: Readonly<Record<FieldKind, ReadonlySet<string>>> = {
  text: new Set(['=', '==', '!=']),
  list: new Set(['=', '==', '!=']),
  number: new Set(['=', '==', '!=', '<', '>', '<=', '>=']),
  date: new Set(['=', '==', '!=', '<', '>', '<=', '>=']),
};

function email(field: string): Searchable {
  return { ...personText(field), index: (tenant, value) => tenant.peopleOf(value) };
}

function personText(field: string): Searchable {
  return {
    kind: 'text',
    field,
    read: ({ people }, id) => {
      const value = people.get(id)?.fields.get(field);
      return typeof value === 'string' ? value : undefined;
    },
  };
}

/** The grammar of filters, by name (iCIMS sheet §5: `filtersSchema`). */
export function filtersOf(type: SearchType): readonly string[] {
  return Object.keys(SEARCHABLE[type]);
}

/**
 * Ids of all records that a filter body finds, ascending, at most 1,000 (iCIMS sheet §9).
 *
 * @param hidden Fields that the user cannot see, and so not search by.
 * @param only Searches among these alone.
 * @throws Refusal in the vendor's words
 */
export function search(
  tenant: SimulatedTenant,
  type: SearchType,
  body: unknown,
  hidden: ReadonlySet<string>,
  only?: readonly number[],
): readonly number[] {
  const group = readGroup(body, type, hidden);
  if (group.filters.length === 0 && group.children.length === 0) throw refuse('At least one filter must be specified');
  const all = { people: tenant.people, jobs: tenant.jobs, applicantworkflows: tenant.workflows }[type];
  const among = only ?? candidatesOf(tenant, type, group);
  const found: number[] = [];
  const after = floorOf(group);
  for (const id of among === undefined ? idsAfter(tenant, type, after) : ascending(among)) {
    if (id <= after || !all.has(id) || !matchesGroup(tenant, type, group, id)) continue;
    found.push(id);
    if (found.length === MAX_ROWS) break;
  }
  return found;
}

function idsAfter(tenant: SimulatedTenant, type: SearchType, after: number): Iterable<number> {
  if (type === 'jobs') return ascending([...tenant.jobs.keys()]);
  return type === 'people' ? tenant.people.idsAfter(after) : tenant.workflows.idsAfter(after);
}

function ascending(ids: readonly number[]): readonly number[] {
  return [...new Set(ids)].sort((a, b) => a - b);
}

/** The id that all records must be above: pages of a search begin there. */
function floorOf({ filters, operator }: Group): number {
  if (operator !== '&') return 0;
  const floors = filters.flatMap(({ name, operator: how, values }) =>
    how === '>' && IS_ID.test(name) && values.length === 1 ? [Number(values[0])] : [],
  );
  return Math.max(0, ...floors.filter((floor) => !Number.isNaN(floor)));
}

const IS_ID = /^(person|job|applicantworkflow)\.id$/;

function refuse(message: string): Refusal {
  return new Refusal(400, { code: 5, message });
}

const GROUP_ATTRIBUTES = new Set(['filters', 'children', 'operator']);
const FILTER_ATTRIBUTES = new Set(['name', 'value', 'secondaryValue', 'operator']);

function readGroup(body: unknown, type: SearchType, hidden: ReadonlySet<string>): Group {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw refuse('An unknown parsing error occurred');
  const { filters = [], children = [], operator = '&', ...others }: Record<string, unknown> = { ...body };
  const [unknown] = Object.keys(others).filter((name) => !GROUP_ATTRIBUTES.has(name));
  if (unknown !== undefined) throw refuse(`The following group attribute is unrecognized: [${unknown}]`);
  if (operator !== '&' && operator !== '|') {
    throw refuse(`The following group operator is not valid in the given context: [${String(operator)}]`);
  }
  if (!Array.isArray(filters) || !Array.isArray(children)) throw refuse('An unknown parsing error occurred');
  return {
    filters: filters.map((filter: unknown) => readFilter(filter, type, hidden)),
    children: children.map((child: unknown) => readGroup(child, type, hidden)),
    operator,
  };
}

function readFilter(filter: unknown, type: SearchType, hidden: ReadonlySet<string>): Filter {
  if (typeof filter !== 'object' || filter === null) throw refuse('An unknown parsing error occurred');
  const { name, value, secondaryValue, operator = '=', ...others }: Record<string, unknown> = { ...filter };
  const [unknown] = Object.keys(others).filter((attribute) => !FILTER_ATTRIBUTES.has(attribute));
  if (unknown !== undefined) throw refuse(`The following filter attribute is unrecognized: [${unknown}]`);
  const field = typeof name === 'string' ? searchableOf(type, name) : undefined;
  if (typeof name !== 'string' || !field || (field.field !== undefined && hidden.has(field.field))) {
    throw refuse(`The following filter is either not valid or hidden: [${String(name)}]`);
  }
  if (typeof operator !== 'string' || !OPERATORS[field.kind].has(operator)) {
    throw refuse(`The following filter operator is not valid in the given context: [${String(operator)}]`);
  }
  if (!Array.isArray(value) || value.some((each) => typeof each !== 'string')) {
    throw refuse('An unknown parsing error occurred');
  }
  const [to] = Array.isArray(secondaryValue) ? secondaryValue : [secondaryValue];
  return { name, values: value, to: typeof to === 'string' ? to : undefined, operator };
}

const CUSTOM_TEXT = /^person\.customfield(\d+)\.text$/;

function searchableOf(type: SearchType, name: string): Searchable | undefined {
  if (Object.hasOwn(SEARCHABLE[type], name)) return SEARCHABLE[type][name];
  const custom = type === 'people' ? CUSTOM_TEXT.exec(name)?.[1] : undefined;
  return custom === undefined ? undefined : personText(`field${custom}`);
}

/** Records that can match, out of the indexes; `undefined`: any of them. */
function candidatesOf(tenant: SimulatedTenant, type: SearchType, group: Group): readonly number[] | undefined {
  const sets = [
    ...group.filters.map((filter) => indexed(tenant, type, filter)),
    ...group.children.map((child) => candidatesOf(tenant, type, child)),
  ];
  if (group.operator === '|') return sets.every((set) => set !== undefined) ? sets.flat() : undefined;
  return sets.filter((set) => set !== undefined).toSorted((a, b) => a.length - b.length)[0];
}

function indexed(tenant: SimulatedTenant, type: SearchType, filter: Filter): readonly number[] | undefined {
  const field = searchableOf(type, filter.name);
  if (type !== 'jobs' && isLaterThanGenerated(filter)) {
    return [...(type === 'people' ? tenant.people : tenant.workflows).own.keys()];
  }
  const exact = filter.operator === '==' || (filter.operator === '=' && field?.kind === 'number');
  if (!field?.index || !exact) return undefined;
  const { index } = field;
  return filter.values.flatMap((value) => [...index(tenant, value)]);
}

/** Nobody who was generated changed so late: a tenant of a million need not be looked through. */
function isLaterThanGenerated({ name, values: [from], operator }: Filter): boolean {
  if (!name.endsWith('.updateddate') || (operator !== '>=' && operator !== '>')) return false;
  return (readDateTime(from ?? '') ?? 0) >= GENERATED_UNTIL;
}

function matchesGroup(tenant: SimulatedTenant, type: SearchType, group: Group, id: number): boolean {
  const matches = (filter: Filter): boolean => matchesFilter(tenant, type, filter, id);
  const holds = (child: Group): boolean => matchesGroup(tenant, type, child, id);
  return group.operator === '&'
    ? group.filters.every(matches) && group.children.every(holds)
    : group.filters.some(matches) || group.children.some(holds);
}

function matchesFilter(tenant: SimulatedTenant, type: SearchType, filter: Filter, id: number): boolean {
  const field = searchableOf(type, filter.name);
  if (!field) return false;
  if (field.kind === 'date') return matchesDate(filter, Number(field.read(tenant, id) ?? Number.NaN));
  const held = field.read(tenant, id);
  if (filter.operator === '!=') return !filter.values.some((value) => String(held) === value);
  return filter.values.some((value) => {
    if (held === undefined) return false;
    if (field.kind === 'number') return compared(Number(held), filter.operator, Number(value));
    const [a, b] = [String(held).toLowerCase(), value.toLowerCase()];
    return field.kind === 'text' && filter.operator === '=' ? a.includes(b) : a === b;
  });
}

/** Dates count by minute. A date that cannot be read is ignored, as iCIMS does: the filter then excludes nobody (CONFIRMED). */
function matchesDate({ values: [from], to, operator }: Filter, held: number): boolean {
  const minute = Math.floor(held / 60_000) * 60_000;
  const begin = from === undefined ? undefined : readDateTime(from);
  if (begin === undefined) return true;
  const end = to === undefined ? undefined : readDateTime(to);
  if (end !== undefined) return minute >= begin && minute <= end;
  return compared(minute, operator, begin);
}

function compared(a: number, operator: string, b: number): boolean {
  switch (operator) {
    case '<':
      return a < b;
    case '>':
      return a > b;
    case '<=':
      return a <= b;
    case '>=':
      return a >= b;
    default:
      return a === b;
  }
}
