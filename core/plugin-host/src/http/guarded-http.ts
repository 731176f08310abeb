import {
  AtsAnswerTooLargeError,
  AtsAnswerUnreadableError,
  AtsRateLimitedError,
  AtsUnavailableError,
  type CallContext,
  type Effect,
  type HttpClient,
  type HttpRequest,
  type HttpResponse,
  type HubError,
  type HubErrorOptions,
  type Quota,
  retryAfterMs,
  type Urgency,
} from '@talentbridge/contracts';
import { type Clock, systemClock } from '../clock.js';
import type { SecretPlaceholders } from '../secrets/secret-placeholders.js';
import type { CircuitBreaker, CircuitState } from './circuit-breaker.js';
import { ConsecutiveFailureBreaker } from './consecutive-failure-breaker.js';
import { Dispatchers } from './dispatchers.js';
import { type Exchange, type ExchangeBounds, exchange, type WireAnswer, type WireFailure } from './exchange.js';
import type { ResolveHost } from './guarded-lookup.js';
import { type HostOverrides, readHostOverrides } from './host-overrides.js';
import { DEFAULT_HTTP_LIMITS, type HttpLimits } from './http-limits.js';
import { InflateError, inflate } from './inflate.js';
import { LocalPacer } from './local-pacer.js';
import { loggedPath, queryNames } from './logged-path.js';
import { type OutgoingRequest, outgoingRequest } from './outgoing-request.js';
import type { Pacer, Turn } from './pacer.js';
import { type KnownQuota, QuotaKeeper } from './quota-keeper.js';
import { responseOf } from './read-answer-body.js';
import { type RequestGuard, requestFault } from './request-guard.js';
import type { RequestLog } from './request-log.js';
import { type RequestTarget, redirectTarget } from './request-url.js';
import { type RetryPolicy, retryDelayMs, triesOf } from './retry-policy.js';
import { transportCode, transportError } from './transport-error.js';

/** What a guarded client is made of. Everything but the first five has a default that is fit for production. */
export interface GuardedHttpOptions {
  readonly pluginId: string;
  /** For messages: the plugin's display name. */
  readonly atsName: string;
  /** The hosts that may be called: `allowedHosts(plugin, settings)`. */
  readonly hosts: readonly string[];
  readonly secrets: SecretPlaceholders;
  /** Who is calling, for the vendor: `ExampleHub/1.0 (+https://example.com/bot)`. */
  readonly userAgent: string;
  /** Default: none, so that only public addresses are dialled, with TLS. */
  readonly hostOverrides?: HostOverrides;
  /** Default of each: `DEFAULT_HTTP_LIMITS`. */
  readonly limits?: Partial<HttpLimits>;
  readonly retry?: RetryPolicy;
  /** Closed with the client. Default: a `LocalPacer` with its defaults. */
  readonly pacer?: Pacer;
  /** Default: none. */
  readonly quota?: Quota | undefined;
  /** Closed with the client. Default: a `ConsecutiveFailureBreaker` with its defaults. */
  readonly breaker?: CircuitBreaker;
  /** Default: nothing is noted down. */
  readonly log?: RequestLog;
  readonly clock?: Clock;
  /** Default: the machine's resolver. Its answers are checked all the same. */
  readonly resolveHost?: ResolveHost;
}

/** The HTTP client of one connection. */
export interface GuardedHttp extends HttpClient {
  /** Whether the vendor is being spared at the moment. */
  readonly circuit: CircuitState;
  /** What the vendor said of its quota. `undefined`: it has none, or has not told yet. */
  readonly quota: KnownQuota | undefined;
  /** Ends what is under way and lets go of the sockets. */
  close(): Promise<void>;
}

/** Makes the client of one connection. It opens no socket before its first request. */
export function createGuardedHttp(options: GuardedHttpOptions): GuardedHttp {
  return new GuardedHttpClient(options);
}

/** Gateways and overloaded servers say these before they do anything; a plain 500 may come from this one request. */
const TEMPORARY = new Set([502, 503, 504]);

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MAX_REDIRECTS = 3;

/** Silence for this long counts against the vendor, even where the caller had no more time. */
const FAIR_WAIT_MS = 5_000;

const SPARED = 'has not been answering and is being spared';

/** What one try came to: an answer, or why there is none. `asked`: how long the vendor asked us to wait. */
type Outcome =
  | { readonly answer: WireAnswer; readonly asked: number | undefined }
  | { readonly error: HubError; readonly retryable: boolean; readonly sent: boolean };

/** What bounds one try. */
type AnswerBounds = Pick<ExchangeBounds, 'timeoutMs' | 'maxBytes'>;

