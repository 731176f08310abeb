import { readPhoneNumber } from '../../../directory/phone-number.js';

/** Addresses that belong to a desk: whoever sits there may change, and several may write from it. */
const desks =
  /^(?:info|infos|contact|kontakt|contacto|hello|hi|office|mail|email|admin|administrator|webmaster|postmaster|support|help|service|sales|marketing|billing|accounts?|jobs?|career|careers|karriere|bewerbung|recruiter|recruiting|recruitment|talent|hiring|hr|rh|personal|people|resumes?|cv|cvs|applications?|apply|candidates?|team|staff|reception|no-?reply|do-?not-?reply|test|testing)(?:[._+-]?\d*)$/;

/** What people and programs write where an address is demanded and there is none. */
const placeholders =
  /^(?:no-?e?-?mail|none|noone|nobody|nomail|unknown|not-?(?:provided|available|known)|na|n-a|null|undefined|fake|dummy|placeholder|x+|a|abc|asdf|aaa+)(?:[._+-]?-?\d*)$/;
const nowhere = /(?:\.(?:invalid|test|local|localhost)|^(?:no-?e?mail|none|noreply|unknown|na|test)\.\p{L}+)$/u;

/** Who deliver `ada+jobs@` to `ada@`. */
const subaddressed =
  /^(?:gmail|googlemail|outlook|hotmail|live|msn|icloud|me|mac|fastmail|proton|protonmail|pm|yandex)\.[a-z.]+$/;

/**
 * What makes two addresses one mailbox: without case, and without what the great providers ignore.
 * @param isDummy Whether the hub itself made the address up.
 * @returns `undefined` when the address identifies nobody: made up, a placeholder, or a desk's.
 */
export function mailboxOf(address: string, isDummy: (address: string) => boolean): string | undefined {
  const clean = address
    .trim()
    .toLowerCase()
    .replace(/^(?:mailto:|<)|>$/g, '');
  const at = clean.lastIndexOf('@');
  const [local, domain] = [clean.slice(0, at), clean.slice(at + 1)];
  if (at < 1 || !domain.includes('.') || /\s/.test(clean) || isDummy(clean)) return undefined;
  if (desks.test(local) || placeholders.test(local) || nowhere.test(domain)) return undefined;
  const plus = subaddressed.test(domain) ? local.indexOf('+') : -1;
  const mailbox = plus > 0 ? local.slice(0, plus) : local;
  if (domain === 'gmail.com' || domain === 'googlemail.com') return `${mailbox.replaceAll('.', '')}@gmail.com`;
  return `${mailbox}@${domain}`;
}

/**
 * A phone number as E.164.
 * @returns `undefined` when it cannot be read as one, as without a country: digits alone are nobody's number.
 */
export function e164Of(number: string, country?: string): string | undefined {
  const read = /^\+[1-9]\d{7,14}$/.test(number) ? number : readPhoneNumber(number, country);
  if (read === undefined || !/^\+[1-9]\d{6,14}$/.test(read)) return undefined;
  // One digit over and over, or a plain row, is what people type to get past a form.
  return /(\d)\1{6,}$|12345678?9?0?$/.test(read) ? undefined : read;
}
