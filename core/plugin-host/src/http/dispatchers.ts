import { Agent, type Dispatcher } from 'undici';
import { guardedLookup, type ResolveHost } from './guarded-lookup.js';
import type { RequestTarget } from './request-url.js';

/** How long an idle socket is kept: under the five seconds after which common servers close theirs. */
const KEEP_ALIVE_MS = 4_000;

/**
 * The sockets of one connection. Sockets to vendors and sockets to what a deployment put in their place are kept apart:
 * the former never lead anywhere but to public addresses, whatever the configuration says about the latter.
 */
export class Dispatchers {
  readonly #connectTimeoutMs: number;
  readonly #resolve: ResolveHost | undefined;
  #guarded: Agent | undefined;
  #overridden: Agent | undefined;

  constructor(connectTimeoutMs: number, resolve?: ResolveHost) {
    this.#connectTimeoutMs = connectTimeoutMs;
    this.#resolve = resolve;
  }

  /** What sends a request to this target. Sockets are opened when first needed. */
  for(target: RequestTarget): Dispatcher {
    if (target.overridden) {
      this.#overridden ??= this.#agent({});
      return this.#overridden;
    }
    this.#guarded ??= this.#agent({ lookup: guardedLookup(this.#resolve) });
    return this.#guarded;
  }

  async close(): Promise<void> {
    await Promise.all([this.#guarded?.destroy(), this.#overridden?.destroy()]);
  }

  #agent(connect: { readonly lookup?: ReturnType<typeof guardedLookup> }): Agent {
    return new Agent({
      // One request at a time on a socket: a broken one then leaves the fate of one request open, not of several.
      pipelining: 1,
      allowH2: false,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connect: { ...connect, timeout: this.#connectTimeoutMs },
    });
  }
}
