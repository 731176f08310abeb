import type { AuthChecker } from 'type-graphql';
import type { GatewayContext } from '../context.js';
import { forbiddenError, unauthenticatedError } from '../errors/gateway-error.js';
import { isPermission, rolesWith } from './permissions.js';

/**
 * Decides on `@Authorized(...)`: without a name any signed-in caller may, with names all of them are needed.
 * Throws rather than answering `false`, because the answer says which role may.
 */
export const authorize: AuthChecker<GatewayContext> = ({ context }, permissions) => {
  const { caller } = context;
  if (!caller) throw unauthenticatedError();
  for (const permission of permissions) {
    if (!isPermission(permission)) throw new Error(`No permission is named ${permission}.`);
    const allowed = rolesWith(permission);
    if (!allowed.some((role) => caller.roles.includes(role))) throw forbiddenError(permission, caller.roles, allowed);
  }
  return true;
};
