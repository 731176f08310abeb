import {
  type CallContext,
  type ConnectInput,
  credentialFields,
  definePlugin,
  type ExportCapability,
  type Plugin,
  settingFields,
} from '@talentbridge/contracts';
import { HOST } from './http-client.js';

const credentials = credentialFields({
  accountName: { kind: 'text', label: 'Account' },
  apiKey: { kind: 'secret', label: 'API key' },
});
const settings = settingFields({
  region: {
    kind: 'choice',
    label: 'Region',
    default: 'us',
    choices: [
      { value: 'us', label: 'United States' },
      { value: 'eu', label: 'European Union' },
    ],
  },
});

/** What a test plugin is connected with. */
export type TestInput = ConnectInput<typeof credentials, typeof settings>;

/** A plugin with one secret and a regional host. Parts are replaced by what a test is about. */
export function testPlugin(
  parts: {
    readonly connect?: (input: TestInput) => TestInput;
    readonly identify?: (input: TestInput, ctx: CallContext) => Promise<{ accountId: string }>;
    readonly exporter?: (input: TestInput) => Partial<ExportCapability>;
  } = {},
): Plugin {
  const { exporter } = parts;
  return definePlugin({
    id: 'test-ats',
    displayName: 'Test ATS',
    description: 'An ATS that exists in tests alone.',
    contracts: '^1.0.0',
    hosts: [HOST, { setting: 'region', hosts: { us: ['us.vendor.example'], eu: ['eu.vendor.example'] } }],
    credentials,
    settings,
    requirements: [{ id: 'admin', title: 'Be an admin', steps: ['Ask one.'], capabilities: ['export'] }],
    connect: parts.connect ?? ((input) => input),
    identify: parts.identify ?? (async () => ({ accountId: 'account-1' })),
    capabilities: {
      permissions: () => ({ check: async () => [] }),
      export: (input) => ({
        fields: [],
        limits: {},
        listJobs: async () => ({ items: [] }),
        exportCandidate: async () => ({ remoteId: 'candidate-1', outcome: 'CREATED', warnings: [] }),
        ...exporter?.(input),
      }),
    },
  });
}
