/** What a user may do. An operator runs the deployment; the others belong to an organization. */
export const ROLES = ['OPERATOR', 'ADMIN', 'RECRUITER', 'VIEWER'] as const;

/** One role of a user. */
export type Role = (typeof ROLES)[number];

/** On whose behalf something happens. Jobs carry the caller who asked for them. */
export interface Caller {
  /** UUID. */
  readonly organizationId: string;
  /** The subject of the token; `system` for what the hub does by itself. */
  readonly userId: string;
  readonly roles: readonly Role[];
}

/** What the hub does by itself for an organization. */
export function systemCaller(organizationId: string): Caller {
  return { organizationId, userId: 'system', roles: [] };
}
