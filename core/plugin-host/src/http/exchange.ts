import type { IncomingHttpHeaders } from 'node:http';
import { type Dispatcher, errors } from 'undici';
import type { Clock } from '../clock.js';

/** What goes onto the wire: secrets are in it. Never kept longer than the call. */
export interface WireRequest {
  readonly origin: string;
  /** With the query. */
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | Uint8Array | undefined;
}

/** An answer as it came: still packed, still with whatever secrets the vendor echoes. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Why there is no answer. */
export interface WireFailure {
  /**
   * - `unreachable`: no connection was made
   * - `lost`: the connection broke before the answer began
   * - `cutOff`: it broke after the answer began, or what came is no HTTP
   * - `tooLarge`: the answer is larger than allowed
   * - `timeout`: time ran out
   * - `held`: it was not to be sent any more by the time it could be
   */
  readonly kind: 'unreachable' | 'lost' | 'cutOff' | 'tooLarge' | 'timeout' | 'held';
  /** Whether any of the request may have left. */
  readonly sent: boolean;
  /** Bytes of the answer that came. */
  readonly bytes: number;
  readonly cause?: Error;
}

/** What came of one request on the wire. */
export type Exchange = { readonly answer: WireAnswer } | { readonly failure: WireFailure };

/** What bounds one exchange. */
export interface ExchangeBounds {
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly clock: Clock;
  /** Called when the request is about to be written; `false` holds it back. */
  readonly begin: () => boolean;
}

/**
 * Sends one request and collects the answer. Never rejects.
 *
 * Built on `dispatch` rather than on undici's `request`: its handler is told when the request is about to be written,
 * which is the one reliable sign of whether a failed request may have reached the vendor.
 */
export function exchange(dispatcher: Dispatcher, request: WireRequest, bounds: ExchangeBounds): Promise<Exchange> {
  return new Promise((resolve) => {
    const collector = new AnswerCollector(bounds, resolve);
    try {
      dispatcher.dispatch(
        {
          origin: request.origin,
          path: request.path,
          method: request.method,
          headers: request.headers,
          body: request.body ?? null,
          // Time is kept by the collector, over the whole exchange.
          headersTimeout: 0,
          bodyTimeout: 0,
        },
        collector,
      );
    } catch (error) {
      // The dispatcher was closed meanwhile, or does not take the request as it is.
      collector.fail('unreachable', error instanceof Error ? error : new Error(String(error)));
    }
  });
}

class AnswerCollector implements Dispatcher.DispatchHandler {
  readonly #bounds: ExchangeBounds;
  readonly #resolve: (exchange: Exchange) => void;
  readonly #cancelTimeout: () => void;
  readonly #chunks: Buffer[] = [];
  #controller: Dispatcher.DispatchController | undefined;
  #answer: { readonly status: number; readonly headers: IncomingHttpHeaders } | undefined;
  #bytes = 0;
  #over = false;

  constructor(bounds: ExchangeBounds, resolve: (exchange: Exchange) => void) {
    this.#bounds = bounds;
    this.#resolve = resolve;
    this.#cancelTimeout = bounds.clock.after(bounds.timeoutMs, () => this.fail('timeout'));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Time ran out while the request waited for a connection: it must not leave any more.
    if (!this.#over && !this.#bounds.begin()) this.fail('held');
    if (this.#over) controller.abort(new Error('The request was given up.'));
    else this.#controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return; // An interim answer, such as 103: the real one follows.
    this.#answer = { status, headers };
    if (Number(headers['content-length']) > this.#bounds.maxBytes) this.fail('tooLarge');
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#over) return;
    this.#bytes += chunk.length;
    if (this.#bytes > this.#bounds.maxBytes) this.fail('tooLarge');
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#over || this.#answer === undefined) return;
    const [first] = this.#chunks;
    const body = this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks);
    this.#settle({ answer: { ...this.#answer, body } });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#answer !== undefined || error instanceof errors.HTTPParserError) this.fail('cutOff', error);
    else this.fail(this.#controller === undefined ? 'unreachable' : 'lost', error);
  }

  /** Gives the exchange up, and destroys the socket if it is in use. */
  fail(kind: WireFailure['kind'], cause?: Error): void {
    if (this.#over) return;
    const sent = this.#controller !== undefined;
    this.#settle({ failure: { kind, sent, bytes: this.#bytes, ...(cause && { cause }) } });
    this.#controller?.abort(new Error('The request was given up.'));
  }

  #settle(exchange: Exchange): void {
    if (this.#over) return;
    this.#over = true;
    this.#cancelTimeout();
    this.#chunks.length = 0;
    this.#resolve(exchange);
  }
}
