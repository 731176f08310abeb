import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  pagesOf,
  readClosedMembers,
  readExported,
  readIntegrations,
  readMatches,
  readNotice,
  readResults,
  readSeatPage,
  readSeats,
  readWidget,
} from '../../../dist/capabilities/system-connect/network-answers.js';

const anything = fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true });

/** What nobody would think of, in the places where something is expected. */
const garbage = fc.oneof(
  anything,
  fc.record(
    {
      messages: fc.array(anything),
      notes: fc.array(anything),
      contacts: fc.array(anything),
      seats: fc.array(anything),
      members: fc.array(anything),
      cursor: anything,
      person: anything,
    },
    { requiredKeys: [] },
  ),
);

/** Whatever is made of something, a page that is stored can hold it. */
function storable(given: unknown): void {
  // A text may well say "\u0000", which JSON writes with two backslashes.
  const json = (JSON.stringify(given) ?? '').replaceAll('\\\\', '');
  expect(json).not.toMatch(/\\u0000|\\ud[89a-f]/);
}

it('reads whatever a plugin answers without a throw that is none of the hub', () => {
  fc.assert(
    fc.property(garbage, (given) => {
      for (const read of [readIntegrations, readSeats, readSeatPage, readClosedMembers, readNotice])
        storable(read(given));
      storable(readMatches(given, ['c-1']));
      for (const read of [
        () => readResults('network', given, 2),
        () => readExported('network', given),
        () => readWidget('network', given),
      ]) {
        try {
          storable(read());
        } catch (error) {
          expect(error).toMatchObject({ code: 'PLUGIN_FAULT' });
        }
      }
    }),
  );
});

it('RSC-6: what does not say that it is public is private', () => {
  const told = {
    remoteId: 'm',
    conversationId: 't',
    member: 'u',
    author: { kind: 'seat', seatId: 's' },
    createdAt: '2026-01-01T00:00:00Z',
  };
  for (const isPublic of [undefined, null, 'true', 1]) {
    expect(readSeatPage({ messages: [{ ...told, isPublic }] }).messages).toMatchObject([{ isPublic: false }]);
  }
});

it('takes no answer about a candidate that nobody asked about', () => {
  const given = [
    { candidateRemoteId: 'c-1', member: 'u-1', byHand: true },
    { candidateRemoteId: 'c-2', member: 'u-2' },
  ];
  expect(readMatches(given, ['c-1'])).toEqual([{ candidateRemoteId: 'c-1', member: 'u-1', byHand: true }]);
});

it('refuses answers to a batch whose number does not fit', () => {
  expect(() => readResults('network', [{ ok: true }], 2)).toThrow(/once for each/);
});

it('takes a widget from the web alone', () => {
  const widget = { elementType: 'x', scriptSettings: {}, attributes: {}, callbacks: {} };
  for (const scriptUrl of ['javascript:alert(1)', 'x.js', '', undefined]) {
    expect(() => readWidget('network', { ...widget, scriptUrl })).toThrow(/web address/);
  }
  expect(readWidget('network', { ...widget, scriptUrl: 'https://network.example/x.js' })).toMatchObject(widget);
});

it('leaves a list that leads in a circle', async () => {
  const walk = async (): Promise<number> => {
    let pages = 0;
    for await (const _ of pagesOf('network', async () => ({ cursor: 'again' }))) pages += 1;
    return pages;
  };
  await expect(walk()).rejects.toMatchObject({ code: 'PLUGIN_FAULT' });
});
