import {
  AtsAnswerUnreadableError,
  type CallContext,
  CredentialsRejectedError,
  failureOf,
  type HttpClient,
  type HttpRequest,
  type HttpResponse,
  PermissionMissingError,
  type Secret,
  SharedToken,
  type TokenLife,
} from '@talentbridge/contracts';
import { z } from 'zod';
import { isSuccess, loginRefusal } from './vendor-errors.js';

const ATS = 'JobDiva';
const LOGIN = { atsName: ATS, action: 'sign in to the API' };

/** A token lives 24 hours (JobDiva sheet §2, CONFIRMED); one that is nearly over is not used any more. */
const TOKEN_USE_MS = 23 * 3_600_000;

/** Where tokens stand in the answers of logins; the empty pointer is for a login that answers the bare token. */
const TOKENS_AT = ['/token', '/refreshtoken', ''];

/** Who signs in, and where. */
export interface JobDivaLogin {
  /** Host name of the API. */
  readonly host: string;
  readonly clientId: string;
  readonly username: string;
  readonly password: Secret;
}

/** A request to the API: the path begins after the host, and the token is put in. */
export type ApiRequest = Omit<HttpRequest, 'url' | 'headers' | 'basic' | 'secretsAt'> & { readonly path: string };

interface Token extends TokenLife {
  readonly value: string;
  readonly refresh: string | undefined;
}

/** How a token is presented: both were seen to work (JobDiva sheet §2). */
type Scheme = 'bearer' | 'raw';

const tokenPair = z.object({ token: z.string().min(1), refreshtoken: z.string().min(1).nullish().catch(undefined) });

/**
 * A signed-in user of JobDiva's API: the only place that knows logins, tokens and how long they live.
 */
export class JobDivaSession {
  readonly #token = new SharedToken<Token>((ctx, last) => this.#renew(ctx, last));
  #scheme: Scheme = 'bearer';
  /** The scheme has been taken once, so that a 401 means the token. */
  #schemeProven = false;
  /** How far JobDiva's clock is ahead of ours, in milliseconds, as its answers say. */
  #clockAhead = 0;

  constructor(
    private readonly http: HttpClient,
    private readonly login: JobDivaLogin,
  ) {}

  /**
   * Signs in anew, whoever is signed in already: proves that JobDiva knows the credentials now.
   * @throws CredentialsRejectedError
   * @throws PermissionMissingError when the user may not use the API.
   */
  async signIn(ctx: CallContext): Promise<void> {
    this.#token.replace(await this.#signIn(ctx));
  }

  /**
   * The present, in milliseconds since the epoch, by our clock and by JobDiva's: the earlier and the later of the two. Before
   * the first answer both are ours.
   */
  now(): { readonly earliest: number; readonly latest: number } {
    const ours = Date.now();
    const theirs = ours + this.#clockAhead;
    return { earliest: Math.min(ours, theirs), latest: Math.max(ours, theirs) };
  }

  /** Sends a request with a token, which is renewed where JobDiva does not take it any more. */
  send(ctx: CallContext, request: ApiRequest): Promise<HttpResponse> {
    return this.#token.send(ctx, (token) => this.#sendWith(ctx, request, token));
  }

  /** Presents the token; when nobody knows yet in which form JobDiva wants it, in both. */
  async #sendWith(ctx: CallContext, request: ApiRequest, token: Token): Promise<HttpResponse> {
    const response = await this.#present(ctx, request, token.value, this.#scheme);
    if (response.status !== 401) {
      this.#schemeProven = true;
      return response;
    }
    if (this.#schemeProven) return response;
    const other: Scheme = this.#scheme === 'bearer' ? 'raw' : 'bearer';
    const second = await this.#present(ctx, request, token.value, other);
    if (second.status === 401) return second;
    this.#scheme = other;
    this.#schemeProven = true;
    return second;
  }

