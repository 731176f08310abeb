import type { Hub, OrganizationScope } from '@talentbridge/hub';

/**
 * Runs work for another organization than the caller's own, in the caller's name. Only for what a permission of the
 * operator guards.
 */
export async function inOrganization<Result>(
  hub: Hub,
  own: OrganizationScope,
  organizationId: string,
  work: (scope: OrganizationScope) => Promise<Result>,
): Promise<Result> {
  await using scope = hub.scope({ ...own.caller, organizationId });
  return await work(scope);
}
