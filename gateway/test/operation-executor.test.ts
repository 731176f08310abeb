import { type ExecutionResult, execute, parse, validate } from 'graphql';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { GatewayContext } from '../src/context.js';
import { ErrorPresenter } from '../src/errors/error-presenter.js';
import { OperationExecutor } from '../src/graphql/operation-executor.js';
import { makeVariedSchema } from './support/varied-schema.js';

const context = (): GatewayContext =>
  new GatewayContext(undefined, 'test', new AbortController().signal, { openScope: unused, instanceOf: unused });

function unused(): never {
  throw new Error('not used');
}

interface Case {
  readonly name: string;
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
  /** Not compiled, because the compiler gets it wrong. */
  readonly interpreted?: true;
  /** A failure makes a parent null, and another one below the same parent is reported too: the specification leaves that open. */
  readonly mayReportMore?: true;
}

const cases: readonly Case[] = [
  { name: 'plain fields', query: '{ person { name age score active id } }' },
  { name: 'aliases of one field with different arguments', query: '{ a: echo(text: "1") b: echo(text: "2") }' },
  { name: 'default arguments', query: '{ echo page }' },
  { name: 'null arguments', query: '{ echo(text: null) }' },
  { name: 'a list', query: '{ people { name friends { name } } }' },
  { name: 'a list of lists', query: '{ matrix }' },
  { name: 'a list with a failing item', query: '{ mixed }' },
  { name: 'a list with promises', query: '{ promised { name } }' },
  { name: 'an empty list', query: '{ nobody { name } }' },
  { name: 'something that is no list', query: '{ notAList }' },
  { name: 'a nullable field that throws', query: '{ fails page }' },
  { name: 'a nullable field that rejects', query: '{ rejects page }' },
  { name: 'a nullable field that answers an error', query: '{ answersError page }' },
  { name: 'a field that throws no error', query: '{ throwsText page }' },
  { name: 'a non-null field that throws', query: '{ person { name strictFails } page }' },
  { name: 'a non-null field that rejects', query: '{ person { name strictRejects } page }' },
  { name: 'a non-null field that is null', query: '{ person { name strictNull } page }' },
  { name: 'a null deep in non-null fields', query: '{ strictPerson { strictFriend { strictNull } } page }' },
  {
    name: 'a null in a list of non-null items',
    query: '{ strictPeople { name strictNull } page }',
    mayReportMore: true,
  },
  { name: 'two failures at once', query: '{ person { strictFails strictNull } fails rejects }', mayReportMore: true },
  { name: 'unions', query: '{ found { __typename ... on Person { name } ... on Company { title } } }' },
  { name: 'a union with a fragment that fits nothing', query: '{ found { ... on Person { name } } }' },
  { name: 'an interface inside a union', query: '{ found { ... on Named { name } __typename } }' },
  { name: 'interfaces', query: '{ named { __typename name ... on Company { title } } }' },
  { name: 'a value of no known type', query: '{ unknownThing { __typename } page }' },
  { name: 'an abstract type whose type cannot be told', query: '{ untellable { __typename } page }' },
  { name: 'enums', query: '{ color(wanted: RED) }' },
  { name: 'an enum with an unknown value', query: '{ badColor page }' },
  { name: 'a custom scalar out', query: '{ moment }' },
  { name: 'a custom scalar that cannot be shown', query: '{ badMoment page }' },
  { name: 'a custom scalar as a literal', query: '{ after(moment: "2026-01-02T03:04:05Z") }' },
  {
    name: 'a custom scalar as a variable',
    query: 'query ($m: DateTime!) { after(moment: $m) }',
    variables: { m: '2026-01-02T03:04:05Z' },
  },
  {
    name: 'a custom scalar inside an input',
    query: 'query ($i: SearchInput!) { search(input: $i) }',
    variables: { i: { text: 'x', since: '2026-01-02T03:04:05Z' } },
  },
  {
    name: 'an input as a literal',
    query: '{ search(input: { text: "a\\"b\\\\ \\u2028 ${x} `y`", tags: ["p", "q"], color: RED }) }',
  },
  {
    name: 'an input with a variable inside',
    query: 'query ($t: String!, $n: [String!]) { search(input: { text: $t, tags: $n }) }',
    variables: { t: 'hello', n: ['a'] },
    interpreted: true,
  },
  {
    name: 'an input with a variable that was not given',
    query: 'query ($t: String!, $n: [String!]) { search(input: { text: $t, tags: $n }) }',
    variables: { t: 'hello' },
    interpreted: true,
  },
  {
    name: 'a variable inside a list',
    query: 'query ($c: Color) { search(input: { text: "a", tags: ["b"], color: $c }) }',
    interpreted: true,
  },
  { name: 'one value where a list is taken', query: '{ search(input: { text: "a", tags: "one" }) }' },
  {
    name: 'JSON',
    query: 'query ($j: JSON) { json(value: $j) literal: json(value: { a: [1, 2.5, true, null, "x"] }) }',
    variables: { j: { deep: [{ x: 1 }], __proto__: 1 } },
  },
  { name: 'a missing variable', query: 'query ($t: String!) { echo(text: $t) }' },
  { name: 'a null variable', query: 'query ($t: String!) { echo(text: $t) }', variables: { t: null } },
  { name: 'a variable of the wrong type', query: 'query ($n: Int!) { page(first: $n) }', variables: { n: 'many' } },
  {
    name: 'several wrong variables',
    query: 'query ($n: Int!, $i: SearchInput!) { page(first: $n) search(input: $i) }',
    variables: { n: 1.5, i: { colour: 'RED' } },
  },
  { name: 'a variable default', query: 'query ($n: Int = 7) { page(first: $n) }' },
  {
    name: 'null for a variable with a default',
    query: 'query ($n: Int = 7) { page(first: $n) }',
    variables: { n: null },
  },
  { name: 'a large number', query: 'query ($n: Int) { page(first: $n) }', variables: { n: 3_000_000_000 } },
  {
    name: '@skip and @include',
    query:
      'query ($y: Boolean!, $n: Boolean!) { a: page @skip(if: $y) b: page @include(if: $y) person @include(if: $n) { name } }',
    variables: { y: true, n: false },
  },
  { name: '@skip as a literal', query: '{ a: page @skip(if: true) b: page @skip(if: false) }' },
  {
    name: '@include on a fragment that is also spread elsewhere',
    query:
      'query ($y: Boolean!) { person { ...F @include(if: $y) } strictPerson { ...F } } fragment F on Person { name age }',
    variables: { y: false },
  },
  {
    name: '@include on inline fragments of the same field',
    query:
      'query ($y: Boolean!) { person { ... @include(if: $y) { name } ... @skip(if: $y) { age } name @include(if: $y) } }',
    variables: { y: false },
  },
  {
    name: '@skip on a field that is also selected plainly',
    query: 'query ($y: Boolean!) { person { name @skip(if: $y) name } }',
    variables: { y: true },
  },
  {
    name: 'nested fragments with conditions',
    query:
      'query ($a: Boolean!, $b: Boolean!) { person { ...A @include(if: $a) ...B } } fragment A on Person { friends { ...B @skip(if: $b) } } fragment B on Person { name }',
    variables: { a: true, b: true },
  },
  { name: 'merged selections', query: '{ person { friends { name } } person { friends { age } name } }' },
  {
    name: 'fragments in fragments',
    query: '{ person { ...A } } fragment A on Person { ...B friends { ...B } } fragment B on Named { name }',
  },
  { name: '__typename', query: '{ __typename person { __typename t: __typename } }' },
  {
    name: 'introspection',
    query:
      '{ __schema { queryType { name } } __type(name: "Person") { fields { name type { kind ofType { name } } } } }',
  },
  { name: 'one of several operations', query: 'query A { page } query B { echo(text: "b") }', operationName: 'B' },
  { name: 'mutations in order', query: 'mutation { a: append(text: "a") b: append(text: "b") c: append(text: "c") }' },
  {
    name: 'mutations with a failure in between',
    query: 'mutation { a: append(text: "a") b: appendFails c: append(text: "c") }',
  },
  {
    name: 'a non-null mutation that fails',
    query: 'mutation { a: append(text: "a") b: strictAppendFails c: append(text: "c") }',
  },
  {
    name: 'asynchronous fields below asynchronous fields',
    query: '{ slow { name slowFriend { name slowFriend { strictNull } } } page }',
  },
  { name: 'the context and the source', query: '{ requestId person { greeting(to: "you") } }' },
  {
    name: 'an argument that a variable makes null',
    query: 'query ($n: Int = 3) { strictPage(first: $n) page }',
    variables: { n: null },
  },
];

