import { type CallContext, isHubError, type SourceCheck } from '@talentbridge/contracts';
import type { LabelledSource, SmartRecruitersClient } from './client.js';
import { isSameText, type SourceDetails } from './mapping.js';
import { CUSTOM_SOURCES_PAGE } from './requirements.js';

/** Sources change rarely, and reading them takes a request for each type. */
const KEPT_MS = 5 * 60_000;

/** What an export is told of its source. */
export type SourceAnswer =
  | { readonly kind: 'present'; readonly details: SourceDetails }
  | { readonly kind: 'absent' }
  /** SmartRecruiters does not let these credentials see its sources. */
  | { readonly kind: 'unreadable' };

/** Knows the ids of the source that a connection writes: they differ from customer to customer (SmartRecruiters sheet §10). */
export class SourceDirectory {
  #kept: { readonly answer: Promise<SourceAnswer>; readonly until: number } | undefined;

  constructor(
    private readonly client: SmartRecruitersClient,
    readonly name: string,
  ) {}

  /** The source, as it was a few minutes ago. Exports that run at once share one reading. */
  find(ctx: CallContext): Promise<SourceAnswer> {
    return this.#kept !== undefined && Date.now() < this.#kept.until ? this.#kept.answer : this.findNow(ctx);
  }

  /** The source, as it is now. */
  findNow(ctx: CallContext): Promise<SourceAnswer> {
    const answer = this.#read(ctx);
    const kept = { answer, until: Date.now() + KEPT_MS };
    this.#kept = kept;
    answer.catch(() => {
      if (this.#kept === kept) this.#kept = undefined;
    });
    return answer;
  }

  /** For verification: whether the source is there now. */
  async check(ctx: CallContext): Promise<SourceCheck> {
    const { name } = this;
    const source = matching(await this.client.sources(ctx), name);
    const answer: SourceAnswer = source ? { kind: 'present', details: source.details } : { kind: 'absent' };
    this.#kept = { answer: Promise.resolve(answer), until: Date.now() + KEPT_MS };
    if (source) return { name, present: true };
    return { name, present: false, remedy: `Add a custom source named "${name}" at ${CUSTOM_SOURCES_PAGE}` };
  }

  async #read(ctx: CallContext): Promise<SourceAnswer> {
    try {
      const source = matching(await this.client.sources(ctx), this.name);
      return source ? { kind: 'present', details: source.details } : { kind: 'absent' };
    } catch (error) {
      // The source is worth a warning, not the candidate. Silence and unknown credentials are another matter.
      if (isHubError(error) && UNREADABLE.has(error.code)) return { kind: 'unreadable' };
      throw error;
    }
  }
}

const UNREADABLE: ReadonlySet<string> = new Set(['ATS_PERMISSION_MISSING', 'ATS_REQUEST_REFUSED']);

/** Candidates carry ids, so the label need not be the same to the letter; where two differ in capitals alone, the exact one. */
function matching(sources: readonly LabelledSource[], name: string): LabelledSource | undefined {
  return sources.find(({ label }) => label === name) ?? sources.find(({ label }) => isSameText(label, name));
}
