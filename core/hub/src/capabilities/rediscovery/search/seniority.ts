import { wordsOf } from './text/tokens.js';

/** Levels that titles name, the highest first. */
export const SENIORITIES = [
  'executive',
  'vice president',
  'director',
  'manager',
  'lead',
  'senior',
  'entry',
  'intern',
] as const;

/** A level that titles name. */
export type Seniority = (typeof SENIORITIES)[number];

const signs: Readonly<Record<Seniority, RegExp>> = {
  executive: /^(?:chief .+ officer|c[a-z]{1,2}o|.*\b(?:founder|cofounder|owner|president|partner at))\b/,
  'vice president': /\b(?:vice president|[se]?vp|avp)\b/,
  director: /\b(?:director|head of)\b/,
  manager: /\b(?:manager|supervisor|foreman)\b/,
  lead: /\b(?:lead|principal|staff|architect)\b/,
  senior: /\b(?:senior|sr|iii|iv)\b/,
  entry: /\b(?:junior|jr|graduate|entry level|associate|assistant|apprentice)\b/,
  intern: /\b(?:intern|internship|trainee|working student)\b/,
};

/** The level that a title names, in English. `undefined`: it names none, which is most of them and says nothing. */
export function seniorityOf(title: string): Seniority | undefined {
  const words = wordsOf(title)
    .map(({ text }) => text)
    .join(' ');
  // An intern of a director is an intern, and a vice president no president.
  if (signs.intern.test(words)) return 'intern';
  if (signs['vice president'].test(words)) return 'vice president';
  if (/\b(?:executive|director|manager)s? assistant\b|\bassistant to\b/.test(words)) return undefined;
  return SENIORITIES.find((seniority) => signs[seniority].test(words));
}
