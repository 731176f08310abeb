import http from 'node:http';
import https from 'node:https';

/** What a callback address answered. */
export interface CallbackAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
}

/** What is posted. */
export interface CallbackRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** How long the whole answer may take, in milliseconds. */
  readonly withinMs: number;
}

/** Posts to callback addresses, over connections that stay open. Follows no redirect. */
export class WebhookSender {
  readonly #agents: { readonly http: http.Agent; readonly https: https.Agent };

  constructor(atOnce: number) {
    const options = { keepAlive: true, maxSockets: atOnce };
    this.#agents = { http: new http.Agent(options), https: new https.Agent(options) };
  }

  /** Answers `undefined` when nobody did, or not in time. */
  async post(request: CallbackRequest): Promise<CallbackAnswer | undefined> {
    const first = await this.#exchange(request);
    // A connection that stood open may have been closed over there a moment before: that is no failure of anybody.
    return first === 'stale'
      ? this.#exchange(request).then((second) => (second === 'stale' ? undefined : second))
      : first;
  }

  /** Breaks what is under way. */
  close(): void {
    this.#agents.http.destroy();
    this.#agents.https.destroy();
  }

  #exchange({ url, headers, body, withinMs }: CallbackRequest): Promise<CallbackAnswer | 'stale' | undefined> {
    return new Promise((resolve) => {
      const isSecure = url.startsWith('https:');
      const content = { 'content-length': String(Buffer.byteLength(body)) };
      const options = { method: 'POST', headers: { ...headers, ...content } };
      const request = isSecure
        ? https.request(url, { ...options, agent: this.#agents.https })
        : http.request(url, { ...options, agent: this.#agents.http });
      const late = setTimeout(() => request.destroy(), withinMs);
      const settle = (outcome: CallbackAnswer | 'stale' | undefined): void => {
        clearTimeout(late);
        resolve(outcome);
      };
      request.once('response', (response) => {
        const answer = { status: response.statusCode ?? 0, headers: response.headers };
        response.once('end', () => settle(answer));
        response.once('close', () => settle(undefined));
        response.once('error', () => settle(undefined));
        response.resume();
      });
      request.once('error', (error: NodeJS.ErrnoException) => {
        const isStale = request.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
        settle(isStale ? 'stale' : undefined);
      });
      request.end(body);
    });
  }
}
