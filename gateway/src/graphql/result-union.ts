import { type GraphQLSchema, isInterfaceType, isUnionType } from 'graphql';
import { type ClassType, createUnionType } from 'type-graphql';

/** A union whose members are told apart by looking at plain data. */
export interface ResultUnionOptions<Types extends readonly ClassType[], Value> {
  readonly name: string;
  readonly description: string;
  /** The object types, as classes. */
  readonly types: () => Types;
  /** The name of the GraphQL type that a value of the hub is shown as. */
  readonly typeOf: (value: Value) => string;
}

const typeNames = new Map<string, (value: unknown) => string>();

/**
 * Declares a result union over plain data. `createUnionType` alone tells instances of classes apart, and with a
 * `resolveType` of its own becomes asynchronous, which the compiler of operations does not wait for.
 */
export function createResultUnion<const Types extends readonly ClassType[], Value>(
  options: ResultUnionOptions<Types, Value>,
): ReturnType<typeof createUnionType<Types>> {
  const { name, description, types } = options;
  typeNames.set(name, options.typeOf as (value: unknown) => string);
  return createUnionType<Types>({ name, description, types });
}

/**
 * Makes telling types apart synchronous and unable to throw, for every union and interface of a schema: within a compiled
 * operation a promise would not be awaited, and an exception would leave the request without an answer. A value of no
 * known type becomes an error of its field.
 * @throws Error when a type can only be told asynchronously: declare it with `createResultUnion`.
 */
export function resolveTypesSynchronously(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isUnionType(type) && !isInterfaceType(type)) continue;
    const typeOf = typeNames.get(type.name);
    const original = type.resolveType;
    if (!typeOf && original?.constructor.name === 'AsyncFunction') {
      throw new Error(`${type.name} has an asynchronous resolveType. Declare it with createResultUnion.`);
    }
    type.resolveType = (value, context, info, abstractType) => {
      try {
        return typeOf ? typeOf(value) : (original?.(value, context, info, abstractType) ?? undefined);
      } catch {
        // "No type" is an error of the field, with its path; the exception would only say the same.
        return undefined;
      }
    };
  }
}
