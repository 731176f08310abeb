import type { Role } from './caller.js';

const EVERYONE = ['ADMIN', 'RECRUITER', 'VIEWER'] as const satisfies readonly `${Role}`[];
const STAFF = ['ADMIN', 'RECRUITER'] as const satisfies readonly `${Role}`[];
const ADMIN = ['ADMIN'] as const satisfies readonly `${Role}`[];
const OPERATOR = ['OPERATOR'] as const satisfies readonly `${Role}`[];

/**
 * Which roles hold which permission: the only place that says so. Resolvers name the permission, never a role.
 *
 * An operator decides what an organization has bought and reads its records of use; the organization's own data stays
 * with its members, so that an operator who also works there holds a second role.
 */
export const PERMISSIONS = {
  /** The systems that can be connected, and what each asks for. */
  'catalog:read': [...EVERYONE, ...OPERATOR],
  /** The organization's connections, without their secrets. */
  'connection:read': EVERYONE,
  /** Add, verify, edit and remove connections. */
  'connection:manage': ADMIN,
  /** Switch a capability of a plugin on or off within what the operator allows. */
  'capability:switch': ADMIN,
  /** License tier, and whether integrations are on at all. */
  'entitlement:set': OPERATOR,
  'entitlement:read': [...ADMIN, ...OPERATOR],
  /** Jobs of the connected systems. */
  'job:read': EVERYONE,
  /** Profiles, candidates, projects and tags. */
  'candidate:read': EVERYONE,
  /** Remove a person for good, and see the certificates of it. */
  'candidate:erase': ADMIN,
  /** What the mirror of a connection holds, how fresh it is, and its runs. */
  'mirror:read': EVERYONE,
  /** Start and cancel runs, and decide about what they would delete. */
  'mirror:sync': ADMIN,
  /** Confirm, choose and undo who a candidate is. */
  'match:decide': ADMIN,
  /** Pair networks with ATSs, and see to what goes wrong between them. */
  'network:pair': ADMIN,
  /** Say who a candidate is at a network. */
  'network:link': STAFF,
  /** Connect a seat of a network: one's own, and, for admins, anybody's. */
  'seat:connect': STAFF,
  /** Write profiles and projects: the host platform's own account is an admin. */
  'directory:write': ADMIN,
  /** Reveal e-mail addresses and phone numbers. */
  'contact:reveal': STAFF,
  'export:read': EVERYONE,
  /** Preview, start and repeat exports. */
  'export:run': STAFF,
  /** Say what became of an item that the vendor never answered. */
  'export:settle': ADMIN,
  'audit:read': [...ADMIN, ...OPERATOR],
  /** What was sent to a vendor and what it answered, redacted. */
  'request-log:read': ADMIN,
} as const satisfies Record<string, readonly `${Role}`[]>;

/** The name of something that a caller may or may not do. */
export type Permission = keyof typeof PERMISSIONS;

/** Whether a text names a permission. */
export function isPermission(name: string): name is Permission {
  return Object.hasOwn(PERMISSIONS, name);
}

/** The roles that hold a permission. */
export function rolesWith(permission: Permission): readonly `${Role}`[] {
  return PERMISSIONS[permission];
}
