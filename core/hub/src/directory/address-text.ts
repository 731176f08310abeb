import type { Address } from '@talentbridge/contracts';
import { readCountryCode } from './country-code.js';

/**
 * Reads a place written as one text, as sourcing mostly has it: "Berlin", "San Francisco, CA", "Porto, Portugal",
 * "Austin, Texas, United States". A last part that is a country is one; two capitals after a city are a region.
 */
export function readAddressText(text: string): Address {
  const parts = text
    .split(/\s*[,،、，]\s*/u)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const last = parts.at(-1);
  if (last === undefined) return {};
  // "CA" after a city is California rather than Canada, and "Georgia" alone a country: only a name or a third part is one.
  const code = /^[A-Z]{2}$/.test(last) && parts.length === 2 ? undefined : readCountryCode(last);
  const rest = code ? parts.slice(0, -1) : parts;
  const [city, ...regions] = rest;
  return {
    ...(city ? { city } : {}),
    ...(regions.length > 0 ? { region: regions.join(', ') } : {}),
    ...(code ? { country: code } : {}),
  };
}
