import type { SimulatedUser } from './records.js';
import { notFound, Refusal } from './refusal.js';
import type { SimulatedTenant } from './tenant.js';

/** Who is calling, and whose data they see. */
export interface Caller {
  readonly tenant: SimulatedTenant;
  readonly user: SimulatedUser;
}

/** What is looked at of a request. */
export interface Call {
  readonly customerId: string;
  readonly authorization: string | undefined;
  /** The address that it comes from. */
  readonly address: string;
}

/**
 * Finds out who is calling: Basic, or Bearer with a token of the login service (iCIMS sheet §2).
 * @throws Refusal with status 401, 403 or, for an unknown customer, 404
 */
export function authenticate(tenants: readonly SimulatedTenant[], call: Call): Caller {
  const tenant = tenants.find(({ customerId }) => customerId === call.customerId);
  if (!tenant) throw notFound('Customer');
  const user = userOf(tenant, call.authorization);
  if (!user) throw new Refusal(401, { code: 6, message: 'Invalid Username or Password credentials provided.' });
  if (!user.webServices) {
    throw new Refusal(403, { code: 7, message: 'The provided Username is not Authorized to access Web Services.' });
  }
  if (user.allowedAddresses.length > 0 && !user.allowedAddresses.includes(call.address)) {
    throw new Refusal(403, { code: 8, message: 'Access from this IP address is not permitted.' });
  }
  return { tenant, user };
}

function userOf({ users, tokens }: SimulatedTenant, authorization = ''): SimulatedUser | undefined {
  const [, token] = /^Bearer (\S+)$/.exec(authorization) ?? [];
  if (token !== undefined) {
    const username = Object.hasOwn(tokens, token) ? tokens[token] : undefined;
    return users.find((user) => user.username === username);
  }
  const [, encoded] = /^Basic (\S+)$/.exec(authorization) ?? [];
  if (encoded === undefined) return undefined;
  const decoded = Buffer.from(encoded, 'base64').toString();
  const colon = decoded.indexOf(':');
  const [username, password] = [decoded.slice(0, colon), decoded.slice(colon + 1)];
  return users.find((user) => user.username === username && user.password === password);
}
