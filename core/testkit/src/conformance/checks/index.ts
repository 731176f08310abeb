import type { CapabilityName } from '@talentbridge/contracts';
import type { Check } from '../check.js';
import { ambiguityChecks } from './ambiguity.js';
import { attachmentChecks } from './attachments.js';
import { credentialChecks } from './credentials.js';
import { dataCopyChecks } from './data-copies.js';
import { exportChecks } from './export.js';
import { failureChecks } from './failures.js';
import { historyChecks } from './histories.js';
import { jobChecks } from './jobs.js';
import { networkActivityChecks } from './network-activity.js';
import { networkFailureChecks } from './network-failures.js';
import { networkRecordChecks } from './network-records.js';
import { permissionChecks } from './permissions.js';
import { rediscoveryChecks } from './rediscovery.js';
import { rediscoveryFailureChecks } from './rediscovery-failures.js';
import { secretChecks } from './secrets.js';
import { webhookDeliveryChecks } from './webhook-deliveries.js';
import { webhookFailureChecks } from './webhook-failures.js';
import { webhookChecks } from './webhooks.js';

const permissions = [...credentialChecks, ...permissionChecks, ...secretChecks];
const rediscovering = [
  ...rediscoveryChecks,
  ...rediscoveryFailureChecks,
  ...attachmentChecks,
  ...historyChecks,
  ...dataCopyChecks,
];
const telling = [...webhookChecks, ...webhookDeliveryChecks, ...webhookFailureChecks];
const networking = [...networkRecordChecks, ...networkActivityChecks, ...networkFailureChecks];
const exporting = [...jobChecks, ...exportChecks, ...failureChecks, ...ambiguityChecks];

/** The checks that a plugin undergoes, by the capability that it declares. A new capability is one more line. */
export const CHECKS: Readonly<Record<CapabilityName, readonly Check<CheckName>[]>> = {
  permissions,
  export: exporting,
  rediscovery: rediscovering,
  webhooks: telling,
  systemConnect: networking,
};

/** What a check is called in the skips of a subject. */
export type CheckName =
  | (typeof permissions)[number]['name']
  | (typeof exporting)[number]['name']
  | (typeof rediscovering)[number]['name']
  | (typeof telling)[number]['name']
  | (typeof networking)[number]['name'];
