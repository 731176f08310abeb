import { z } from 'zod';
import { GatewayError, GatewayErrorCode } from '../errors/gateway-error.js';

const parameters = z.object({
  query: z.string().min(1),
  operationName: z.string().nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  extensions: z.record(z.string(), z.unknown()).nullish(),
});

/** What GraphQL over HTTP calls a request. */
export interface RequestParameters {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * Reads the parameters of a POST body.
 * @throws GatewayError BAD_REQUEST, naming the parameter.
 */
export function readBody(body: unknown): RequestParameters {
  if (Array.isArray(body)) {
    throw new GatewayError(
      GatewayErrorCode.BAD_REQUEST,
      'Several operations in one request are not accepted. Send one operation in each request.',
    );
  }
  const read = parameters.safeParse(body);
  if (!read.success) {
    const issue = read.error.issues[0];
    const name = issue?.path[0];
    throw new GatewayError(
      GatewayErrorCode.BAD_REQUEST,
      typeof name === 'string'
        ? `The parameter ${name} ${name === 'query' ? 'must be a text with a GraphQL document' : `must be ${name === 'operationName' ? 'a text' : 'an object'} or left out`}.`
        : 'The body must be a JSON object with a GraphQL document in `query`.',
    );
  }
  const { query, operationName, variables } = read.data;
  return { query, operationName: operationName ?? undefined, variables: variables ?? {} };
}

/**
 * Reads the parameters of a GET request, where objects are JSON texts.
 * @throws GatewayError BAD_REQUEST, naming the parameter.
 */
export function readQuery(search: Readonly<Record<string, unknown>>): RequestParameters {
  return readBody({
    query: search['query'],
    operationName: search['operationName'],
    variables: readJson('variables', search['variables']),
    extensions: readJson('extensions', search['extensions']),
  });
}

function readJson(name: string, text: unknown): unknown {
  if (typeof text !== 'string' || text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new GatewayError(GatewayErrorCode.BAD_REQUEST, `The parameter ${name} is not JSON.`);
  }
}
