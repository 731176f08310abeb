import { type CallContext, CandidateRejectedError, type SourceCheck } from '@talentbridge/contracts';
import type { JobDivaClient } from './client.js';

/** An account's sources change rarely, and each export would ask. */
const KNOWN_FOR_MS = 10 * 60_000;

/** The résumé source that exported candidates carry: an admin knows its name, JobDiva its number. */
export class ExportSource {
  #known: { readonly id: number; readonly at: number } | undefined;

  constructor(
    private readonly client: JobDivaClient,
    readonly name: string,
  ) {}

  /** Whether JobDiva has it, asked anew. */
  async check(ctx: CallContext): Promise<SourceCheck> {
    const id = await this.#find(ctx);
    return id === undefined
      ? { name: this.name, present: false, remedy: `${this.#remedy()}.` }
      : { name: this.name, present: true };
  }

  /**
   * The number of the source, known for some minutes.
   * @throws CandidateRejectedError when JobDiva has no such source: nobody is sent whose origin would be lost.
   */
  async id(ctx: CallContext): Promise<number> {
    if (this.#known && Date.now() - this.#known.at < KNOWN_FOR_MS) return this.#known.id;
    const id = await this.#find(ctx);
    if (id !== undefined) return id;
    const reason = `it has no résumé source of this name (${this.#remedy()})`;
    throw new CandidateRejectedError('JobDiva', reason, 'source');
  }

  async #find(ctx: CallContext): Promise<number | undefined> {
    const wanted = comparable(this.name);
    const found = (await this.client.resumeSources(ctx)).find(({ name }) => comparable(name) === wanted);
    this.#known = found && { id: found.id, at: Date.now() };
    return found?.id;
  }

  #remedy(): string {
    return `have a JobDiva administrator add a résumé source named "${this.name}", or enter the name of one that exists in the settings of this connection`;
  }
}

/** What is sent is the number, so that capitals and spacing of the name need not be right. */
function comparable(name: string): string {
  return name.trim().replace(/\s+/g, ' ').toLowerCase();
}