describe('compiled operations answer as graphql-js does', () => {
  it.each(cases)('$name', async ({ query, variables = {}, operationName, interpreted, mayReportMore }) => {
    const document = parse(query);
    const schema = makeVariedSchema();
    expect(validate(schema, document)).toEqual([]);
    const expected = read(
      await execute({ schema, document, variableValues: variables, operationName, contextValue: context() }),
    );

    const executor = new OperationExecutor(makeVariedSchema(), { compileAtUse: 1 });
    const operation = { document: parse(query), operationName, variables, context: context() };
    const actual = read(await executor.execute(operation));

    expect(actual.data).toEqual(expected.data);
    if (mayReportMore) expect(actual.errors).toEqual(expect.arrayContaining([...expected.errors]));
    else expect(actual.errors).toEqual(expected.errors);
    expect(executor.compilations).toEqual(
      interpreted ? { compiled: 0, impossible: 1 } : { compiled: 1, impossible: 0 },
    );
    // A query once more, because the second run finds what the first has left behind.
    if (!query.startsWith('mutation')) {
      expect(read(await executor.execute({ ...operation, context: context() }))).toEqual(actual);
    }
  });
});

it('compiles a document when it comes the second time', async () => {
  const executor = new OperationExecutor(makeVariedSchema());
  const operation = { document: parse('{ page }'), operationName: undefined, variables: {}, context: context() };
  await executor.execute(operation);
  expect(executor.compilations.compiled).toBe(0);
  await executor.execute(operation);
  await executor.execute(operation);
  expect(executor.compilations.compiled).toBe(1);
});

const presenter = new ErrorPresenter({ logger: pino({ level: 'silent' }), revealInternals: false, suggestNames: true });

/** What a client reads, except the order of errors, which no specification promises, and ids made up for the log. */
function read(result: ExecutionResult): { readonly data: unknown; readonly errors: readonly unknown[] } {
  const errors = presenter.presentAll(result.errors ?? []).map(({ message, path, extensions }) => {
    // What is wrong with a variable is said in our words, without its value.
    return { ...(result.data === undefined ? {} : { message }), path, code: extensions?.['code'] };
  });
  const key = (error: object): string => JSON.stringify(error);
  return {
    data: result.data === undefined ? 'absent' : JSON.parse(JSON.stringify(result.data)),
    errors: errors.sort((a, b) => key(a).localeCompare(key(b))),
  };
}
