import { defineEntity } from '@mikro-orm/postgresql';
import type { CapabilityName } from '@talentbridge/contracts';
import type { VerificationReport } from './verification-report.js';

/**
 * Where a connection stands.
 *
 * - `SETUP`: being added; `setupStep` says what comes next
 * - `CONNECTED`: verified and finished
 * - `NEEDS_ATTENTION`: its credentials or permissions stopped working; `attentionReason` says why
 * - `REMOVING`: on its way out
 * - `REMOVED`: gone; only its export history is left
 */
export const CONNECTION_STATUSES = ['SETUP', 'CONNECTED', 'NEEDS_ATTENTION', 'REMOVING', 'REMOVED'] as const;

/** Where a connection stands. */
export type ConnectionStatus = (typeof CONNECTION_STATUSES)[number];

const p = defineEntity.properties;

const ConnectionSchema = defineEntity({
  name: 'Connection',
  tableName: 'connection',
  properties: {
    id: p.uuid().primary(),
    organizationId: p.uuid(),
    pluginId: p.text(),
    /** As the organization calls it. */
    name: p.text(),
    status: p.text().$type<ConnectionStatus>(),
    capabilities: p.array().$type<readonly CapabilityName[]>(),
    requirementsAcknowledgedAt: p.datetime().nullable(),
    settings: p.json<Readonly<Record<string, string | boolean | readonly string[]>>>(),
    /** Which credential fields hold a value. */
    credentialNames: p.array().$type<readonly string[]>(),
    /** Goes up with every change of credentials or settings, so that what was opened with older ones is thrown away. */
    credentialVersion: p.integer(),
    /** The account behind the credentials, as the plugin tells one from another. */
    accountId: p.text().nullable(),
    accountLabel: p.text().nullable(),
    attentionReason: p.text().nullable(),
    /** The last verification since credentials or capabilities changed. */
    verification: p.json<VerificationReport>().nullable(),
    /** What removal could not undo at the vendor. */
    leftBehind: p.array().$type<readonly string[]>(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
    removedAt: p.datetime().nullable(),
    version: p.integer().version().default(1),
  },
});

/** One organization's link to one ATS account, through one plugin. */
export class Connection extends ConnectionSchema.class {}

ConnectionSchema.setClass(Connection);
