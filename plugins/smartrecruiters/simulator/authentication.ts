import type { SimulatedAccount } from './account.js';
import type { SimulatedToken } from './records.js';
import { Refusal } from './refusal.js';

/** Headers of a request, names in lower case. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Who is calling, and whose data they see. */
export interface Caller {
  readonly account: SimulatedAccount;
  readonly token: SimulatedToken;
}

/** Who a request comes from: `X-SmartToken`, or a bearer token (SmartRecruiters sheet §1). `undefined`: nobody known. */
export function callerOf(accounts: readonly SimulatedAccount[], headers: Headers): Caller | undefined {
  const value = tokenOf(headers);
  for (const account of accounts) {
    const token = account.tokens.find((one) => one.token === value && !one.revoked);
    if (token) return { account, token };
  }
  return undefined;
}

/**
 * Lets a caller through who has one of the scopes.
 * @throws Refusal with status 401 for an unknown or revoked token, 403 for a missing scope (its shape is INFERRED, sheet §14)
 */
export function authorise(accounts: readonly SimulatedAccount[], headers: Headers, scopes: readonly string[]): Caller {
  const caller = callerOf(accounts, headers);
  if (!caller) throw new Refusal(401, 'UNAUTHORIZED', 'No valid credential');
  if (!scopes.some((scope) => caller.token.scopes.has(scope))) {
    throw new Refusal(403, 'OAuthPermissionsException', `The credential lacks the scope ${scopes.join(' or ')}`);
  }
  return caller;
}

function tokenOf({ 'x-smarttoken': smartToken, authorization }: Headers): string | undefined {
  if (typeof smartToken === 'string') return smartToken;
  return typeof authorization === 'string' ? /^Bearer (\S+)$/i.exec(authorization)?.[1] : undefined;
}
