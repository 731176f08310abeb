import {
  AtsAnswerUnreadableError,
  type CallContext,
  type CallDescription,
  type HttpResponse,
  type NetworkIntegration,
  type NetworkService,
  PermissionMissingError,
} from '@talentbridge/contracts';
import type { LinkedInApi } from './client.js';
import { integrationKey, type KeyParts, keyQuery, keyText, PLAIN_KEYS } from './keys.js';
import { type AnsweredRecord, answeredRecords } from './outcomes.js';
import type { ApiCall } from './requests.js';
import { ATS, failure, isSuccess, recordFailure } from './vendor-errors.js';
import { configurationRecord, integrationRecord, pageOf } from './vendor-records.js';

/** An integration that RSC is made of (LinkedIn sheet §3, CONFIRMED). */
interface Known {
  readonly id: string;
  readonly type: 'ONE_CLICK_EXPORT' | 'IN_ATS_INDICATOR' | 'PROFILE_PLUGIN' | 'CSA_API';
  readonly label: string;
  readonly context: 'organization' | 'contract';
  /** Records are taken while any integration with the organization is enabled (LinkedIn sheet §4, INFERRED). */
  readonly carries: readonly NetworkService[];
  /** A value that lets all users of Recruiter see what is sent. Without it access lists decide (LinkedIn sheet §3.2, §5.6). */
  readonly viewers?: 'JOB_POSTING_VIEWERS' | 'APPLICATION_VIEWERS';
}

const EXPORT: Known = {
  id: 'one-click-export',
  type: 'ONE_CLICK_EXPORT',
  label: 'Export from Recruiter',
  context: 'organization',
  carries: ['push', 'export'],
  viewers: 'JOB_POSTING_VIEWERS',
};

const INTEGRATIONS: readonly Known[] = [
  EXPORT,
  {
    id: 'in-ats-indicator',
    type: 'IN_ATS_INDICATOR',
    label: 'Indicator and preview in Recruiter',
    context: 'organization',
    carries: ['push'],
    viewers: 'APPLICATION_VIEWERS',
  },
  {
    id: 'profile-plugin',
    type: 'PROFILE_PLUGIN',
    label: 'LinkedIn profile inside the ATS',
    context: 'organization',
    carries: ['push', 'widget'],
  },
  {
    id: 'recruiter-activity',
    type: 'CSA_API',
    label: 'Seats, InMails and notes',
    context: 'contract',
    carries: ['pull'],
  },
];

const EVERYBODY = 'ALL_PRODUCT_USERS';

/** What an administrator does about each status. */
const REMEDIES: Readonly<Record<Exclude<NetworkIntegration['status'], 'enabled'>, string>> = {
  missing: 'Show the set-up widget to an administrator of Recruiter, who picks the contract and asks for the package.',
  requested: 'Nothing needs to be done: the integration is named and prepared within minutes.',
  ready: 'An administrator of Recruiter enables it in Recruiter, under ATS settings.',
  disabled: 'It was switched off. An administrator of Recruiter enables it again, under ATS settings.',
};

/** The configuration that has the address which is told of exports; there is one for each customer (LinkedIn sheet §3.2). */
const CALLBACK = 'CALLBACK_URL';

/** Statuses as LinkedIn calls them (LinkedIn sheet §3.3, INFERRED). */
const STATUSES: ReadonlyMap<string | undefined, NetworkIntegration['status']> = new Map([
  ['REQUESTED', 'requested'],
  ['PARTNER_READY', 'ready'],
  ['ENABLED', 'enabled'],
  ['DISABLED', 'disabled'],
]);

/** The parts of the integration, their names and their values (LinkedIn sheet §3). */
export class Integrations {
  /** The parts that there are. */
  static readonly known: readonly Pick<NetworkIntegration, 'id' | 'label'>[] = INTEGRATIONS;

  constructor(private readonly api: LinkedInApi) {}

