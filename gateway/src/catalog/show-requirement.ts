import type { Requirement } from '@talentbridge/contracts';
import type { Deployment } from '@talentbridge/hub';
import type { RequirementType } from './requirement.type.js';

/** A requirement with what an admin needs to fulfil it. */
export function showRequirement(requirement: Requirement, { outgoingAddresses }: Deployment): RequirementType {
  const { id, title, steps, capabilities, allowList } = requirement;
  return { id, title, steps, capabilities, outgoingAddresses: allowList ? outgoingAddresses : [] };
}
