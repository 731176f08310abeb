import {
  type CapabilityName,
  CredentialsRejectedError,
  type PermissionResult,
  type PermissionsCapability,
} from '@talentbridge/contracts';
import type { ExampleClient } from './client.js';

interface Scope {
  readonly permission: string;
  readonly label: string;
  readonly scope: string;
  readonly neededBy: readonly CapabilityName[];
}

const READING = ['export', 'rediscovery'] as const;

const SCOPES: readonly Scope[] = [
  { permission: 'jobs.read', label: 'List jobs', scope: 'jobs:read', neededBy: READING },
  { permission: 'candidates.read', label: 'Read candidates', scope: 'candidates:read', neededBy: READING },
  { permission: 'candidates.write', label: 'Create candidates', scope: 'candidates:write', neededBy: ['export'] },
  { permission: 'webhooks.manage', label: 'Manage webhooks', scope: 'webhooks:manage', neededBy: ['webhooks'] },
];

/** Example ATS names the scopes of a key, so that every permission can be told without trying it. */
export function examplePermissions(client: ExampleClient): PermissionsCapability {
  return {
    async check(ctx, capabilities) {
      const needed = SCOPES.filter(({ neededBy }) => neededBy.some((name) => capabilities.includes(name)));
      try {
        const { scopes } = await client.whoAmI(ctx);
        return needed.map((scope) => told(scope, scopes.includes(scope.scope)));
      } catch (error) {
        if (error instanceof CredentialsRejectedError) throw error;
        return needed.map(({ permission, label }) => {
          return { permission, label, status: 'unknown', reason: 'Example ATS did not name the scopes of the key.' };
        });
      }
    },
  };
}

function told({ permission, label, scope }: Scope, granted: boolean): PermissionResult {
  if (granted) return { permission, label, status: 'granted' };
  return {
    permission,
    label,
    status: 'missing',
    reason: `The key lacks the scope ${scope}.`,
    remedy: `In Example ATS open Settings > API keys, edit the key and tick ${scope}.`,
  };
}
