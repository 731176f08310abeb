import type { ProjectInput as HubProjectInput } from '@talentbridge/hub';
import type { ProjectInput } from './project.input.js';

/** A project as the hub takes it: what is null was not given. */
export function toProjectInput({ key, name, profileKeys }: ProjectInput): HubProjectInput {
  return { key, name, ...(profileKeys ? { profileKeys } : {}) };
}
