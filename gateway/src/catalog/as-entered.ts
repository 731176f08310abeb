import type { FieldValue } from '@talentbridge/contracts';

/** The value of a field as an admin would enter it, so that a form can be filled with it again. */
export function asEntered(value: FieldValue): string {
  return typeof value === 'object' ? value.join(', ') : String(value);
}
