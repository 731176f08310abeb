import type { CapabilityName } from '@talentbridge/contracts';
import type { CapabilityModule } from '../../kernel/capabilities.js';
import { type Deployment, installedPlugin } from '../../kernel/deployment.js';
import type { AvailabilityOf, Entitlements } from '../../kernel/organizations/entitlements.js';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import { RECORD_READER } from './event-references.js';

/** What may be done for a connection now. */
export type WebhookStanding =
  /** There is no such connection, it is on its way out, or its ATS has no webhooks. */
  | { readonly kind: 'NONE' }
  /** It is not to be told of changes: what is at the ATS goes. */
  | { readonly kind: 'UNWANTED' }
  /** It cannot be used now: events wait. */
  | { readonly kind: 'PAUSED'; readonly reason: string }
  | {
      readonly kind: 'USABLE';
      readonly credentialVersion: number;
      /** The capabilities that are told; at least one. */
      readonly tells: readonly CapabilityName[];
      /** Those that are switched off now: what events say to them waits. What they say to any other is of no interest. */
      readonly paused: readonly CapabilityName[];
    };

/** What a standing is read from. */
export interface StandingParts {
  readonly deployment: Deployment;
  readonly entitlements: Entitlements;
  /** All capabilities that there are. A function, because webhooks are one of them. */
  readonly modules: () => readonly CapabilityModule[];
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

/** The capabilities that live from events: a connection that has one of them is to be told. */
export function toldCapabilities(modules: readonly CapabilityModule[]): readonly CapabilityName[] {
  return modules.flatMap(({ name, noticed }) => (name === RECORD_READER || noticed ? [name] : []));
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
  return new Map(rows.map((row) => [row.id, standing(row, parts, availabilityOf)]));
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

function standing(row: Row, { deployment, modules }: StandingParts, availabilityOf: AvailabilityOf): WebhookStanding {
  const plugin = installedPlugin(deployment, row.pluginId);
  if (row.status === 'REMOVING' || row.status === 'REMOVED' || !plugin?.capabilities.includes('webhooks')) {
    return { kind: 'NONE' };
  }
  const chosen = toldCapabilities(modules()).filter((name) => row.capabilities.includes(name));
  if (chosen.length === 0) return { kind: 'UNWANTED' };
  const off = new Map<CapabilityName, string>();
  for (const name of chosen) {
    const availability = availabilityOf(row.pluginId, name);
    if (!availability.on) off.set(name, availability.reason);
  }
  const tells = chosen.filter((name) => !off.has(name));
  const [reason] = off.values();
  if (tells.length === 0 && reason !== undefined) return { kind: 'PAUSED', reason };
  if (row.status !== 'CONNECTED') {
    return { kind: 'PAUSED', reason: row.attentionReason ?? `${row.name} is not connected.` };
  }
  if (!row.verified) return { kind: 'PAUSED', reason: `${row.name} was edited and is not verified yet.` };
  return { kind: 'USABLE', credentialVersion: row.credentialVersion, tells, paused: [...off.keys()] };
}
