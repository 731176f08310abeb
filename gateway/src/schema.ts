import type { GraphQLSchema } from 'graphql';
import { GraphQLDateTime } from 'graphql-scalars';
import { buildSchema, type NonEmptyArray, type PubSub } from 'type-graphql';
import { authorize } from './auth/authorize.js';
import { resolveTypesSynchronously } from './graphql/result-union.js';
import { resolvers as allResolvers, type ResolverClass } from './resolvers.js';
import { validateArgument } from './validation/parsed-by.js';

/** Gives an instance of a resolver class: the composition root's container. */
export interface ResolverContainer {
  get(resolver: ResolverClass): object;
}

/** What the schema is made of. */
export interface SchemaOptions {
  /** Absent: instances are made without arguments, which is enough to print the schema. */
  readonly container?: ResolverContainer | undefined;
  /** Absent: all of them. */
  readonly resolvers?: NonEmptyArray<ResolverClass> | undefined;
}

/** Builds the schema from the decorated resolvers. */
export async function buildGatewaySchema({
  container,
  resolvers = allResolvers,
}: SchemaOptions = {}): Promise<GraphQLSchema> {
  const schema = await buildSchema({
    resolvers,
    authChecker: authorize,
    // Inputs are checked with zod; see parsed-by.ts.
    validate: false,
    validateFn: validateArgument,
    pubSub: noTopics,
    scalarsMap: [{ type: Date, scalar: GraphQLDateTime }],
    ...(container ? { container: { get: (resolver: ResolverClass) => container.get(resolver) } } : {}),
  });
  resolveTypesSynchronously(schema);
  return schema;
}

/**
 * TypeGraphQL wants one as soon as there is a subscription. Ours give their own iterables, from the hub's notifications,
 * which reach every process; a topic in this process' memory would not.
 */
const noTopics: PubSub = {
  publish() {
    throw new Error('Nothing is published in the gateway: announce it in the hub.');
  },
  subscribe() {
    throw new Error('A subscription must give an async iterable of the hub in `subscribe`.');
  },
};
