import {
  GraphQLBoolean,
  GraphQLEnumType,
  type GraphQLFieldConfig,
  GraphQLFloat,
  GraphQLID,
  GraphQLInputObjectType,
  GraphQLInt,
  GraphQLInterfaceType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLSchema,
  GraphQLString,
  GraphQLUnionType,
} from 'graphql';
import { GraphQLDateTime, GraphQLJSON } from 'graphql-scalars';
import type { GatewayContext } from '../../src/context.js';
import { resolveTypesSynchronously } from '../../src/graphql/result-union.js';

interface Thing {
  readonly kind?: string;
  readonly name?: string;
  readonly age?: number;
}

const ada: Thing = { kind: 'Person', name: 'Ada', age: 36 };
const grace: Thing = { kind: 'Person', name: 'Grace', age: 85 };
const acme: Thing = { kind: 'Company', name: 'Acme' };

const nonNull = <Type extends GraphQLOutputType>(type: Type) => new GraphQLNonNull(type as never);
const field = (
  type: GraphQLOutputType,
  resolve: (source: Thing, args: Readonly<Record<string, unknown>>, context: GatewayContext) => unknown,
  args: GraphQLFieldConfig<Thing, GatewayContext>['args'] = {},
): GraphQLFieldConfig<Thing, GatewayContext> => ({ type, resolve, args });
const failing = (): never => {
  throw new Error('It broke.');
};
const rejecting = async (): Promise<never> => failing();

/** A schema with one of everything that can go differently: each kind of type, each way to fail, each way to be null. */
export function makeVariedSchema(): GraphQLSchema {
  const typeOf = (value: Thing): string => {
    if (value.kind === 'untellable') throw new Error('No idea.');
    return value.kind ?? '';
  };
  const Named = new GraphQLInterfaceType({
    name: 'Named',
    fields: { name: { type: GraphQLString } },
    resolveType: typeOf,
  });
  const Person: GraphQLObjectType = new GraphQLObjectType<Thing, GatewayContext>({
    name: 'Person',
    interfaces: [Named],
    fields: () => ({
      id: field(nonNull(GraphQLID), () => 17),
      name: { type: GraphQLString },
      age: { type: GraphQLInt },
      score: field(GraphQLFloat, async () => 1.5),
      active: field(nonNull(GraphQLBoolean), () => true),
      friends: field(new GraphQLList(nonNull(Person)), async () => [grace, ada]),
      slowFriend: field(Person, later(grace)),
      strictFriend: field(nonNull(Person), () => grace),
      strictFails: field(nonNull(GraphQLString), failing),
      strictRejects: field(nonNull(GraphQLString), rejecting),
      strictNull: field(nonNull(GraphQLString), () => null),
      greeting: field(GraphQLString, (source, { to }) => `${source.name} greets ${String(to)}`, {
        to: { type: GraphQLString },
      }),
    }),
  });
  const Company = new GraphQLObjectType<Thing, GatewayContext>({
    name: 'Company',
    interfaces: [Named],
    fields: { name: { type: GraphQLString }, title: field(GraphQLString, () => 'Acme Ltd') },
  });
  const Found = new GraphQLUnionType({ name: 'Found', types: [Person, Company], resolveType: typeOf });
  const Color = new GraphQLEnumType({ name: 'Color', values: { RED: { value: 'r' }, BLUE: { value: 'b' } } });
  const SearchInput = new GraphQLInputObjectType({
    name: 'SearchInput',
    fields: {
      text: { type: new GraphQLNonNull(GraphQLString) },
      tags: { type: new GraphQLList(new GraphQLNonNull(GraphQLString)), defaultValue: ['none'] },
      color: { type: Color },
      since: { type: GraphQLDateTime },
    },
  });
  const first = { first: { type: GraphQLInt, defaultValue: 20 } };
  const query = new GraphQLObjectType<Thing, GatewayContext>({
    name: 'Query',
    fields: {
      person: field(Person, () => ada),
      strictPerson: field(nonNull(Person), () => ada),
      people: field(nonNull(new GraphQLList(Person)), async () => [ada, null, grace]),
      strictPeople: field(new GraphQLList(nonNull(Person)), () => [ada, grace]),
      nobody: field(new GraphQLList(Person), () => []),
      promised: field(new GraphQLList(Person), () => [Promise.resolve(ada), rejecting(), Promise.resolve(null)]),
      mixed: field(new GraphQLList(GraphQLInt), () => [1, 'two', new Error('three'), null]),
      matrix: field(new GraphQLList(new GraphQLList(GraphQLInt)), () => [[1, 2], null, [3]]),
      notAList: field(new GraphQLList(GraphQLString), () => 'text'),
      slow: field(Person, later(ada)),
      found: field(new GraphQLList(Found), () => [ada, acme]),
      named: field(new GraphQLList(Named), async () => [ada, acme]),
      unknownThing: field(Found, () => ({ kind: 'Alien' })),
      untellable: field(Found, later({ kind: 'untellable' })),
      echo: field(GraphQLString, (_source, args) => JSON.stringify(args), {
        text: { type: GraphQLString, defaultValue: 'silence' },
      }),
      page: field(GraphQLInt, (_source, args) => args['first'], first),
      strictPage: field(GraphQLInt, (_source, args) => args['first'], {
        first: { type: new GraphQLNonNull(GraphQLInt) },
      }),
      fails: field(GraphQLString, failing),
      rejects: field(GraphQLString, rejecting),
      answersError: field(GraphQLString, () => new Error('It broke.')),
      throwsText: field(GraphQLString, () => {
        // biome-ignore lint/style/useThrowOnlyError: a library may do so.
        throw 'text';
      }),
      color: field(Color, (_source, { wanted }) => wanted, { wanted: { type: Color } }),
      badColor: field(Color, () => 'green'),
      moment: field(GraphQLDateTime, () => new Date(0)),
      badMoment: field(GraphQLDateTime, () => ({ year: 2026 })),
      after: field(GraphQLBoolean, (_source, { moment }) => moment instanceof Date && moment.getTime() > 0, {
        moment: { type: GraphQLDateTime },
      }),
      search: field(GraphQLString, (_source, { input }) => JSON.stringify(input), {
        input: { type: new GraphQLNonNull(SearchInput) },
      }),
      json: field(GraphQLJSON, (_source, { value }) => value, { value: { type: GraphQLJSON } }),
      requestId: field(GraphQLString, (_source, _args, context) => context.requestId),
    },
  });
  const appended: string[] = [];
  const append = async (_source: Thing, { text }: Readonly<Record<string, unknown>>): Promise<string> => {
    await Promise.resolve();
    appended.push(String(text));
    return appended.join('');
  };
  const mutation = new GraphQLObjectType<Thing, GatewayContext>({
    name: 'Mutation',
    fields: {
      append: field(GraphQLString, append, { text: { type: GraphQLString } }),
      appendFails: field(GraphQLString, failing),
      strictAppendFails: field(nonNull(GraphQLString), rejecting),
    },
  });
  const schema = new GraphQLSchema({ query, mutation });
  resolveTypesSynchronously(schema);
  return schema;
}

function later<Value>(value: Value): () => Promise<Value> {
  return async () => {
    await new Promise((resolve) => setImmediate(resolve));
    return value;
  };
}
