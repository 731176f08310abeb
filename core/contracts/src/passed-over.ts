import type { UnreadableRecord } from './capabilities/rediscovery.js';
import { type HubError, isHubError } from './errors.js';
import type { RecordReference } from './model/mirror.js';

/** Failed tries of a page after which records that fail are passed over. */
const PATIENCE = 3;

/** The same where nothing of that kind on the page was read: then it may be the ATS that fails. */
const PATIENCE_WITHOUT_WITNESS = 10;

/** Records of one page that may fail. When more do, it is the ATS that fails. */
const MOST_PASSED_OVER = 10;

/**
 * What of a page could not be read, and is passed over rather than holding up the run for ever: for plugins that ask for each
 * record of a page by itself. What it gathers is the `unreadable` of the page.
 */
export class PassedOver {
  readonly #failures: { readonly reference: RecordReference; readonly error: Error }[] = [];
  /** Kinds of which something was read. */
  readonly #witnessed = new Set<RecordReference['kind']>();

  /** @param attempt How often the page has failed before. */
  constructor(private readonly attempt = 0) {}

  /**
   * Reads one record. `undefined`: it fails, and is passed over.
   * @throws what `read` throws, until the page has failed a few times, and where it is not about this record.
   */
  async read<Answer>(reference: RecordReference, read: () => Promise<Answer>): Promise<{ answer: Answer } | undefined> {
    try {
      const answer = await read();
      this.#witnessed.add(reference.kind);
      return { answer };
    } catch (error) {
      if (!isOfRecord(error) || this.#failures.length >= MOST_PASSED_OVER) throw error;
      // What is too large is there, and stays so.
      const isTooLarge = error.code === 'ATS_ANSWER_TOO_LARGE';
      if (isTooLarge) this.#witnessed.add(reference.kind);
      else if (this.attempt < PATIENCE) throw error;
      this.#failures.push({ reference, error });
      return undefined;
    }
  }

  /** Those that were passed over. @throws what they threw, where nothing tells that the ATS works otherwise. */
  get records(): readonly UnreadableRecord[] {
    const alone = this.#failures.find(({ reference }) => !this.#witnessed.has(reference.kind));
    if (alone && this.attempt < PATIENCE_WITHOUT_WITNESS) throw alone.error;
    return this.#failures.map(({ reference, error }) => ({ reference, reason: error.message }));
  }
}

/** What may be the fault of one record: a slower pace and refused credentials never are. */
function isOfRecord(error: unknown): error is HubError {
  return isHubError(error) && RECORD_ERRORS.has(error.code);
}

const RECORD_ERRORS: ReadonlySet<string> = new Set([
  'ATS_UNAVAILABLE',
  'ATS_ANSWER_UNREADABLE',
  'ATS_ANSWER_TOO_LARGE',
]);