  async #present(ctx: CallContext, request: ApiRequest, token: string, scheme: Scheme): Promise<HttpResponse> {
    const { path, ...rest } = request;
    const response = await this.http.send(ctx, { ...rest, url: this.#url(path), headers: headersWith(token, scheme) });
    this.#compareClocks(response);
    return response;
  }

  #compareClocks({ headers }: HttpResponse): void {
    const theirs = Date.parse(headers['date'] ?? '');
    if (!Number.isNaN(theirs)) this.#clockAhead = theirs - Date.now();
  }

  async #renew(ctx: CallContext, last: Token | undefined): Promise<Token> {
    const refresh = last?.refresh;
    return (refresh === undefined ? undefined : await this.#refresh(ctx, refresh)) ?? this.#signIn(ctx);
  }

  /** A new pair for the refresh token, or nothing: then the password has to do (JobDiva sheet §2, unverified). */
  async #refresh(ctx: CallContext, refreshToken: string): Promise<Token | undefined> {
    const response = await this.http.send(ctx, {
      method: 'GET',
      url: this.#url('/apiv2/v2/refreshToken'),
      headers: headersWith(refreshToken, this.#scheme),
      secretsAt: TOKENS_AT,
    });
    return isSuccess(response) ? tokenIn(response) : undefined;
  }

  /** By POST, which keeps the password out of access logs; by GET where that is not there (JobDiva sheet §2). */
  async #signIn(ctx: CallContext): Promise<Token> {
    const { clientId, username, password } = this.login;
    const posted = await this.#login(ctx, {
      method: 'POST',
      url: this.#url('/apiv2/v2/login'),
      headers: { accept: 'application/json' },
      body: { json: { clientId: Number(clientId), userName: username, password } },
      reads: true,
      secretsAt: TOKENS_AT,
    });
    const isMissing = posted.status === 404 || posted.status === 405;
    const response = isMissing
      ? await this.#login(ctx, {
          method: 'GET',
          url: this.#url('/apiv2/v2/authenticate'),
          query: { clientid: clientId, username, password },
          secretsAt: TOKENS_AT,
        })
      : posted;
    if (!isSuccess(response)) throw loginFailure(response);
    const token = tokenIn(response);
    if (token) return token;
    throw new AtsAnswerUnreadableError(ATS, 'the sign-in', 'there is no token in it', { effect: 'none' });
  }

  async #login(ctx: CallContext, request: HttpRequest): Promise<HttpResponse> {
    const response = await this.http.send(ctx, request);
    this.#compareClocks(response);
    return response;
  }

  #url(path: string): string {
    return `https://${this.login.host}${path}`;
  }
}

function headersWith(token: string, scheme: Scheme): Readonly<Record<string, string>> {
  return { accept: 'application/json', authorization: scheme === 'bearer' ? `Bearer ${token}` : token };
}

function tokenIn(response: HttpResponse): Token | undefined {
  const pair = tokenPair.safeParse(response.json);
  const usableUntil = Date.now() + TOKEN_USE_MS;
  if (pair.success) return { value: pair.data.token, refresh: pair.data.refreshtoken ?? undefined, usableUntil };
  // The older login answers the token alone, sometimes in quotes (JobDiva sheet §2).
  const bare = (typeof response.json === 'string' ? response.json : response.text).trim().replace(/^"(.*)"$/, '$1');
  return /^\[secret [^\]]+\]$/.test(bare) ? { value: bare, refresh: undefined, usableUntil } : undefined;
}

function loginFailure(response: HttpResponse): unknown {
  switch (loginRefusal(response)) {
    case 'disabled':
      return new CredentialsRejectedError(
        ATS,
        'the user is disabled: enable it in JobDiva under Settings > My Team, or take another user',
      );
    case 'notAllowed':
      return new PermissionMissingError(ATS, LOGIN.action, 'the user is no API user');
    case 'unknown':
      return new CredentialsRejectedError(ATS, 'it knows no such combination of client ID, username and password');
    default:
      return failureOf(response, LOGIN);
  }
}
