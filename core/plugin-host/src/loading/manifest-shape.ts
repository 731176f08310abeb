import type { CapabilityName, FieldKind } from '@talentbridge/contracts';
import semver from 'semver';
import { z } from 'zod';

/** Written as records so that the compiler notices a name that is added to the contracts and forgotten here. */
const CAPABILITY_NAMES: Readonly<Record<CapabilityName, true>> = {
  permissions: true,
  export: true,
  rediscovery: true,
  webhooks: true,
  systemConnect: true,
};
const FIELD_KINDS: Readonly<Record<FieldKind, true>> = {
  text: true,
  secret: true,
  url: true,
  urlList: true,
  choice: true,
  switch: true,
};

const text = z.string({ error: 'must be text' }).refine((value) => value.trim() !== '', { error: 'must not be empty' });

const aFunction = z.custom<(...args: never) => unknown>((value) => typeof value === 'function', {
  error: 'must be a function',
});

const capabilityName = z.string().refine((name) => Object.hasOwn(CAPABILITY_NAMES, name), {
  error: `must be one of ${Object.keys(CAPABILITY_NAMES).join(', ')}`,
});

/** A host name as DNS has it: labels of letters, digits and hyphens, and a last label that makes it no IP address. */
const HOST_NAME = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/;

const hostName = z.string().regex(HOST_NAME, {
  error: 'must be a host name in lower case, such as api.example.com: no scheme, port, wildcard or IP address',
});

const hostRule = z.union(
  [
    hostName,
    z.object({ setting: text, hosts: z.record(z.string(), z.array(hostName).min(1, { error: 'must not be empty' })) }),
  ],
  { error: 'must be a host name in lower case (no scheme, port, wildcard or IP address), or a rule of a setting' },
);

const choice = z.object({ value: text, label: text });

const field = z
  .object({
    kind: z.string().refine((kind) => Object.hasOwn(FIELD_KINDS, kind), {
      error: `must be one of ${Object.keys(FIELD_KINDS).join(', ')}`,
    }),
    label: text,
    help: z.string().optional(),
    placeholder: z.string().optional(),
    required: z.boolean().optional(),
    default: z.union([z.string(), z.boolean(), z.object({ from: z.literal('brand') })]).optional(),
    complete: aFunction.optional(),
    choices: z.array(choice).optional(),
    // Another copy of zod may have made it: what it can do counts, not its class.
    check: z
      .custom<object>((value) => typeof value === 'object' && value !== null && 'safeParse' in value, {
        error: 'must be a zod schema',
      })
      .optional(),
  })
  .readonly();

const fieldSet = z.object({ fields: z.record(z.string(), field), rule: aFunction.optional() });

const requirement = z.object({
  id: text,
  title: text,
  steps: z.array(text),
  allowList: z.literal(true).optional(),
  capabilities: z.array(capabilityName),
});

/** The outline of a manifest: every property, each for itself. `crossCheckManifest` looks at how they fit together. */
export const manifestShape = z.object(
  {
    id: z.string({ error: 'must be text' }).regex(/^[a-z][a-z0-9-]{1,39}$/, {
      error: 'must be 2 to 40 lower-case letters, digits and hyphens, beginning with a letter',
    }),
    displayName: text,
    description: text,
    contracts: z
      .string({ error: 'must be text' })
      .refine((range) => range.trim() !== '' && semver.validRange(range) !== null, {
        error: 'must be a range of versions, such as ^1.0.0',
      }),
    hosts: z.array(hostRule, { error: 'must be a list' }),
    credentials: fieldSet,
    settings: fieldSet,
    requirements: z.array(requirement, { error: 'must be a list' }),
    capabilities: z.array(capabilityName, { error: 'must be a list' }),
    pace: aFunction,
    open: aFunction,
  },
  { error: 'is no object: make the value of definePlugin() the default export' },
);

/** A manifest whose outline is right. */
export type ManifestShape = z.output<typeof manifestShape>;
