import { plainPdf } from '@talentbridge/testkit/simulator';
import type { SimulatedAttachment, SimulatedCandidate } from './records.js';

/** The bytes of a file that nobody uploaded: what its owner was generated with, as text in a real PDF or RTF. */
export function generatedFile(candidate: SimulatedCandidate, { contentType }: SimulatedAttachment): Buffer {
  const { firstName, lastName, email, experience, education } = candidate;
  const lines = [
    `${firstName} ${lastName}`,
    email,
    ...experience.map(({ title, company, startDate }) => `${title}, ${company}, since ${startDate}`),
    ...education.map(({ degree, major, institution }) => `${degree} ${major}, ${institution}`),
  ];
  if (contentType === 'application/pdf') return plainPdf(lines);
  return contentType === 'application/rtf' ? rtf(lines) : PIXEL;
}

/** One pixel. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=',
  'base64',
);

function rtf(lines: readonly string[]): Buffer {
  const shown = lines.map((line) =>
    line.replace(/[\\{}]/g, '\\$&').replace(/[^\0-\x7f]/gu, (character) => `\\u${character.codePointAt(0)}?`),
  );
  return Buffer.from(`{\\rtf1\\ansi\n${shown.join('\\par\n')}\\par\n}`);
}
