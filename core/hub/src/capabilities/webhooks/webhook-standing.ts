import type { CapabilityName } from '@talentbridge/contracts';
import { type Deployment, installedPlugin } from '../../kernel/deployment.js';
import type { Entitlements } from '../../kernel/organizations/entitlements.js';
import type { Transaction } from '../../kernel/persistence/transaction.js';

/** The capability that webhooks come along with: what they tell is read again for its sake. */
export const ALONGSIDE: CapabilityName = 'rediscovery';

/** What may be done for a connection now. */
export type WebhookStanding =
  /** There is no such connection, it is on its way out, or its ATS has no webhooks. */
  | { readonly kind: 'NONE' }
  /** It is not to be told of changes: what is at the ATS goes. */
  | { readonly kind: 'UNWANTED' }
  /** It cannot be used now: events wait. */
  | { readonly kind: 'PAUSED'; readonly reason: string }
  | { readonly kind: 'USABLE'; readonly credentialVersion: number };

/** What a standing is read from. */
export interface StandingParts {
  readonly deployment: Deployment;
  readonly entitlements: Entitlements;
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly pluginId: string;
  readonly status: string;
  readonly capabilities: readonly CapabilityName[];
  readonly credentialVersion: number;
  readonly attentionReason: string | null;
  readonly verified: boolean;
}

/** What may be done for these connections now. Those that do not exist are left out. */
export async function standingsOf(
  tx: Transaction,
  parts: StandingParts,
  connectionIds: readonly string[],
): Promise<ReadonlyMap<string, WebhookStanding>> {
  const rows = await tx.rows<Row>(
    `select c.id, c.name, c.plugin_id as "pluginId", c.status, c.capabilities, c.credential_version as "credentialVersion",
       c.attention_reason as "attentionReason", c.verification is not null as verified
     from talentbridge.connection c where ${tx.own('c')} and c.id = any($1::uuid[])`,
    [connectionIds],
  );
  if (rows.length === 0) return new Map();
  const availabilityOf = await parts.entitlements.availabilities(tx);
  return new Map(
    rows.map((row) => {
      const availability = availabilityOf(row.pluginId, ALONGSIDE);
      return [row.id, standing(row, parts.deployment, availability.on ? undefined : availability.reason)];
    }),
  );
}

/** Whether a connection is on its way out, or not there any more. */
export async function isGone(tx: Transaction, connectionId: string): Promise<boolean> {
  const row = await tx.row(
    `select from talentbridge.connection c where ${tx.own('c')} and c.id = $1 and c.status not in ('REMOVING', 'REMOVED')`,
    [connectionId],
  );
  return row === undefined;
}

/** What may be done for one connection now. */
export async function standingOf(
  tx: Transaction,
  parts: StandingParts,
  connectionId: string,
): Promise<WebhookStanding> {
  return (await standingsOf(tx, parts, [connectionId])).get(connectionId) ?? { kind: 'NONE' };
}

function standing(row: Row, deployment: Deployment, off: string | undefined): WebhookStanding {
  const plugin = installedPlugin(deployment, row.pluginId);
  if (row.status === 'REMOVING' || row.status === 'REMOVED' || !plugin?.capabilities.includes('webhooks')) {
    return { kind: 'NONE' };
  }
  if (!row.capabilities.includes(ALONGSIDE)) return { kind: 'UNWANTED' };
  if (off !== undefined) return { kind: 'PAUSED', reason: off };
  if (row.status !== 'CONNECTED') {
    return { kind: 'PAUSED', reason: row.attentionReason ?? `${row.name} is not connected.` };
  }
  if (!row.verified) return { kind: 'PAUSED', reason: `${row.name} was edited and is not verified yet.` };
  return { kind: 'USABLE', credentialVersion: row.credentialVersion };
}