  /** Each part, and how it stands (LinkedIn sheet §3.3; body and words INFERRED). */
  async all(ctx: CallContext): Promise<readonly NetworkIntegration[]> {
    const query = INTEGRATIONS.map((known, index) => keyQuery(this.#key(known), index)).join('&');
    const call = { method: 'GET', restli: 'batch_get', resource: 'atsIntegrations', query } as const;
    const { elements } = await this.api.read(ctx, call, pageOf(integrationRecord), 'read the integrations');
    return INTEGRATIONS.map((known) => {
      const found = elements.find(
        ({ integrationType, integrationContext }) =>
          integrationType === known.type && integrationContext === this.#contextOf(known),
      );
      const status = found === undefined ? 'missing' : statusOf(found.status);
      const { id, label, carries } = known;
      return { id, label, status, carries, ...(status === 'enabled' ? {} : { remedy: REMEDIES[status] }) };
    });
  }

  /** Names each part that was asked for, and says who sees what is sent (LinkedIn sheet §3.1, §3.2). */
  async prepare(
    ctx: CallContext,
    { name, jobViewers }: { readonly name: string; readonly jobViewers: 'everybody' | 'listed' },
  ): Promise<void> {
    const standing = await this.all(ctx);
    const asked = INTEGRATIONS.filter(({ id }) => standing.some((one) => one.id === id && one.status !== 'missing'));
    for (const known of asked) {
      await this.#name(ctx, known, name);
      if (!known.viewers) continue;
      if (jobViewers === 'everybody') await this.#setValue(ctx, known, known.viewers, EVERYBODY);
      else await this.#removeValue(ctx, known, known.viewers);
    }
  }

  /** The address that is told of exports; `undefined` when there is none, or nobody has asked for exports yet. */
  async callbackUrl(ctx: CallContext): Promise<string | undefined> {
    const action = 'read the callback address';
    const record = recordOf(await this.api.send(ctx, this.#configuration('GET', EXPORT, CALLBACK)), action);
    return record && configurationRecord.safeParse(record.value).data?.configurationValue.string;
  }

  /**
   * Sets the address that is told of exports, in the place of the one before.
   * @param url May hold a placeholder.
   */
  async setCallbackUrl(ctx: CallContext, url: string): Promise<void> {
    await this.#setValue(ctx, EXPORT, CALLBACK, url);
  }

  /** Nobody is told of exports any more. */
  async removeCallbackUrl(ctx: CallContext): Promise<void> {
    await this.#removeValue(ctx, EXPORT, CALLBACK);
  }

  /** LinkedIn sheet §3.1: one call for each (CONFIRMED). */
  async #name(ctx: CallContext, known: Known, integrationName: string): Promise<void> {
    const key = this.#key(known);
    const response = await this.api.send(ctx, {
      method: 'POST',
      restli: 'batch_partial_update',
      resource: 'atsIntegrations',
      query: keyQuery(key, 0),
      body: { entities: { [keyText(key)]: { patch: { $set: { integrationName } } } } },
    });
    demandRecord(response, `name the integration "${known.label}"`);
  }

  async #setValue(ctx: CallContext, known: Known, name: string, value: string): Promise<void> {
    const response = await this.api.send(ctx, {
      ...this.#configuration('PUT', known, name),
      body: { entities: { [name]: { configurationValue: { string: value } } } },
    });
    const about = name === CALLBACK ? { about: 'webhook' as const } : {};
    demandRecord(response, `set ${name} of the integration "${known.label}"`, about);
  }

  /** One that is not there is removed already. */
  async #removeValue(ctx: CallContext, known: Known, name: string): Promise<void> {
    const response = await this.api.send(ctx, this.#configuration('DELETE', known, name));
    recordOf(response, `remove ${name} of the integration "${known.label}"`);
  }

  #configuration(method: keyof typeof RESTLI, known: Known, name: string): ApiCall {
    return {
      method,
      restli: RESTLI[method],
      resource: 'atsIntegrations',
      below: `/${keyText(this.#key(known))}/configurations`,
      query: PLAIN_KEYS.query(name, 0),
    };
  }

  #key(known: Known): KeyParts {
    return integrationKey(this.api.family, known.type, this.#contextOf(known));
  }

  #contextOf({ context }: Known): string {
    return this.api.customer[context];
  }
}

const RESTLI = { GET: 'batch_get', PUT: 'batch_update', DELETE: 'batch_delete' } as const;

/** A word that nobody knows is no proof that it works. */
function statusOf(word: string | undefined): NetworkIntegration['status'] {
  return STATUSES.get(word) ?? 'disabled';
}

/** What became of a batch of one; `undefined` when it is not there, which is what a 404 says. */
function recordOf(
  response: HttpResponse,
  action: string,
  more: Partial<CallDescription> = {},
): AnsweredRecord | undefined {
  if (response.status === 404) return undefined;
  if (!isSuccess(response)) throw failure(response, action, more);
  const [record] = answeredRecords(response, PLAIN_KEYS, action);
  if (record === undefined) throw new AtsAnswerUnreadableError(ATS, `the request to ${action}`, 'it answers nothing');
  if (record.error?.status === 404) return undefined;
  if (record.error) throw recordFailure(record.error, action, more);
  return record;
}

/** The same, where it must be there: what nobody has asked for cannot be set up (INFERRED). */
function demandRecord(response: HttpResponse, action: string, more: Partial<CallDescription> = {}): void {
  if (recordOf(response, action, more) === undefined) {
    throw new PermissionMissingError(ATS, action, 'nobody has asked for the integration yet');
  }
}
