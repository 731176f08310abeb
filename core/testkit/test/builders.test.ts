import { expect, it } from 'vitest';
import { candidateRecord, exportRequest, HOSTILE_STRINGS } from '../src/index.js';

it('builds another person each time, in every way that a vendor could tell people apart', () => {
  const people = Array.from({ length: 500 }, () => candidateRecord());
  for (const key of [
    ({ lastName }: (typeof people)[number]) => lastName,
    ({ emails }: (typeof people)[number]) => emails[0],
    ({ socialUrls }: (typeof people)[number]) => socialUrls[0]?.url,
    ({ phones }: (typeof people)[number]) => phones[0]?.number,
  ]) {
    expect(new Set(people.map(key)).size).toBe(people.length);
  }
});

it('builds a request of its own item each time, and takes what the test says', () => {
  const request = exportRequest({ candidate: { firstName: 'Bo' }, target: { kind: 'job', jobRemoteId: 'job-7' } });
  expect(request).toMatchObject({ candidate: { firstName: 'Bo' }, target: { jobRemoteId: 'job-7' }, notThese: [] });
  expect(exportRequest().itemId).not.toBe(request.itemId);
  expect(structuredClone(request)).toEqual(request);
});

it('offers hostile strings that survive JSON, and that trimming does not change', () => {
  for (const { name, text } of HOSTILE_STRINGS) {
    expect(JSON.parse(JSON.stringify({ text })).text, name).toBe(text);
    expect(text.trim(), name).toBe(text);
    expect(text, name).not.toContain('\0');
  }
  expect(HOSTILE_STRINGS.some(({ text }) => !text.isWellFormed())).toBe(true);
});
