import {
  astFromValue,
  buildClientSchema,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getIntrospectionQuery,
  getNamedType,
  isLeafType,
  isRequiredArgument,
  isUnionType,
  print,
} from 'graphql';
import type { Asker, RunningSystem } from './running-system.ts';

/** Limits under which whole operations are admitted: for `SystemOptions.settings`. */
export const WIDE_LIMITS = {
  LIMIT_TOKENS: '100000',
  LIMIT_DEPTH: '50',
  LIMIT_ALIASES: '5000',
  LIMIT_COST: '10000000',
} as const;

/** Items of each list that a whole operation asks for. */
const ITEMS = 10;

/** A field of the API that a client can ask for. */
export interface RootField {
  readonly kind: 'query' | 'mutation' | 'subscription';
  readonly name: string;
  readonly args: readonly GraphQLArgument[];
  /** An operation that passes every argument as a variable of its name and selects everything there is. */
  readonly document: string;
}

/** The schema, as the running gateway describes it. */
export async function introspect(system: RunningSystem, as: Asker): Promise<GraphQLSchema> {
  const { data, text } = await system.query(getIntrospectionQuery({ inputValueDeprecation: true }), {}, as);
  if (!data) throw new Error(text);
  return buildClientSchema(data);
}

/** Every query, mutation and subscription, in this order. */
export function rootFields(schema: GraphQLSchema): readonly RootField[] {
  const of = (kind: RootField['kind'], type: GraphQLObjectType | null | undefined): readonly RootField[] =>
    Object.values(type?.getFields() ?? {}).map((field) => ({
      kind,
      name: field.name,
      args: field.args,
      document: wholeOperation(schema, kind, field),
    }));
  return [
    ...of('query', schema.getQueryType()),
    ...of('mutation', schema.getMutationType()),
    ...of('subscription', schema.getSubscriptionType()),
  ];
}

function wholeOperation(
  schema: GraphQLSchema,
  kind: RootField['kind'],
  { name, args, type }: GraphQLField<unknown, unknown>,
): string {
  const declared = args.map((argument) => `$${argument.name}: ${argument.type}${defaultOf(argument)}`).join(', ');
  const passed = args.map((argument) => `${argument.name}: $${argument.name}`).join(', ');
  return `${kind} ${args.length > 0 ? `(${declared}) ` : ''}{ ${name}${args.length > 0 ? `(${passed})` : ''}${selection(schema, type, [])} }`;
}

/** A variable that is not given must leave the argument's default in force, also where the argument takes no null. */
function defaultOf({ defaultValue, type }: GraphQLArgument): string {
  if (typeof defaultValue === 'number') return ` = ${ITEMS}`;
  const literal = defaultValue === undefined ? undefined : astFromValue(defaultValue, type);
  return literal ? ` = ${print(literal)}` : '';
}

/** Everything below a type. A type within itself is left out, so that it ends. */
function selection(schema: GraphQLSchema, output: GraphQLOutputType, above: readonly string[]): string {
  const type = getNamedType(output);
  if (isLeafType(type)) return '';
  if (isUnionType(type)) {
    // Under names of their own: two members may have fields of one name and different types.
    const members = type
      .getTypes()
      .map((member) => `... on ${member.name} { ${fieldsOf(schema, member, above, `${member.name}_`)} }`);
    return ` { __typename ${members.join(' ')} }`;
  }
  return ` { __typename ${fieldsOf(schema, type as GraphQLObjectType, above, '')} }`;
}

function fieldsOf(schema: GraphQLSchema, type: GraphQLObjectType, above: readonly string[], prefix: string): string {
  const path = [...above, type.name];
  return Object.values(type.getFields())
    .filter((field) => !field.args.some(isRequiredArgument) && !path.includes(getNamedType(field.type).name))
    .map((field) => {
      const first = field.args.some(({ name }) => name === 'first') ? `(first: ${ITEMS})` : '';
      const alias = prefix === '' ? '' : `${prefix}${field.name}: `;
      return `${alias}${field.name}${first}${selection(schema, field.type, path)}`;
    })
    .join(' ');
}
