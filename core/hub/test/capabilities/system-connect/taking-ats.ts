import { isDeepStrictEqual } from 'node:util';
import {
  type CandidateRecord,
  CandidateRejectedError,
  type ContactAddition,
  type ContactReceipt,
  credentialFields,
  definePlugin,
  type ExportRequest,
  JobNotOpenError,
  newContact,
  type Plugin,
  RecordNotFoundError,
  settingFields,
} from '@talentbridge/contracts';
import { candidateRecord } from '@talentbridge/testkit';

const NAME = 'The ATS';

async function unread(): Promise<never> {
  throw new Error('Nobody reads here.');
}

/** How an ATS takes people. */
export interface TakingAtsOptions {
  /** It says so before, or when it is too late. Default: it demands none. */
  readonly demandsEmail?: 'declared' | 'undeclared';
  /** Default: it can be asked what became of a try. `absorbs`: a repetition makes nobody twice. `never`: neither. */
  readonly settles?: 'asked' | 'absorbs' | 'never';
  /** Whether it has candidates without a job. Default `true`. */
  readonly prospects?: boolean;
  /** Whether its mirror shows who is on no job. Default `true`. */
  readonly showsUnassigned?: boolean;
  /** How many addresses a candidate may have, where the ATS can be asked to add some. Default: it cannot. */
  readonly emailsAtMost?: number;
}

/** An ATS in this process that people are sent to. */
export class TakingAts {
  readonly candidates = new Map<string, { readonly itemId: string; readonly record: CandidateRecord }>();
  /** "c-1/job-7". */
  readonly applications = new Set<string>();
  readonly closedJobs = new Set<string>();
  /** Candidates that were deleted. */
  readonly gone = new Set<string>();
  /** What was asked to be added. */
  readonly additions: ContactAddition[] = [];
  /**
   * Called before a candidate is made, after, before it is put on a job, and before and after contact data is added: it may throw.
   */
  step: (name: 'create' | 'created' | 'attach' | 'add' | 'addedTo') => Promise<void> | void = () => undefined;

  constructor(private readonly options: TakingAtsOptions = {}) {}

  /** The plugin of this ATS. */
  plugin(): Plugin {
    const ats = this;
    const { demandsEmail, settles = 'asked', prospects = true, showsUnassigned = true } = this.options;
    return definePlugin({
      id: 'ats',
      displayName: NAME,
      description: 'An ATS.',
      contracts: '^1.0.0',
      hosts: ['ats.test'],
      credentials: credentialFields({}),
      settings: settingFields({}),
      requirements: [],
      connect: () => ats,
      identify: async () => ({ accountId: 'account' }),
      capabilities: {
        permissions: () => ({ check: async () => [] }),
        rediscovery: () => ({
          limits: { showsUnassigned },
          filters: [],
          pull: unread,
          read: unread,
        }),
        export: () => ({
          fields: [
            { name: 'firstName', label: 'First name', required: true },
            { name: 'lastName', label: 'Last name', required: true },
            { name: 'emails', label: 'Emails', ...(demandsEmail === 'declared' ? { required: true } : {}) },
            { name: 'phones', label: 'Phones' },
            { name: 'workExperience', label: 'Work', maxLength: 20 },
          ],
          limits: { prospects, absorbsRepeats: settles === 'absorbs', settleMs: 0 },
          listJobs: async () => ({ items: [] }),
          async exportCandidate(_ctx, request) {
            const { target, existing } = request;
            if (existing && ats.gone.has(existing.remoteId)) throw ats.notFound(existing.remoteId);
            if (target.kind === 'job' && ats.closedJobs.has(target.jobRemoteId)) {
              throw new JobNotOpenError(NAME, target.jobRemoteId);
            }
            const remoteId = existing?.remoteId ?? (await ats.create(request));
            if (target.kind === 'job') {
              await ats.step('attach');
              ats.applications.add(`${remoteId}/${target.jobRemoteId}`);
            }
            return { remoteId, remoteUrl: `https://ats.test/${remoteId}`, outcome: 'CREATED', warnings: [] };
          },
          ...(this.options.emailsAtMost === undefined
            ? {}
            : { addContact: async (_ctx: unknown, addition: ContactAddition) => ats.add(addition) }),
          ...(settles === 'asked'
            ? {
                findExported: async (_ctx: unknown, { itemId }: ExportRequest) => {
                  const found = ats.madeBy(itemId);
                  return found === undefined ? undefined : { remoteId: found };
                },
              }
            : {}),
        }),
      },
    });
  }

  private async create({ candidate, itemId }: ExportRequest): Promise<string> {
    if (this.options.demandsEmail && candidate.emails.length === 0) {
      throw new CandidateRejectedError(NAME, 'it needs an email address', 'emails');
    }
    const absorbed = this.options.settles === 'absorbs' ? this.madeBy(itemId) : undefined;
    if (absorbed !== undefined) return absorbed;
    await this.step('create');
    const remoteId = `c-${this.candidates.size + 1}`;
    this.candidates.set(remoteId, { itemId, record: candidate });
    await this.step('created');
    return remoteId;
  }

  private async add(addition: ContactAddition): Promise<ContactReceipt> {
    await this.step('add');
    if (this.gone.has(addition.remoteId)) throw this.notFound(addition.remoteId);
    this.additions.push(addition);
    const { remoteId, firstName, lastName, madeUp } = addition;
    const made = this.candidates.get(remoteId) ?? {
      itemId: remoteId,
      record: candidateRecord({ emails: [], phones: [] }),
    };
    const { record } = made;
    const emails = record.emails.filter((email) => email !== madeUp?.email);
    const fresh = newContact(addition, { emails, phones: record.phones.map(({ number }) => number) });
    const room = (this.options.emailsAtMost ?? 0) - emails.length;
    const changed = {
      ...record,
      ...(record.firstName === madeUp?.firstName && { firstName }),
      ...(record.lastName === madeUp?.lastName && { lastName }),
      emails: [...emails, ...fresh.emails.slice(0, room)],
      phones: [...record.phones, ...fresh.phones],
    };
    this.candidates.set(remoteId, { ...made, record: changed });
    await this.step('addedTo');
    const outcome = isDeepStrictEqual(changed, record) ? 'KNOWN' : 'UPDATED';
    return { outcome, leftOut: { emails: fresh.emails.slice(room), phones: [] } };
  }

  private notFound(remoteId: string): RecordNotFoundError {
    return new RecordNotFoundError(NAME, 'candidate', remoteId);
  }

  private madeBy(itemId: string): string | undefined {
    return [...this.candidates].find(([, made]) => made.itemId === itemId)?.[0];
  }
}
