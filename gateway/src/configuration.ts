import { z } from 'zod';
import { DEFAULT_LIMITS } from './graphql/operation-limits.js';

const flag = z.enum(['on', 'off']).transform((value) => value === 'on');
const port = z.coerce.number().int().min(0).max(65_535);
const count = z.coerce.number().int().positive();
/** With a fifth more of jitter, this is a day. */
const MOST_MINUTES_BETWEEN_SYNCS = 1200;
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== ''),
);

/** Every environment variable of the gateway. The table in gateway/README.md is compared with it by a test. */
export const environmentVariables = z.object({
  NODE_ENV: z
    .enum(['development', 'test', 'production'])
    .default('development')
    .describe('`production` closes introspection, suggestions, stack traces, GraphiQL and the development issuer.'),
  HOST: z.string().optional().describe('Address to listen on. Default: 127.0.0.1, in production 0.0.0.0.'),
  PORT: port.default(4000).describe('Port to listen on; 0 takes any free one. Default: 4000.'),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'Where vendors reach this deployment from outside, such as `https://hub.example.com`: webhooks arrive below it. Default: none, so that changes are found by polling alone; `npm start` takes the address that it listens on.',
    ),
  TRUST_PROXY: flag
    .default(false)
    .describe('`on` behind a reverse proxy that sets `x-forwarded-*` headers. Default: off.'),
  AUTH_JWKS_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Where the host platform publishes its identity provider's public keys (JWKS). Needed in production."),
  AUTH_ISSUER: z.string().min(1).optional().describe('The `iss` that a token must have. Needed with AUTH_JWKS_URL.'),
  AUTH_AUDIENCE: z.string().min(1).optional().describe('The `aud` that a token must have. Needed with AUTH_JWKS_URL.'),
  AUTH_ORGANIZATION_CLAIM: z
    .string()
    .min(1)
    .default('organization_id')
    .describe("The claim with the organization's UUID: a name, or a path with dots. Default: organization_id."),
  AUTH_ROLES_CLAIM: z
    .string()
    .min(1)
    .default('roles')
    .describe('The claim with the roles: an array or a text with spaces. A name, or a path with dots. Default: roles.'),
  CORS_ORIGINS: list
    .optional()
    .describe(
      'Origins of front ends, with commas between them; `*` for any. Default: none; in development those on localhost.',
    ),
  BODY_LIMIT: count.default(1_048_576).describe('Largest GraphQL request in bytes. Default: 1048576 (1 MiB).'),
  IMPORT_LIMIT: count
    .default(1_073_741_824)
    .describe('Largest file that the routes below `/imports` take, in bytes. Default: 1073741824 (1 GiB).'),
  LIMIT_TOKENS: count
    .default(DEFAULT_LIMITS.maxTokens)
    .describe(`Most lexical tokens of a document. Default: ${DEFAULT_LIMITS.maxTokens}.`),
  LIMIT_DEPTH: count
    .default(DEFAULT_LIMITS.maxDepth)
    .describe(`Most fields inside each other. Default: ${DEFAULT_LIMITS.maxDepth}.`),
  LIMIT_ALIASES: count
    .default(DEFAULT_LIMITS.maxAliases)
    .describe(`Most aliases of an operation. Default: ${DEFAULT_LIMITS.maxAliases}.`),
  LIMIT_DIRECTIVES: count
    .default(DEFAULT_LIMITS.maxDirectives)
    .describe(`Most directives of an operation. Default: ${DEFAULT_LIMITS.maxDirectives}.`),
  LIMIT_COST: count
    .default(DEFAULT_LIMITS.maxCost)
    .describe(
      `Most fields that an operation may have to resolve, pages multiplied by their size. Default: ${DEFAULT_LIMITS.maxCost}.`,
    ),
  METRICS: flag.optional().describe('`on` or `off`: /metrics for Prometheus. Default: on; in production off.'),
  METRICS_TOKEN: z
    .string()
    .min(16)
    .optional()
    .describe('When set, /metrics asks for it as a bearer token. At least 16 characters.'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('How much is logged, as JSON lines on standard output. Default: info.'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .describe(
      'PostgreSQL, as a role that may create tables and roles. Needed but for `npm start`, which brings its own.',
    ),
  ENCRYPTION_KEYS: z
    .string()
    .optional()
    .describe(
      'Keys that seal credentials: `id:base64` of 32 bytes each, with commas between them, the current one first. Needed but for `npm start`, which makes one.',
    ),
  FILE_STORE: z
    .string()
    .optional()
    .describe(
      'Where files lie, the same for all processes: `disk:<folder>`, or `s3://bucket/prefix` with the credentials that the AWS SDK finds. Needed but for `npm start`, which keeps them in its data directory.',
    ),
  FILE_STORE_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('For `s3://`: the URL of an object store that speaks S3. Default: that of AWS.'),
  AWS_REGION: z
    .string()
    .min(1)
    .optional()
    .describe('For `s3://`: the region. Default: as the AWS SDK finds it; with FILE_STORE_ENDPOINT us-east-1.'),
  FETCH_FILES: z
    .enum(['lazy', 'eager'])
    .default('lazy')
    .describe(
      'When the files of mirrored candidates are fetched: `lazy`, once somebody wants to see one, or `eager`, after each page of a sync. Default: lazy.',
    ),
  SYNC_MINUTES: count
    .max(MOST_MINUTES_BETWEEN_SYNCS)
    .default(60)
    .describe(
      `Minutes between two syncs of a connection, give or take a fifth; webhooks bring what they tell of in between. At most ${MOST_MINUTES_BETWEEN_SYNCS}, so that changes are looked for at least daily. Default: 60.`,
    ),
  SYNC_DELETION_PERCENT: z.coerce
    .number()
    .min(0)
    .max(100)
    .default(10)
    .describe(
      'A sync that would delete more than one candidate or job, and more than so many percent of them, stops and asks an admin. Default: 10.',
    ),
  SEARCH_INDEX_DIR: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Folder on a disk of this machine, for the indexes of this process alone: two processes never share one. Default: a folder that goes with the process, so that each start writes the indexes anew; `npm start` keeps them in its data directory.',
    ),
  SEARCH_OPEN_LIMIT: count
    .default(64)
    .describe(
      'Organizations whose search indexes a process keeps open at once; beyond it those are closed that nobody has searched for the longest. Default: 64.',
    ),
  SEARCH_CACHE_MIB: count
    .default(384)
    .describe(
      'MiB of memory that all open search indexes of a process share for what searches found before and for pages of their files, besides some 800 bytes a candidate. Default: 384.',
    ),
  SEARCH_TIME_LIMIT_SECONDS: z.coerce
    .number()
    .positive()
    .default(5)
    .describe(
      'How long one search may take. A longer one is given up, and its answer says which part of the query took longest. Default: 5.',
    ),
  SMALL_GROUP_LIMIT: count
    .default(5)
    .describe('The fewest people whom a count of self-declared attributes may tell of. Default: 5.'),
  DEPLOYMENT_FILE: z
    .string()
    .min(1)
    .default('deployment.json')
    .describe('Plugins, license tiers and outgoing addresses. Default: deployment.json.'),
  BRAND_NAME: z
    .string()
    .trim()
    .min(1)
    .max(60)
    .default('SeekOut')
    .describe('The name of the product, and the source that exports carry in an ATS. Default: SeekOut.'),
  DUMMY_EMAIL_DOMAIN: z
    .string()
    .regex(/^([a-z0-9-]+\.)+[a-z]{2,}$/, 'is no domain name')
    .default('seekout.example.com')
    .describe('Domain of generated placeholder addresses. Default: seekout.example.com.'),
  WORKER: flag.default(true).describe('`on` or `off`: whether this process also runs jobs. Default: on.'),
  WORKER_CONCURRENCY: count.default(4).describe('Jobs at once in this process. Default: 4.'),
  JOB_TAKEOVER_SECONDS: count
    .default(30)
    .describe('Within how many seconds after a process dies another one takes over its jobs. Default: 30.'),
});