class GuardedHttpClient implements GuardedHttp {
  readonly #guard: RequestGuard;
  readonly #limits: HttpLimits;
  readonly #retry: RetryPolicy;
  readonly #pacer: Pacer;
  readonly #quota: QuotaKeeper | undefined;
  readonly #breaker: CircuitBreaker;
  readonly #log: RequestLog | undefined;
  readonly #clock: Clock;
  readonly #dispatchers: Dispatchers;
  /** Ends the pauses between tries. */
  readonly #wakeUps = new Set<() => void>();
  #closed = false;

  constructor(options: GuardedHttpOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#limits = { ...DEFAULT_HTTP_LIMITS, ...options.limits };
    this.#retry = options.retry ?? {};
    this.#pacer = options.pacer ?? new LocalPacer({}, this.#clock);
    this.#quota = options.quota && new QuotaKeeper(options.quota, this.#clock);
    this.#breaker = options.breaker ?? new ConsecutiveFailureBreaker({}, this.#clock);
    this.#log = options.log;
    this.#dispatchers = new Dispatchers(this.#limits.connectTimeoutMs, options.resolveHost);
    this.#guard = {
      pluginId: options.pluginId,
      atsName: options.atsName,
      hosts: new Set(options.hosts),
      overrides: readHostOverrides(options.hostOverrides ?? {}),
      secrets: options.secrets,
      userAgent: options.userAgent,
    };
  }

  get circuit(): CircuitState {
    return this.#breaker.state;
  }

  get quota(): KnownQuota | undefined {
    return this.#quota?.known;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const wakeUp of this.#wakeUps) wakeUp();
    // What is under way ends first, and gives its turns back.
    await this.#dispatchers.close();
    await Promise.all([this.#pacer.close?.(), this.#breaker.close?.()]);
  }

  async send(ctx: CallContext, request: HttpRequest): Promise<HttpResponse> {
    const outgoing = outgoingRequest(this.#guard, request);
    const bounds = { timeoutMs: this.#timeoutOf(request), maxBytes: this.#maxBytesOf(request) };
    const tries = triesOf(this.#retry);
    // Remembers over all tries whether one of them may have written something: a later "connection refused" does not
    // undo what an earlier silence may have done.
    let effect: Effect = 'none';
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.#try(ctx, request, outgoing, bounds, attempt, effect);
      effect = effectOf(outgoing, outcome, effect);
      const asked = 'answer' in outcome ? outcome.asked : undefined;
      const delay = retryDelayMs(this.#retry, attempt, asked);
      const mayRepeat = attempt < tries && !this.#closed && this.#clock.now() + delay < ctx.deadline;
      if (mayRepeat && this.#isWorthRepeating(ctx, outgoing, outcome)) {
        await this.#pause(delay);
        continue;
      }
      if ('error' in outcome) throw outcome.error;
      if (outcome.answer.status === 429) throw new AtsRateLimitedError(this.#guard.atsName, asked, { effect });
      return this.#read(outgoing, outcome.answer, request, bounds.maxBytes);
    }
  }

  #timeoutOf(request: HttpRequest): number {
    const asked = request.timeoutMs ?? this.#limits.timeoutMs;
    if (!(asked > 0)) throw requestFault(this.#guard, 'asked for a time limit that is not above zero');
    return Math.min(asked, this.#limits.maxTimeoutMs);
  }

  #maxBytesOf({ maxBytes }: HttpRequest): number {
    const { maxResponseBytes, hardMaxResponseBytes } = this.#limits;
    return maxBytes === undefined ? maxResponseBytes : Math.min(maxBytes, hardMaxResponseBytes);
  }

  /** How long the vendor asked us to wait, after a 429 or a 503; everyone who is counted with this request then waits. */
  #askedToWait({ status, headers }: WireAnswer, lane: string | undefined): number | undefined {
    const resetMs = this.#quota?.observe(headers);
    if (status !== 429 && status !== 503) return undefined;
    const header = headers['retry-after'];
    const asked =
      header === undefined
        ? undefined
        : retryAfterMs({ status, headers: { 'retry-after': header }, json: undefined, text: '' }, this.#clock.now());
    if (status === 503) {
      // The vendor is overloaded as a whole, whatever was asked.
      if (asked !== undefined) this.#pacer.slowDown(asked);
      return asked;
    }
    const waitMs = asked ?? resetMs;
    this.#pacer.slowDown(waitMs ?? retryDelayMs(this.#retry, 1), lane);
    return waitMs;
  }

  /** Not while the vendor is spared, nor when the quota is used up: the try would only be burnt. */
  #isWorthRepeating(ctx: CallContext, outgoing: OutgoingRequest, outcome: Outcome): boolean {
    return (
      isWorthRepeating(outgoing, outcome) &&
      this.#breaker.state === 'closed' &&
      this.#quota?.refusedFor(urgencyOf(ctx)) === undefined
    );
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wakeUp = () => {
        cancel();
        this.#wakeUps.delete(wakeUp);
        resolve();
      };
      const cancel = this.#clock.after(ms, wakeUp);
      this.#wakeUps.add(wakeUp);
    });
  }

  /** One try, with the redirects that it leads to. */
  async #try(
    ctx: CallContext,
    request: HttpRequest,
    outgoing: OutgoingRequest,
    { timeoutMs, maxBytes }: AnswerBounds,
    attempt: number,
    effect: Effect,
  ): Promise<Outcome> {
    let target = outgoing.target;
    for (let redirects = 0; ; ) {
      // The vendor counts a redirect that is followed as a request like any other.
      const turn = await this.#turn(ctx, request.lane, effect);
      if ('error' in turn) return { error: turn.error, retryable: false, sent: false };
      const ended = this.#quota?.begin();
      try {
        const left = Math.min(timeoutMs, ctx.deadline - this.#clock.now());
        const within = { timeoutMs: Math.max(0, left), maxBytes };
        const result = await this.#exchange(ctx, outgoing, target, within, { attempt, lane: request.lane }, turn);
        if ('failure' in result) {
          // Its turn lapsed before it could leave: it needs another one.
          if (result.failure.kind === 'held') continue;
          return this.#failed(outgoing, request, result.failure, { waitedMs: left, timeoutMs }, effect);
        }
        this.#judge(result.answer.status);
        const asked = this.#askedToWait(result.answer, request.lane);
        const next = redirects < MAX_REDIRECTS ? this.#nextTarget(outgoing, target, result.answer) : undefined;
        if (next === undefined) return { answer: result.answer, asked };
        target = next;
        redirects += 1;
      } finally {
        ended?.();
        turn.release();
      }
    }
  }

  /** Waits until a request may go out, or says why none may. */
  async #turn(
    ctx: CallContext,
    lane: string | undefined,
    effect: Effect,
  ): Promise<Turn | { readonly error: AtsUnavailableError | AtsRateLimitedError }> {
    const { atsName } = this.#guard;
    const unavailable = (reason: string) => ({ error: new AtsUnavailableError(atsName, reason, { effect }) });
    const limited = (retryMs: number | undefined) => ({ error: new AtsRateLimitedError(atsName, retryMs, { effect }) });
    if (this.#closed) return unavailable('was not asked, because its connection is closed');
    if (ctx.deadline <= this.#clock.now()) return unavailable('could not be asked in the time that was left');
    if (this.#breaker.sparing) return unavailable(SPARED);
    const urgency = urgencyOf(ctx);
    const resetMs = this.#quota?.refusedFor(urgency);
    if (resetMs !== undefined) return limited(resetMs);
    const turn = await this.#pacer.acquire({ lane, urgency, deadline: ctx.deadline });
    if (!turn.granted) return limited(turn.retryAfterMs);
    // Others may have learned something while this one waited.
    const lateResetMs = this.#quota?.refusedFor(urgency);
    if (lateResetMs !== undefined) {
      turn.release();
      return limited(lateResetMs);
    }
    if (this.#breaker.state === 'open' && !(await this.#breaker.admit())) {
      turn.release();
      return unavailable(SPARED);
    }
    return turn;
  }

  async #exchange(
    ctx: CallContext,
    outgoing: OutgoingRequest,
    target: RequestTarget,
    bounds: AnswerBounds,
    { attempt, lane }: { readonly attempt: number; readonly lane: string | undefined },
    turn: Turn,
  ): Promise<Exchange> {
    const startedAt = this.#clock.now();
    const { method, headers, body } = outgoing;
    const result = await exchange(
      this.#dispatchers.for(target),
      { origin: target.origin, path: target.path, method, headers, body },
      { ...bounds, clock: this.#clock, begin: () => turn.begin() },
    );
    if ('failure' in result && result.failure.kind === 'held') return result;
    this.#log?.record({
      callId: ctx.callId,
      startedAt,
      method,
      host: target.host,
      path: loggedPath(target.pathname, this.#guard.secrets),
      queryNames: queryNames(target.path),
      ...(lane === undefined ? {} : { lane }),
      attempt,
      durationMs: this.#clock.now() - startedAt,
      ...('answer' in result
        ? { status: result.answer.status, bytes: result.answer.body.length }
        : { bytes: result.failure.bytes, errorCode: codeOf(result.failure) }),
    });
    return result;
  }

  #judge(status: number): void {
    if (TEMPORARY.has(status)) this.#breaker.failed();
    else this.#breaker.succeeded();
  }

  #nextTarget(outgoing: OutgoingRequest, from: RequestTarget, answer: WireAnswer): RequestTarget | undefined {
    const { location } = answer.headers;
    if (outgoing.method !== 'GET' || !REDIRECTS.has(answer.status) || location === undefined) return undefined;
    return redirectTarget(this.#guard, from, location);
  }

  #failed(
    outgoing: OutgoingRequest,
    request: HttpRequest,
    failure: WireFailure,
    time: { readonly waitedMs: number; readonly timeoutMs: number },
    before: Effect,
  ): Outcome {
    const { atsName } = this.#guard;
    const effect: Effect = before === 'unknown' || (failure.sent && !outgoing.reads) ? 'unknown' : 'none';
    const options = { effect, ...(failure.cause && { cause: transportError(failure.cause, this.#guard.secrets) }) };
    const { sent } = failure;
    if (failure.kind === 'tooLarge') {
      // The vendor is up and answered: its size is no failure of the vendor's, and asking again changes nothing.
      this.#breaker.succeeded();
      return { error: this.#tooLarge(outgoing, request, options), retryable: false, sent };
    }
    // A deadline that left the vendor hardly any time says nothing about the vendor.
    const fair = failure.kind !== 'timeout' || time.waitedMs >= Math.min(time.timeoutMs, FAIR_WAIT_MS);
    if (fair) this.#breaker.failed();
    if (failure.kind === 'cutOff') {
      const error = new AtsAnswerUnreadableError(atsName, describe(outgoing), 'it was cut off, or is no HTTP', options);
      return { error, retryable: true, sent };
    }
    const addressRefused = codeOf(failure) === 'ADDRESS_REFUSED';
    const reason = addressRefused
      ? `cannot be called, because ${outgoing.target.host} does not lead to a public address`
      : failure.kind === 'timeout'
        ? `did not answer within ${Math.ceil(time.waitedMs / 100) / 10} s`
        : failure.kind === 'lost'
          ? `broke the connection before it answered (${codeOf(failure)})`
          : `cannot be reached (${codeOf(failure)})`;
    return { error: new AtsUnavailableError(atsName, reason, options), retryable: !addressRefused, sent };
  }

  /** The plugin said what to make of what is larger than it asked for. What is larger than we take is odd. */
  #tooLarge(outgoing: OutgoingRequest, request: HttpRequest, options: HubErrorOptions): HubError {
    const { atsName } = this.#guard;
    const maxBytes = this.#maxBytesOf(request);
    return request.maxBytes === undefined
      ? new AtsAnswerUnreadableError(atsName, describe(outgoing), `it is larger than ${maxBytes} bytes`, options)
      : new AtsAnswerTooLargeError(atsName, describe(outgoing), maxBytes, options);
  }

  async #read(
    outgoing: OutgoingRequest,
    answer: WireAnswer,
    request: HttpRequest,
    maxBytes: number,
  ): Promise<HttpResponse> {
    const { secrets, atsName } = this.#guard;
    const effect: Effect = outgoing.reads ? 'none' : 'unknown';
    const encoding = answer.headers['content-encoding'];
    try {
      const body = encoding === undefined ? answer.body : await inflate(answer.body, encoding, maxBytes);
      return { ...responseOf({ ...answer, body }, request, secrets, this.#limits.maxJsonDepth), effect };
    } catch (cause) {
      if (!(cause instanceof InflateError)) throw cause;
      const options = { effect, cause };
      if (cause.tooLarge && request.maxBytes !== undefined) throw this.#tooLarge(outgoing, request, options);
      throw new AtsAnswerUnreadableError(atsName, describe(outgoing), `it ${cause.reason}`, options);
    }
  }
}

/**
 * A request may be sent again when that does no more than sending it once, when it never left, or when the vendor
 * turned it away with a 429, which did nothing.
 */
function isWorthRepeating(outgoing: OutgoingRequest, outcome: Outcome): boolean {
  if ('error' in outcome) return outcome.retryable && (outgoing.repeatable || !outcome.sent);
  const { status } = outcome.answer;
  return status === 429 || (outgoing.repeatable && TEMPORARY.has(status));
}

function effectOf(outgoing: OutgoingRequest, outcome: Outcome, before: Effect): Effect {
  if ('error' in outcome) return outcome.error.effect;
  return !outgoing.reads && TEMPORARY.has(outcome.answer.status) ? 'unknown' : before;
}

function urgencyOf(ctx: CallContext): Urgency {
  return ctx.urgency ?? 'work';
}

/** The request as part of a message: names no person and no secret. */
function describe(outgoing: OutgoingRequest): string {
  return `a ${outgoing.method} request to ${outgoing.target.host}`;
}

function codeOf(failure: WireFailure): string {
  if (failure.kind === 'timeout') return 'TIMEOUT';
  if (failure.kind === 'tooLarge') return 'TOO_LARGE';
  return transportCode(failure.cause);
}
