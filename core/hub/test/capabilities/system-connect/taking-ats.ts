import {
  type CandidateRecord,
  CandidateRejectedError,
  credentialFields,
  definePlugin,
  type ExportRequest,
  JobNotOpenError,
  type Plugin,
  settingFields,
} from '@talentbridge/contracts';

const NAME = 'The ATS';

/** How an ATS takes people. */
export interface TakingAtsOptions {
  /** It says so before, or when it is too late. Default: it demands none. */
  readonly demandsEmail?: 'declared' | 'undeclared';
  /** Default: it can be asked what became of a try. `absorbs`: a repetition makes nobody twice. `never`: neither. */
  readonly settles?: 'asked' | 'absorbs' | 'never';
  /** Whether it has candidates without a job. Default `true`. */
  readonly prospects?: boolean;
}

/** An ATS in this process that people are sent to. */
export class TakingAts {
  readonly candidates = new Map<string, { readonly itemId: string; readonly record: CandidateRecord }>();
  /** "c-1/job-7". */
  readonly applications = new Set<string>();
  readonly closedJobs = new Set<string>();
  /** Called before a candidate is made, after, and before it is put on a job: it may throw. */
  step: (name: 'create' | 'created' | 'attach') => Promise<void> | void = () => undefined;

  constructor(private readonly options: TakingAtsOptions = {}) {}

  /** The plugin of this ATS. */
  plugin(): Plugin {
    const ats = this;
    const { demandsEmail, settles = 'asked', prospects = true } = this.options;
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
        rediscovery: () => {
          throw new Error('Nobody reads here.');
        },
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
            if (target.kind === 'job' && ats.closedJobs.has(target.jobRemoteId)) {
              throw new JobNotOpenError(NAME, target.jobRemoteId);
            }
            const remoteId = existing?.remoteId ?? (await ats.create(request));
            if (target.kind === 'job') {
              await ats.step('attach');
              ats.applications.add(`${remoteId}/${target.jobRemoteId}`);
            }
            return { remoteId, outcome: 'CREATED', warnings: [] };
          },
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

  private madeBy(itemId: string): string | undefined {
    return [...this.candidates].find(([, made]) => made.itemId === itemId)?.[0];
  }
}
