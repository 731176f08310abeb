import type { SimulatedAccount } from './account.js';
import type { SimulatedKey, SimulatedUser } from './records.js';
import { Refusal } from './refusal.js';

/** Who is calling, and whose data they see. */
export interface Caller {
  readonly account: SimulatedAccount;
  /** The user whose rights count: the key's, or the one that it acts on behalf of. */
  readonly user: SimulatedUser;
}

/** Headers of a request, names in lower case. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Finds out who is calling: `Authorization: Token token=…`, or Basic with the key as user name and no password as in
 * v1 (JobScore sheet §1 and §10.1).
 * @throws Refusal with status 401 for an unknown or revoked key, 403 for a User Key that acts on behalf of another user
 */
export function authenticate(accounts: readonly SimulatedAccount[], headers: Headers): Caller {
  const token = tokenOf(headers);
  for (const account of accounts) {
    const key = account.keys.find((one) => one.token === token && !one.revoked);
    if (key) return { account, user: actingUser(account, key, headers['x-on-behalf-of']) };
  }
  throw new Refusal(401, { code: 'unauthorized', message: 'API key is invalid or revoked' });
}

/** The key that a request carries, in either form; `undefined` when it carries none. */
export function tokenOf({ authorization }: Headers): string | undefined {
  if (typeof authorization !== 'string') return undefined;
  const [, token] = /^Token token="?([^"\s]+)"?$/i.exec(authorization) ?? [];
  if (token !== undefined) return token;
  const [, encoded] = /^Basic (\S+)$/i.exec(authorization) ?? [];
  if (encoded === undefined) return undefined;
  const [username, password] = Buffer.from(encoded, 'base64').toString().split(':');
  return password === '' ? username : undefined;
}

function actingUser(
  account: SimulatedAccount,
  key: SimulatedKey,
  onBehalfOf: string | readonly string[] | undefined,
): SimulatedUser {
  const userId = typeof onBehalfOf === 'string' && onBehalfOf !== '' ? onBehalfOf : key.userId;
  if (userId !== key.userId && key.accessLevel === 'user') {
    throw new Refusal(403, { code: 'forbidden', message: 'A User Key cannot act on behalf of another user' });
  }
  const user = account.users.find(({ id }) => id === userId);
  if (!user) throw new Refusal(403, { code: 'forbidden', message: 'Unknown user in X-On-Behalf-Of' });
  return user;
}
