import { randomBytes } from 'node:crypto';
import type { SimulatedAccount } from './account.js';
import { Refusal, unauthorized } from './refusal.js';

/** How a token may be presented (JobDiva sheet §2: clients were seen with either). */
export type TokenScheme = 'both' | 'bearer' | 'raw';

/** What a login gives. */
export interface TokenPair {
  readonly token: string;
  readonly refreshtoken: string;
}

/** What somebody logs in with. */
export interface Login {
  readonly clientId: number;
  readonly userName: string;
  readonly password: string;
}

interface Session {
  readonly account: SimulatedAccount;
  readonly issuedAt: number;
}

const HOUR_MS = 3_600_000;
/** JobDiva sheet §2, CONFIRMED. */
const TOKEN_LIFE_MS = 24 * HOUR_MS;
/** JobDiva sheet §2, unverified. */
const REFRESH_LIFE_MS = 30 * 24 * HOUR_MS;

/** Who is logged in. */
export class Sessions {
  readonly #tokens = new Map<string, Session>();
  readonly #refreshTokens = new Map<string, Session>();

  constructor(private readonly now: () => number) {}

  /** @throws Refusal with status 500, which is how JobDiva refuses credentials (JobDiva sheet §2, CONFIRMED). */
  open(accounts: readonly SimulatedAccount[], { clientId, userName, password }: Login): TokenPair {
    const account = accounts.find((one) => one.clientId === clientId);
    const user = account?.users.find((one) => one.username.toLowerCase() === userName.toLowerCase());
    if (!account || !user || user.password !== password) {
      throw new Refusal(500, 'INVALID_CREDENTIALS: the username or password is incorrect');
    }
    if (user.disabled) throw new Refusal(500, 'USER_DISABLED');
    return this.#issue(account);
  }

  /** A new pair for a refresh token; the old one is spent. */
  refresh(header: string | undefined, scheme: TokenScheme): TokenPair {
    const token = presented(header, scheme);
    const session = token === undefined ? undefined : this.#refreshTokens.get(token);
    if (token === undefined || !session || this.now() >= session.issuedAt + REFRESH_LIFE_MS) throw unauthorized();
    this.#refreshTokens.delete(token);
    return this.#issue(session.account);
  }

  /** @throws Refusal with status 401 */
  accountOf(header: string | undefined, scheme: TokenScheme): SimulatedAccount {
    const token = presented(header, scheme);
    const session = token === undefined ? undefined : this.#tokens.get(token);
    if (!session || this.now() >= session.issuedAt + TOKEN_LIFE_MS) throw unauthorized();
    return session.account;
  }

  /** Whose token this is, in whatever form and however old it is. */
  holderOf(header: string | undefined): SimulatedAccount | undefined {
    return this.#tokens.get(header?.replace(/^Bearer /, '') ?? '')?.account;
  }

  /** Every token stops working, as after a restart at the vendor. Refresh tokens stay. */
  forgetTokens(): void {
    this.#tokens.clear();
  }

  /** Refresh tokens stop working, too. */
  forgetAll(): void {
    this.#tokens.clear();
    this.#refreshTokens.clear();
  }

  #issue(account: SimulatedAccount): TokenPair {
    const pair = { token: newToken(), refreshtoken: newToken() };
    const session = { account, issuedAt: this.now() };
    this.#tokens.set(pair.token, session);
    this.#refreshTokens.set(pair.refreshtoken, session);
    return pair;
  }
}

function newToken(): string {
  return `sim.${randomBytes(24).toString('base64url')}`;
}

function presented(header: string | undefined, scheme: TokenScheme): string | undefined {
  const [, bearer] = /^Bearer (\S+)$/.exec(header ?? '') ?? [];
  if (bearer !== undefined) return scheme === 'raw' ? undefined : bearer;
  return scheme === 'bearer' ? undefined : header;
}
