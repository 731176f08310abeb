import {
  type CallContext,
  CredentialsRejectedError,
  failureOf,
  type HttpClient,
  type HttpRequest,
  type HttpResponse,
  readAnswer,
  type Secret,
  SharedToken,
  type TokenLife,
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

interface Token extends TokenLife {
  readonly value: Secret;
}

/** A signed-in application: the only place that knows tokens and how long they live. */
export class LinkedInSession {
  readonly #token = new SharedToken<Token>((ctx) => this.#newToken(ctx));

  constructor(
    private readonly http: HttpClient,
    private readonly client: LinkedInClient,
  ) {}

  /**
   * Signs in anew: proves that LinkedIn knows the application now.
   * @throws CredentialsRejectedError
   */
  async signIn(ctx: CallContext): Promise<void> {
    this.#token.replace(await this.#newToken(ctx));
  }

  /** Sends a request with a token, which is renewed where LinkedIn does not take it any more. */
  send(ctx: CallContext, request: SessionRequest): Promise<HttpResponse> {
    return this.#token.send(ctx, ({ value }) =>
      this.http.send(ctx, { ...request, headers: { ...request.headers, authorization: `Bearer ${value}` } }),
    );
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

/** What a refused sign-in means (LinkedIn sheet §2.1, INFERRED). */
function signInFailure(response: HttpResponse): unknown {
  const { error } = signInRefusal.parse(response.json);
  const isUnknown = error?.startsWith('invalid_client') === true;
  return isUnknown || response.status === 401
    ? new CredentialsRejectedError(ATS, 'it knows no such client ID and secret')
    : failureOf(response, SIGN_IN, error);
}
