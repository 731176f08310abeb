import {
  type CallContext,
  CredentialsRejectedError,
  failureOf,
  type HttpClient,
  type HttpRequest,
  type HttpResponse,
  isHubError,
  readAnswer,
  type Secret,
} from '@talentbridge/contracts';
import { ATS, isSuccess } from './vendor-errors.js';
import { accessToken, signInRefusal } from './vendor-records.js';

const SIGN_IN = { atsName: ATS, action: 'sign in to the API' };

/** A token that ends within this time is not used any more (LinkedIn sheet §2.1: it lives 30 minutes, CONFIRMED). */
const SPARE_MS = 2 * 60_000;

/** The application of a customer. */
export interface LinkedInClient {
  readonly clientId: string;
  readonly clientSecret: Secret;
}

/** A request without what the session puts in. */
export type SessionRequest = Omit<HttpRequest, 'basic' | 'secretsAt'>;

interface Token {
  readonly value: Secret;
  /** Milliseconds since the epoch. */
  readonly usableUntil: number;
}

/**
 * A signed-in application: the only place that knows tokens and how long they live. Requests that are sent at the same time
 * share one sign-in.
 */
export class LinkedInSession {
  #token: Token | undefined;
  #renewal: Promise<Token> | undefined;

  constructor(
    private readonly http: HttpClient,
    private readonly client: LinkedInClient,
  ) {}

  /**
   * Signs in anew: proves that LinkedIn knows the application now.
   * @throws CredentialsRejectedError
   */
  async signIn(ctx: CallContext): Promise<void> {
    this.#token = await this.#newToken(ctx);
  }

  /**
   * Sends a request with a token. After a 401 the token is renewed and the request repeated, once: a 401 did nothing. Any
   * other answer is the caller's business.
   */
  async send(ctx: CallContext, request: SessionRequest): Promise<HttpResponse> {
    const isFresh = !isUsable(this.#token);
    const token = await this.#usableToken(ctx);
    const response = await this.#sendWith(ctx, request, token);
    if (response.status !== 401 || isFresh) return response;
    // Somebody else may have renewed it meanwhile.
    if (this.#token === token) this.#token = undefined;
    return this.#sendWith(ctx, request, await this.#usableToken(ctx));
  }

  #sendWith(ctx: CallContext, request: SessionRequest, { value }: Token): Promise<HttpResponse> {
    return this.http.send(ctx, { ...request, headers: { ...request.headers, authorization: `Bearer ${value}` } });
  }

  /** The token that there is, or a new one; whoever asks meanwhile waits for the same. */
  async #usableToken(ctx: CallContext): Promise<Token> {
    if (isUsable(this.#token)) return this.#token;
    const shared = this.#renewal;
    if (shared) {
      try {
        return await shared;
      } catch (error) {
        // Whoever began it may have had less time than we have.
        if (isHubError(error) && error.recovery === 'retry') return this.#usableToken(ctx);
        throw error;
      }
    }
    const renewal = this.#newToken(ctx);
    this.#renewal = renewal;
    try {
      this.#token = await renewal;
      return this.#token;
    } finally {
      this.#renewal = undefined;
    }
  }

  /** LinkedIn sheet §2.1, CONFIRMED. */
  async #newToken(ctx: CallContext): Promise<Token> {
    const askedAt = Date.now();
    const response = await this.http.send(ctx, {
      method: 'POST',
      url: 'https://www.linkedin.com/oauth/v2/accessToken',
      headers: { accept: 'application/json' },
      body: {
        form: {
          grant_type: 'client_credentials',
          client_id: this.client.clientId,
          client_secret: this.client.clientSecret,
        },
      },
      reads: true,
      secretsAt: ['/access_token'],
    });
    if (!isSuccess(response)) throw signInFailure(response);
    const { access_token: value, expires_in: seconds } = readAnswer(response, accessToken, SIGN_IN);
    return { value, usableUntil: askedAt + seconds * 1000 - SPARE_MS };
  }
}

function isUsable(token: Token | undefined): token is Token {
  return token !== undefined && Date.now() < token.usableUntil;
}

/** What a refused sign-in means (LinkedIn sheet §2.1, INFERRED). */
function signInFailure(response: HttpResponse): unknown {
  const { error } = signInRefusal.parse(response.json);
  const isUnknown = error?.startsWith('invalid_client') === true;
  return isUnknown || response.status === 401
    ? new CredentialsRejectedError(ATS, 'it knows no such client ID and secret')
    : failureOf(response, SIGN_IN, error);
}
