import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import type { Asker, RunningSystem } from './running-system.ts';

/** Runs the typed documents of the schema package against a system, as a front end would. */
export type TypedClient = <Result, Variables extends Readonly<Record<string, unknown>>>(
  document: TypedDocumentNode<Result, Variables>,
  variables: Variables,
) => Promise<Result>;

/** @throws Error with the whole answer when the operation failed; errors that are data are the test's business. */
export function typedClient(system: RunningSystem, as: Asker): TypedClient {
  return async (document, variables) => {
    const answer = await system.query(print(document), variables, as);
    if (answer.errors || !answer.data) throw new Error(`The operation failed: ${answer.text}`);
    return answer.data;
  };
}

/** The success of a result union. @throws Error with the message of the error that came instead. */
export function succeeded<
  Result extends { readonly __typename?: string },
  Name extends NonNullable<Result['__typename']>,
>(result: Result, name: Name): Extract<Result, { readonly __typename: Name }> {
  if (result.__typename !== name) throw new Error(`Instead of ${name} came ${JSON.stringify(result)}`);
  return result as Extract<Result, { readonly __typename: Name }>;
}
