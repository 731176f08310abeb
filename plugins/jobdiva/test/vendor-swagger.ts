import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import { z } from 'zod';

type JsonSchema = Readonly<Record<string, unknown>>;

const bodySchema = z.object({ required: z.array(z.string()), properties: z.record(z.string(), z.unknown()) });
const document = z
  .object({ endpoints: z.record(z.string(), z.record(z.string(), z.object({ body: bodySchema.nullable() }))) })
  .parse(JSON.parse(readFileSync(new URL('../openapi/jobdiva-v2-swagger-extract.json', import.meta.url), 'utf8')));

const ajv = new Ajv({ allErrors: true, strict: false });
const validators = new Map<string, ValidateFunction>();

/** What the vendor's Swagger has against a body: unknown fields, which JobDiva would ignore silently, are problems too. */
export function bodyProblems(method: string, body: unknown): readonly string[] {
  const validate = validators.get(method) ?? ajv.compile(closed({ type: 'object', ...requireBody(method) }));
  validators.set(method, validate);
  validate(body);
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

/** Names of all fields that the Swagger gives a body. */
export function bodyFields(method: string): readonly string[] {
  return Object.keys(requireBody(method).properties);
}

/** Whether the extract has this method. */
export function isInSwagger(method: string): boolean {
  return bodyOf(method) !== undefined;
}

function requireBody(method: string): z.output<typeof bodySchema> {
  const body = bodyOf(method);
  if (!body) throw new Error(`The extract has no body for ${method}.`);
  return body;
}

function bodyOf(method: string): z.output<typeof bodySchema> | undefined {
  return document.endpoints[`/apiv2/jobdiva/${method}`]?.['post']?.body ?? undefined;
}

/** The same schema, in which no object has fields that it does not name. */
function closed(schema: JsonSchema): JsonSchema {
  const { properties, items } = schema;
  return {
    ...schema,
    ...(isSchema(items) ? { items: closed(items) } : {}),
    ...(isSchema(properties)
      ? {
          additionalProperties: false,
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, inner]) => [name, isSchema(inner) ? closed(inner) : inner]),
          ),
        }
      : {}),
  };
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null;
}
