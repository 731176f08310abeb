import type { z } from 'zod';
import { badRequest } from './refusal.js';

/**
 * Reads a body as JobDiva does: a field that it does not know is ignored without a word (JobDiva sheet §1, CONFIRMED), a
 * value of the wrong type is a bad request.
 *
 * @param ignored Is told each field that was ignored, by its path.
 * @throws Refusal with status 400
 */
export function readBody<Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
  ignored: (field: string) => void,
): z.output<Schema> {
  const known = structuredClone(body);
  const first = schema.safeParse(known);
  if (first.success) return first.data;
  for (const issue of first.error.issues) {
    if (issue.code !== 'unrecognized_keys') continue;
    for (const key of issue.keys) {
      ignored([...issue.path, key].map(String).join('.'));
      const parent = issue.path.reduce<unknown>((value, step) => Reflect.get(Object(value), step), known);
      Reflect.deleteProperty(Object(parent), key);
    }
  }
  const second = schema.safeParse(known);
  if (second.success) return second.data;
  const [issue] = second.error.issues;
  throw badRequest(issue === undefined || issue.path.length === 0 ? 'Malformed JSON request' : typeErrorOf(issue));
}

function typeErrorOf({ path }: z.core.$ZodIssue): string {
  return `${path.map(String).join('.')} parameter is of the wrong type`;
}
