import type { PhoneType } from '@talentbridge/contracts';
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js';

/**
 * A phone number as E.164 where it can be read as one, with the help of the country where the person lives; otherwise as the
 * source wrote it (an extension has no place in E.164, so such a number stays whole).
 * @param country ISO 3166-1 alpha-2; anything else is ignored.
 * @returns `undefined` when it cannot be a phone number at all.
 */
export function readPhoneNumber(text: string, country?: string): string | undefined {
  const written = text.replace(/^tel:/i, '').trim();
  const digits = [...written.replace(/\P{Nd}/gu, '')].length;
  if (digits < 3 || digits > 40) return undefined;
  const region: CountryCode | undefined = country !== undefined && isSupportedCountry(country) ? country : undefined;
  const number = parsePhoneNumberFromString(
    // Full-width signs, as East Asian keyboards make them.
    written.normalize('NFKC'),
    region ? { defaultCountry: region, extract: false } : { extract: false },
  );
  return number?.isPossible() && !number.ext ? number.number : written;
}

const synonyms: Readonly<Record<string, PhoneType>> = {
  cell: 'mobile',
  cellphone: 'mobile',
  cellular: 'mobile',
  iphone: 'mobile',
  personal: 'home',
  private: 'home',
  landline: 'home',
  business: 'work',
  office: 'work',
  direct: 'work',
};

/** What a phone number is for, from a source's own word; a word that is not known means `other`. */
export function readPhoneType(word: string | undefined): PhoneType {
  const lower = (word ?? '').trim().toLowerCase();
  if (lower === 'mobile' || lower === 'home' || lower === 'work') return lower;
  return (Object.hasOwn(synonyms, lower) ? synonyms[lower] : undefined) ?? 'other';
}
