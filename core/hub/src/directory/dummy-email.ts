import { randomInt } from 'node:crypto';

const [smallest, largest] = [-(2 ** 31), 2 ** 31 - 1];

/** What a placeholder address is made of. */
export interface DummyEmailParts {
  /** The deployment's domain for placeholder addresses. */
  readonly domain: string;
  /** A signed 32-bit integer, never used before in the ATS account. */
  readonly number: number;
}

/**
 * The placeholder address for a candidate without an email: `no-email-<number>@<domain>`.
 * @throws RangeError when the number is no signed 32-bit integer.
 */
export function dummyEmail({ domain, number }: DummyEmailParts): string {
  if (!Number.isInteger(number) || number < smallest || number > largest) {
    throw new RangeError(`A placeholder address needs a signed 32-bit integer, not ${number}.`);
  }
  return `no-email-${number}@${domain}`;
}

/**
 * A number for a placeholder address, out of four billion. It comes from the cryptographic source so that processes that start
 * together do not draw alike; that it is new in the ATS account is for the caller to make sure.
 */
export function drawDummyNumber(): number {
  return randomInt(smallest, largest + 1);
}

/** Whether an address is a placeholder of ours: such are never shown as contact data, matched on, or passed on. */
export function isDummyEmail(address: string, domain: string): boolean {
  const at = address.lastIndexOf('@');
  if (at === -1 || address.slice(at + 1).toLowerCase() !== domain.toLowerCase()) return false;
  const digits = /^no-email-(0|-?[1-9]\d{0,9})$/i.exec(address.slice(0, at))?.[1];
  if (digits === undefined) return false;
  const number = Number(digits);
  return number >= smallest && number <= largest;
}