/** Where tokens come from. */
export type AuthenticationConfiguration =
  | { readonly kind: 'development' }
  | {
      readonly kind: 'jwks';
      readonly url: string;
      readonly issuer: string;
      readonly audience: string;
      readonly organizationClaim: string;
      readonly rolesClaim: string;
    };

/** Everything about a gateway that a deployment decides. */
export interface GatewayConfiguration {
  readonly environment: 'development' | 'test' | 'production';
  readonly host: string;
  readonly port: number;
  /** Where vendors reach this deployment. */
  readonly publicUrl: string | undefined;
  readonly trustProxy: boolean;
  readonly authentication: AuthenticationConfiguration;
  /** `localhost`: any port of this machine. */
  readonly corsOrigins: readonly string[] | 'localhost' | '*';
  readonly bodyLimit: number;
  /** Largest file of profiles, in bytes. */
  readonly importLimit: number;
  readonly limits: {
    readonly maxTokens: number;
    readonly maxDepth: number;
    readonly maxAliases: number;
    readonly maxDirectives: number;
    readonly maxCost: number;
  };
  readonly metrics: { readonly enabled: boolean; readonly token?: string | undefined };
  readonly logLevel: string;
  readonly hub: HubConfiguration;
}

/** What the hub behind the gateway is run with. */
export interface HubConfiguration {
  readonly databaseUrl: string | undefined;
  /** Keys that seal credentials, in the notation of `KeyRing.parse`. */
  readonly encryptionKeys: string | undefined;
  /** In the notation of FILE_STORE. */
  readonly fileStore: string | undefined;
  readonly fileStorePlace: { readonly endpoint?: string | undefined; readonly region?: string | undefined };
  readonly fetchFiles: 'lazy' | 'eager';
  /** How often mirrors are synced, and which share of one a sync deletes without asking. */
  readonly sync: { readonly intervalMs: number; readonly mostDeletedShare: number };
  /** Where this process keeps its search indexes. `undefined`: in a folder that goes with it. */
  readonly searchIndexDirectory: string | undefined;
  /** Organizations whose search indexes are open at once. */
  readonly searchOpenLimit: number;
  /** What all open indexes may keep in memory together besides their columns, in bytes. */
  readonly searchCacheBytes: number;
  /** How long a search may take, in milliseconds. */
  readonly searchLimitMs: number;
  /** The fewest people whom a count of self-declared attributes may tell of. */
  readonly smallGroupLimit: number;
  readonly deploymentFile: string;
  readonly brand: string;
  readonly dummyEmailDomain: string;
  readonly worker: { readonly enabled: boolean; readonly concurrency: number; readonly takeoverMs: number };
}

