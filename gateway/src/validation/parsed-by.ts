import type { ValidatorFn } from 'type-graphql';
import type { z } from 'zod';
import { badUserInputError } from '../errors/gateway-error.js';

const schemas = new Map<unknown, z.ZodType>();

/**
 * Says how values of an input or arguments class are checked, before any resolver sees them: `@parsedBy(zodSchema)`.
 * GraphQL has already checked what the schema says; this is for what it cannot say: bounds, formats, sizes.
 */
export function parsedBy(schema: z.ZodType): ClassDecorator {
  return (target) => {
    schemas.set(target, schema);
  };
}

/**
 * Checks one argument with the schema of its class, if it has one.
 * @throws GatewayError BAD_USER_INPUT, naming the argument.
 */
export const validateArgument: ValidatorFn = (value, type) => {
  const schema = schemas.get(type);
  if (!schema || value == null) return;
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  for (const each of values) {
    const parsed = schema.safeParse(each);
    const issue = parsed.error?.issues[0];
    if (issue) throw badUserInputError(pathOf(issue.path), issue.message);
  }
};

/** `profileIds[3]`, `credentials.apiKey`. */
function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`))
    .join('');
}
