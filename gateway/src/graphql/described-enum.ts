import { registerEnumType } from 'type-graphql';

/**
 * Declares a GraphQL enum from the hub's own words: `describedEnum<PhoneType>('PhoneType', '...', { mobile: 'A mobile phone.' })`
 * gives `MOBILE`. The compiler asks for every word, and resolvers answer and take the hub's words as they are.
 *
 * @param values A description for each value, for the reader of the schema.
 */
export function describedEnum<Value extends string>(
  name: string,
  description: string,
  values: Readonly<Record<Value, string>>,
): Readonly<Record<string, Value>> {
  const entries = Object.entries<string>(values) as [Value, string][];
  const byName = Object.fromEntries(entries.map(([value]) => [constantCase(value), value]));
  registerEnumType(byName, {
    name,
    description,
    valuesConfig: Object.fromEntries(entries.map(([value, words]) => [constantCase(value), { description: words }])),
  });
  return byName;
}

/** `workExperience` as an enum's value: `WORK_EXPERIENCE`. */
function constantCase(word: string): string {
  return word.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase();
}
