import type { CallContext } from './context.js';
import { isHubError } from './errors.js';
import type { HttpResponse } from './http.js';

/** How long a token may be used. */
export interface TokenLife {
  /** Milliseconds since the epoch; some time before the vendor forgets it. */
  readonly usableUntil: number;
}

/**
 * The token of a vendor that is asked for with the credentials and lives for a while. Requests that are sent at the same time
 * share one, and its renewal. One to each client object: nothing of it outlives that.
 */
export class SharedToken<Token extends TokenLife> {
  #token: Token | undefined;
  #isRefused = false;
  #renewal: Promise<Token> | undefined;

  /** @param renew Asks the vendor for a new one; the last is given, which may be over. */
  constructor(private readonly renew: (ctx: CallContext, last: Token | undefined) => Promise<Token>) {}

  /** Takes another one in, which somebody has just asked for. */
  replace(token: Token): void {
    this.#token = token;
    this.#isRefused = false;
  }

  /**
   * Sends a request with the token. After a 401 the token is renewed and the request sent again, once: a 401 did nothing. Any
   * other answer is the caller's business.
   * @throws What `renew` throws.
   */
  async send(ctx: CallContext, sendWith: (token: Token) => Promise<HttpResponse>): Promise<HttpResponse> {
    const isFresh = this.#usable() === undefined;
    const token = await this.#usableOrNew(ctx);
    const response = await sendWith(token);
    if (response.status !== 401 || isFresh) return response;
    // Somebody else may have renewed it meanwhile.
    if (this.#token === token) this.#isRefused = true;
    return sendWith(await this.#usableOrNew(ctx));
  }

  #usable(): Token | undefined {
    return this.#token && !this.#isRefused && Date.now() < this.#token.usableUntil ? this.#token : undefined;
  }

  /** The token that there is, or a new one; whoever asks meanwhile waits for the same. */
  async #usableOrNew(ctx: CallContext): Promise<Token> {
    const token = this.#usable();
    if (token) return token;
    const shared = this.#renewal;
    if (shared) {
      try {
        return await shared;
      } catch (error) {
        // Whoever began it may have had less time than we have.
        if (isHubError(error) && error.recovery === 'retry') return this.#usableOrNew(ctx);
        throw error;
      }
    }
    const renewal = this.renew(ctx, this.#token);
    this.#renewal = renewal;
    try {
      const renewed = await renewal;
      this.replace(renewed);
      return renewed;
    } finally {
      this.#renewal = undefined;
    }
  }
}
