import { createParameterDecorator, ID } from 'type-graphql';
import { z } from 'zod';
import { badUserInputError } from '../errors/gateway-error.js';
import { isUuid } from './uuid.js';

const PROBLEM = 'This is no id. Ids are UUIDs, as lists and results give them.';

/** An id inside an input class, for its `parsedBy` schema. */
export const idSchema = z.string().refine(isUuid, PROBLEM);

/**
 * An argument that is the id of a record: `@IdArgument('connectionId', 'The connection.') connectionId: string`.
 * A malformed id answers BAD_USER_INPUT that names the argument, before any service is asked.
 */
export function IdArgument(name: string, description: string): ParameterDecorator {
  return createParameterDecorator(({ args }) => parseId(name, args[name]), {
    arg: { name, typeFunc: () => ID, options: { description } },
  }) as ParameterDecorator;
}

/**
 * An id that is not an argument of a resolver method: in `subscribeWith`, for one.
 * @throws GatewayError BAD_USER_INPUT, naming the argument.
 */
export function parseId(argument: string, id: unknown): string {
  if (typeof id !== 'string' || !isUuid(id)) throw badUserInputError(argument, PROBLEM);
  return id.toLowerCase();
}
