import type { Phone, PhoneType } from './model/candidate.js';

/**
 * Spreads phone numbers over the places that an ATS has for them: each place takes the first number of its type; the others then
 * fill what is free, in their own order. A number without a place, or empty, is left out.
 * @param slots The places, in the order in which they are filled.
 * @param slotOfType Of a type that has a place of its own: which.
 */
export function phoneSlots<Slot extends string>(
  phones: readonly Phone[],
  slots: readonly Slot[],
  slotOfType: Readonly<Partial<Record<PhoneType, Slot>>>,
): Readonly<Partial<Record<Slot, string>>> {
  const taken: Partial<Record<Slot, string>> = {};
  const homeless: string[] = [];
  for (const phone of phones) {
    const number = phone.number.trim();
    if (number === '') continue;
    const slot = slotOfType[phone.type];
    if (slot === undefined || taken[slot] !== undefined) homeless.push(number);
    else taken[slot] = number;
  }
  for (const slot of slots) {
    if (taken[slot] !== undefined) continue;
    const number = homeless.shift();
    if (number !== undefined) taken[slot] = number;
  }
  return taken;
}
