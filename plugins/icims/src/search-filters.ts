import type { Filter } from './client.js';
import { dateTime } from './mapping.js';

/** Exactly this id. */
export function equal(name: string, id: number): Filter {
  return { name, value: [String(id)], operator: '=' };
}

/** Every higher id. */
export function beyond(name: string, id: number): Filter {
  return { name, value: [String(id)], operator: '>' };
}

/**
 * Changed since then, ISO 8601. A date that cannot be read would be ignored, and everything found (iCIMS sheet §9, CONFIRMED):
 * `dateTime` throws then.
 */
export function updatedSince(filter: string, since: string): Filter {
  return { name: `${filter}.updateddate`, value: [dateTime(Date.parse(since))], operator: '>=' };
}