/** A setting that is missing or makes no sense. The message is for the person who starts the process. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/**
 * Reads the configuration: the only place that looks at the environment.
 * @throws ConfigurationError that names every variable that is wrong.
 */
export function readConfiguration(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): GatewayConfiguration {
  // `PORT=` in a file of settings means "not set".
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const read = environmentVariables.safeParse(given);
  if (!read.success) {
    const problems = read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigurationError(`The environment does not fit. ${problems.join('. ')}`);
  }
  const settings = read.data;
  const production = settings.NODE_ENV === 'production';
  return {
    environment: settings.NODE_ENV,
    host: settings.HOST ?? (production ? '0.0.0.0' : '127.0.0.1'),
    port: settings.PORT,
    publicUrl: settings.PUBLIC_URL,
    trustProxy: settings.TRUST_PROXY,
    authentication: readAuthentication(settings),
    corsOrigins: readOrigins(settings.CORS_ORIGINS, production),
    bodyLimit: settings.BODY_LIMIT,
    importLimit: settings.IMPORT_LIMIT,
    limits: {
      maxTokens: settings.LIMIT_TOKENS,
      maxDepth: settings.LIMIT_DEPTH,
      maxAliases: settings.LIMIT_ALIASES,
      maxDirectives: settings.LIMIT_DIRECTIVES,
      maxCost: settings.LIMIT_COST,
    },
    metrics: { enabled: settings.METRICS ?? !production, token: settings.METRICS_TOKEN },
    logLevel: settings.LOG_LEVEL,
    hub: {
      databaseUrl: settings.DATABASE_URL,
      encryptionKeys: settings.ENCRYPTION_KEYS,
      fileStore: settings.FILE_STORE,
      fileStorePlace: { endpoint: settings.FILE_STORE_ENDPOINT, region: settings.AWS_REGION },
      fetchFiles: settings.FETCH_FILES,
      sync: { intervalMs: settings.SYNC_MINUTES * 60_000, mostDeletedShare: settings.SYNC_DELETION_PERCENT / 100 },
      searchIndexDirectory: settings.SEARCH_INDEX_DIR,
      searchOpenLimit: settings.SEARCH_OPEN_LIMIT,
      searchCacheBytes: settings.SEARCH_CACHE_MIB * 1024 * 1024,
      searchLimitMs: settings.SEARCH_TIME_LIMIT_SECONDS * 1_000,
      smallGroupLimit: settings.SMALL_GROUP_LIMIT,
      deploymentFile: settings.DEPLOYMENT_FILE,
      brand: settings.BRAND_NAME,
      dummyEmailDomain: settings.DUMMY_EMAIL_DOMAIN,
      worker: {
        enabled: settings.WORKER,
        concurrency: settings.WORKER_CONCURRENCY,
        takeoverMs: settings.JOB_TAKEOVER_SECONDS * 1000,
      },
    },
  };
}

function readAuthentication(settings: z.infer<typeof environmentVariables>): AuthenticationConfiguration {
  const { AUTH_JWKS_URL: url, AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience } = settings;
  if (url === undefined && issuer === undefined && audience === undefined && settings.NODE_ENV !== 'production') {
    return { kind: 'development' };
  }
  if (url === undefined || issuer === undefined || audience === undefined) {
    throw new ConfigurationError(
      'AUTH_JWKS_URL, AUTH_ISSUER and AUTH_AUDIENCE belong together and are needed in production. They are documented in gateway/README.md.',
    );
  }
  return {
    kind: 'jwks',
    url,
    issuer,
    audience,
    organizationClaim: settings.AUTH_ORGANIZATION_CLAIM,
    rolesClaim: settings.AUTH_ROLES_CLAIM,
  };
}

function readOrigins(origins: readonly string[] | undefined, production: boolean): GatewayConfiguration['corsOrigins'] {
  if (origins === undefined) return production ? [] : 'localhost';
  return origins.includes('*') ? '*' : origins;
}
