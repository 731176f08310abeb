import { fileURLToPath } from 'node:url';
import { OpenAPIBackend, type OpenAPIRouter, OpenAPIValidator, type Operation } from 'openapi-backend';
import type { Exchange } from './recording-proxy.js';

const DOCUMENT = fileURLToPath(new URL('../openapi/smartrecruiters.openapi.yaml', import.meta.url));

/** On every answer (SmartRecruiters sheet §13, CONFIRMED); the document does not repeat them for refusals. */
const ALWAYS = [
  'x-ratelimit-limit',
  'x-ratelimit-remaining',
  'x-ratelimit-concurrent-limit',
  'x-ratelimit-concurrent-remaining',
];

type Ajv = Parameters<NonNullable<ConstructorParameters<typeof OpenAPIBackend>[0]['customizeAjv']>>[0];

/** What knows the document. */
interface Api {
  readonly router: OpenAPIRouter;
  readonly validator: OpenAPIValidator;
}

/** The OpenAPI document of SmartRecruiters' API, and what an exchange does that it does not describe. */
export interface OpenApiContract {
  /** Every breach of the document, as a sentence. Empty: the exchange keeps to it. */
  breaches(exchange: Exchange): Promise<readonly string[]>;
  /** Method and path template of the operation that a path belongs to, as `GET /jobs/{jobId}`. */
  endpointOf(method: string, path: string): string | undefined;
  /** The properties that a schema of the document requires, by its name. */
  required(schema: string): readonly string[];
}

/**
 * Loads the document into a validator that shares nothing with the plugin or the simulator. Bodies of requests are held
 * to the properties that the document names, which OpenAPI by itself would not do: a misspelt property is lost at the vendor.
 */
export async function loadOpenApiContract(): Promise<OpenApiContract> {
  // Reads the document and validates it, but validates exchanges against what it says before bodies are closed.
  const { definition, router } = await new OpenAPIBackend({
    definition: DOCUMENT,
    strict: true,
    customizeAjv: withFormats,
  }).init();
  for (const item of Object.values(definition.paths ?? {})) {
    for (const { requestBody } of Object.values(item ?? {}) as Operation[]) {
      if (requestBody === undefined || '$ref' in requestBody) continue;
      for (const media of Object.values(requestBody.content)) Object.assign(media, { schema: closed(media.schema) });
    }
  }
  const validator = new OpenAPIValidator({
    definition,
    router,
    ajvOpts: { strict: false, allErrors: true },
    customizeAjv: withFormats,
    lazyCompileValidators: true,
    coerceTypes: true,
  });
  return {
    breaches: (exchange) => breachesOf({ router, validator }, exchange),
    endpointOf(method, path) {
      const operation = router.matchOperation({ method, path, headers: {} });
      return operation && `${method} ${operation.path}`;
    },
    required(name) {
      const schema: unknown = definition.components?.schemas?.[name];
      if (typeof schema !== 'object' || schema === null) throw new Error(`The document has no schema ${name}.`);
      return 'required' in schema && Array.isArray(schema.required) ? schema.required : [];
    },
  };
}

function withFormats(ajv: Ajv): Ajv {
  return ajv.addFormat('date-time', isDateTime).addFormat('uri', URL.canParse);
}

async function breachesOf(api: Api, exchange: Exchange): Promise<readonly string[]> {
  const { method, target, headers, answer } = exchange;
  const [path = '', query = ''] = target.split('?');
  const request = { method: method.toLowerCase(), path, query, headers: { ...headers } };
  const operation = api.router.matchOperation(request);
  if (!operation) return [`${method} ${path} is no operation`];
  const name = `${method} ${operation.path}`;
  const body = await readBody(exchange);
  const asked = api.validator.validateRequest(body === undefined ? request : { ...request, body }, operation);
  return [
    ...(asked.errors ?? []).map(({ instancePath, message }) => `${name}: request${instancePath} ${message}`),
    ...mediaTypeBreaches(name, operation, headers['content-type']),
    ...answerBreaches(api, name, operation, answer),
    ...ALWAYS.filter((header) => !/^\d+$/.test(answer.headers[header] ?? '')).map(
      (header) => `${name}: the answer lacks ${header}`,
    ),
  ];
}

function mediaTypeBreaches(name: string, { requestBody }: Operation, contentType = ''): readonly string[] {
  if (requestBody === undefined || '$ref' in requestBody) return contentType === '' ? [] : [`${name}: takes no body`];
  const [mediaType = ''] = contentType.split(';');
  return mediaType in requestBody.content ? [] : [`${name}: takes no ${mediaType || 'empty body'}`];
}

function answerBreaches(
  api: Api,
  name: string,
  operation: Operation,
  { status, headers, body }: Exchange['answer'],
): readonly string[] {
  const declared = operation.responses?.[String(status)];
  if (declared === undefined || '$ref' in declared) return [`${name}: does not answer ${status}`];
  if (declared.content === undefined) return body.length === 0 ? [] : [`${name}: ${status} has no body`];
  const [mediaType = ''] = (headers['content-type'] ?? '').split(';');
  // A file of any kind: what is in it is nobody's business.
  if ('*/*' in declared.content) return mediaType === '' ? [`${name}: ${status} says not what it is`] : [];
  if (!(mediaType in declared.content)) return [`${name}: ${status} is no ${mediaType}`];
  const { errors } = api.validator.validateResponse(JSON.parse(body.toString()), operation, status);
  return (errors ?? []).map(({ instancePath, message }) => `${name}: answer${instancePath} ${message}`);
}

/** The body as a value: JSON as it is, a multipart form by its fields, a file by its content. */
async function readBody({ headers, body }: Exchange): Promise<unknown> {
  const { 'content-type': contentType = '' } = headers;
  if (body.length === 0) return undefined;
  if (contentType.startsWith('application/json')) return JSON.parse(body.toString());
  if (!contentType.startsWith('multipart/form-data')) return undefined;
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
  const entries = [...form].map(async ([name, value]) => [
    name,
    typeof value === 'string' ? value : await value.text(),
  ]);
  return Object.fromEntries(await Promise.all(entries));
}

/** The same schema without room for properties that it does not name. */
function closed(schema: unknown): unknown {
  if (typeof schema !== 'object' || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map(closed);
  const inner = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, closed(value)]));
  return 'properties' in inner && !('additionalProperties' in inner)
    ? { ...inner, additionalProperties: false }
    : inner;
}

function isDateTime(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.test(text) && !Number.isNaN(Date.parse(text))
  );
}
