import type { CallContext, ExportCapability, ExportRequest } from '@talentbridge/contracts';
import { isHubError } from '@talentbridge/contracts';

/** What was found out ahead about one request: `undefined` when nobody looked. */
export type LookedUp = ExportRequest['lookedUp'];

/** After this long an answer is forgotten: somebody else may have added the person meanwhile. */
const ANSWER_LIFE_MS = 60_000;
/** Most requests in one call of `lookUp`, where the plugin names no number. */
export const DEFAULT_LOOK_UP_BATCH = 50;

/** What looking ahead needs. */
export interface LookAheadParts {
  readonly exporter: ExportCapability;
  readonly contextOf: () => CallContext;
  /** Requests that will be sent soon, those of the named items first; at most so many. */
  readonly next: (itemIds: readonly string[], most: number) => Promise<readonly ExportRequest[]>;
}

/**
 * Asks the ATS about many candidates in one call shortly before they are sent, where the plugin can (`lookUp`), so that
 * each of them saves a search of its own.
 */
export class LookAhead {
  private readonly answers = new Map<string, { readonly lookedUp: LookedUp; readonly at: number }>();
  /** Items that will be sent next and have no answer yet. */
  private readonly expected = new Set<string>();
  private asking: Promise<void> | undefined;

  constructor(private readonly parts: LookAheadParts) {}

  /** This item is sent next, so that the next call asks about it. */
  expect(itemId: string): void {
    if (this.parts.exporter.lookUp) this.expected.add(itemId);
  }

  /** What is known of an item; asks, together with others, when nothing is. An answer is given once. */
  async of(itemId: string): Promise<LookedUp> {
    if (!this.parts.exporter.lookUp) return undefined;
    this.expected.add(itemId);
    // A call that is under way may have begun before this item was expected.
    for (let tries = 0; tries < 2 && !this.fresh(itemId); tries += 1) {
      this.asking ??= this.ask().finally(() => {
        this.asking = undefined;
      });
      await this.asking;
    }
    const answer = this.fresh(itemId);
    this.answers.delete(itemId);
    this.expected.delete(itemId);
    return answer?.lookedUp;
  }

  private fresh(itemId: string) {
    const answer = this.answers.get(itemId);
    return answer && Date.now() - answer.at < ANSWER_LIFE_MS ? answer : undefined;
  }

  private async ask(): Promise<void> {
    const { exporter, contextOf, next } = this.parts;
    const most = exporter.limits.lookUpBatch ?? DEFAULT_LOOK_UP_BATCH;
    const wanted = [...this.expected].filter((id) => !this.fresh(id)).slice(0, most);
    const requests = (await next(wanted, most)).filter(({ itemId }) => !this.fresh(itemId));
    const at = Date.now();
    const remember = (itemId: string, lookedUp: LookedUp): void => {
      this.answers.set(itemId, { lookedUp, at });
    };
    try {
      const found = (await exporter.lookUp?.(contextOf(), requests)) ?? {};
      for (const { itemId } of requests) {
        const reference = Object.hasOwn(found, itemId) ? found[itemId] : undefined;
        remember(itemId, reference ? { found: reference } : {});
      }
    } catch (error) {
      if (!isHubError(error)) throw error;
      // Each of them looks by itself then, and says what is the matter.
      for (const { itemId } of requests) remember(itemId, undefined);
    }
    for (const { itemId } of requests) this.expected.delete(itemId);
  }
}
