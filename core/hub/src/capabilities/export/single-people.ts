import { setTimeout as sleep } from 'node:timers/promises';
import { type ContactAddition, type ExportCapability, type ExportRequest, isHubError } from '@talentbridge/contracts';
import { fitToFields } from '@talentbridge/plugin-host';
import { connectionById } from '../../connections/connection-repository.js';
import { drawDummyNumber, dummyEmail } from '../../directory/dummy-email.js';
import { callContext } from '../../kernel/call-context.js';
import type { OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import type {
  ContactSent,
  ContactToAdd,
  PersonExporter,
  PersonSent,
  PersonToSend,
} from '../../kernel/person-exporter.js';
import type { ExportDestinations } from './export-destinations.js';
import { accountKeyOf } from './exports.js';
import { refusalOf } from './prepare-candidate.js';
import { ended, sendItem, type Try } from './send-item.js';

/** How long one call of the plugin may take, in milliseconds. */
const CALL_LIMIT_MS = 120_000;
const DEFAULT_SETTLE_MS = 1_000;
const ADD_BY_HAND = 'Correct what the reason names, then try this one again; or add them in the ATS by hand.';

/** Sends people one by one, for other capabilities. */
export class SinglePeople implements PersonExporter {
  constructor(
    private readonly destinations: ExportDestinations,
    private readonly dummyEmailDomain: string,
  ) {}

  async send(scope: OrganizationScope, connectionId: string, person: PersonToSend): Promise<PersonSent> {
    const connection = await scope.transaction((tx) => this.destinations.usable(tx, connectionId));
    const exporter = await this.destinations.exporter(scope, connection);
    if (person.target.kind === 'prospect' && exporter.limits.prospects === false) {
      return {
        kind: 'REFUSED',
        reason: `${connection.name} has no candidates without a job.`,
        remedy: 'Choose a job for them.',
        wantsEmail: false,
      };
    }
    const demanded = exporter.fields.some(({ name, required }) => name === 'emails' && required);
    const sent = await this.sendAs(exporter, person, demanded);
    if (sent.kind !== 'REFUSED' || !sent.wantsEmail || demanded || person.dummyNumber === undefined) return sent;
    // That it demands one shows only now.
    return this.sendAs(exporter, person, true);
  }

  async addContact(scope: OrganizationScope, connectionId: string, contact: ContactToAdd): Promise<ContactSent> {
    const { itemId, tries, remoteId, candidate, madeUp } = contact;
    const connection = await scope.transaction((tx) => this.destinations.usable(tx, connectionId));
    const exporter = await this.destinations.exporter(scope, connection);
    const reference = { remoteId };
    if (!exporter.addContact) return { kind: 'UNABLE', reference };
    if (!(await contact.isOurs())) return { kind: 'AGAIN', open: false, delayMs: 0, untried: true };
    // Of addresses and numbers the ATS says itself for how many it has room: it may have some of them.
    const { record } = fitToFields(
      candidate,
      exporter.fields.map(({ maxCount: _, ...field }) => field),
    );
    const { firstName, lastName, emails, phones } = record;
    const addition: ContactAddition = {
      remoteId,
      firstName,
      lastName,
      emails,
      phones,
      ...(madeUp ? { madeUp: this.placeholders(madeUp) } : {}),
    };
    try {
      const { outcome, leftOut } = await exporter.addContact(callContext('work', CALL_LIMIT_MS), addition);
      // What the plugin does not declare did not go out.
      const undeclared = {
        emails: emails.length === 0 ? candidate.emails : [],
        phones: phones.length === 0 ? candidate.phones.map(({ number }) => number) : [],
      };
      return {
        kind: 'CONTACT_ADDED',
        reference,
        outcome,
        leftOut: {
          emails: [...leftOut.emails, ...undeclared.emails],
          phones: [...leftOut.phones, ...undeclared.phones],
        },
      };
    } catch (error) {
      const refused = { kind: 'REFUSED', remedy: ADD_BY_HAND, wantsEmail: false } as const;
      // Whoever may not change candidates may still make them: that is no reason to stop the connection.
      if (isHubError(error) && error.code === 'ATS_PERMISSION_MISSING') return { ...refused, reason: error.message };
      const harmless = { limits: { ...exporter.limits, absorbsRepeats: true } };
      const { halt, wait, closing, missingId } = ended(harmless, true, { id: itemId, tries }, error, undefined);
      if (missingId === remoteId) return { kind: 'GONE' };
      if (closing.kind === 'DONE') return { ...refused, reason: closing.reason ?? '' };
      const { delayMs, untried = false } = closing;
      return {
        kind: 'AGAIN',
        open: false,
        delayMs,
        untried,
        ...(halt === undefined ? {} : { halt }),
        ...(wait ? { reason: wait.reason } : {}),
      };
    }
  }

  private placeholders({
    dummyNumber: number,
    ...name
  }: NonNullable<ContactToAdd['madeUp']>): NonNullable<ContactAddition['madeUp']> {
    if (number === undefined) return name;
    return { ...name, email: dummyEmail({ domain: this.dummyEmailDomain, number }) };
  }

  async reserveDummyNumber(tx: Transaction, connectionId: string): Promise<number> {
    const accountKey = accountKeyOf(await connectionById(tx, connectionId));
    for (;;) {
      const number = drawDummyNumber();
      const reserved = await tx.row(
        `insert into talentbridge.export_dummy_number (organization_id, account_key, number)
         select $1, $2, $3 where not exists (
           select from talentbridge.export_item i where ${tx.own('i')} and i.account_key = $2 and i.dummy_number = $3)
         on conflict do nothing returning number`,
        [tx.organizationId, accountKey, number],
      );
      if (reserved) return number;
    }
  }

  private async sendAs(exporter: ExportCapability, person: PersonToSend, withDummy: boolean): Promise<PersonSent> {
    const { candidate, dummyNumber: number, existing, reopened, source } = person;
    const lacksEmail = candidate.emails.length === 0;
    const addressed =
      withDummy && lacksEmail && number !== undefined && !existing
        ? { ...candidate, emails: [dummyEmail({ domain: this.dummyEmailDomain, number })] }
        : candidate;
    const { record, missing } = fitToFields(addressed, exporter.fields);
    if (missing.length > 0 && !existing) {
      return { kind: 'REFUSED', ...refusalOf(missing), wantsEmail: missing.some(({ name }) => name === 'emails') };
    }
    const request: ExportRequest = {
      itemId: person.itemId,
      candidate: record,
      target: person.target,
      firstTriedAt: person.firstTriedAt.toISOString(),
      notThese: [],
      ...(existing ? { existing } : {}),
      ...(source === undefined ? {} : { source }),
    };
    if (reopened) await settle(exporter);
    if (!(await person.isOurs())) return { kind: 'AGAIN', open: reopened, delayMs: 0, untried: true };
    const item = { id: person.itemId, tries: person.tries, reopened };
    const sent = await sendItem(exporter, () => callContext('work', CALL_LIMIT_MS), item, request);
    if (existing && sent.missingId === existing.remoteId) return { kind: 'GONE' };
    return sentAs(sent, lacksEmail);
  }
}

/** A request of an earlier worker may still be on its way inside the ATS: asking too early would hear "no". */
function settle({ limits }: ExportCapability): Promise<void> {
  return sleep(limits.settleMs ?? DEFAULT_SETTLE_MS);
}

function sentAs({ closing, halt, wait, refusedField }: Try, lacksEmail: boolean): PersonSent {
  if (closing.kind === 'AGAIN') {
    const { state, delayMs, existing, untried = false } = closing;
    return {
      kind: 'AGAIN',
      open: state === 'OPEN',
      delayMs,
      untried,
      ...(existing ? { existing } : {}),
      ...(halt === undefined ? {} : { halt }),
      ...(wait ? { reason: wait.reason } : {}),
    };
  }
  const { outcome, remoteId, remoteUrl, reason = '', remedy = '' } = closing;
  const reference = remoteId === undefined ? undefined : { remoteId, ...(remoteUrl ? { remoteUrl } : {}) };
  if ((outcome === 'CREATED' || outcome === 'UPDATED') && reference) return { kind: 'ADDED', outcome, reference };
  if (outcome === 'UNCLEAR') return { kind: 'UNCLEAR', reason, remedy };
  const wantsEmail = lacksEmail && !reference && /^e-?mails?\b/i.test(refusedField ?? '');
  return { kind: 'REFUSED', reason, remedy, wantsEmail, ...(reference ? { reference } : {}) };
}
