/** What a user may do. An operator runs the deployment; the others belong to an organization. */
export enum Role {
  OPERATOR = 'OPERATOR',
  ADMIN = 'ADMIN',
  RECRUITER = 'RECRUITER',
  VIEWER = 'VIEWER',
}

/** On whose behalf an operation runs: what a verified token said. */
export interface Caller {
  /** UUID. */
  readonly organizationId: string;
  /** The subject of the token. */
  readonly userId: string;
  /** The roles of ours among those of the token; others are left out, since a host platform has its own. */
  readonly roles: readonly `${Role}`[];
}

/** A caller and how long that can be relied on. */
export interface AuthenticatedCaller {
  readonly caller: Caller;
  /** When the token expires, in milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Whether a text names one of our roles. */
export function isRole(name: string): name is `${Role}` {
  return Object.hasOwn(Role, name);
}
