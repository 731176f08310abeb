import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as vendor from '../simulator/index.js';
import { fromEastern, toEastern } from '../src/eastern-time.js';

const HOUR_MS = 3_600_000;

/** Whole seconds from 2007, when the present rule began, to 2060. */
const instants = fc
  .integer({ min: Date.UTC(2007, 0, 1) / 1000, max: Date.UTC(2060, 0, 1) / 1000 })
  .map((seconds) => seconds * 1000);

describe('US Eastern wall clock', () => {
  it.each([
    ['in winter', '2026-01-15T12:00:00Z', '2026-01-15T07:00:00'],
    ['in summer', '2026-09-17T23:30:48Z', '2026-09-17T19:30:48'],
    ['a second before summer time', '2026-03-08T06:59:59Z', '2026-03-08T01:59:59'],
    ['when summer time begins', '2026-03-08T07:00:00Z', '2026-03-08T03:00:00'],
    ['in the hour that comes twice, first', '2026-11-01T05:30:00Z', '2026-11-01T01:30:00'],
    ['in the hour that comes twice, again', '2026-11-01T06:30:00Z', '2026-11-01T01:30:00'],
    ['at midnight', '2026-01-15T05:00:00Z', '2026-01-15T00:00:00'],
  ])('is right %s', (_when, utc, eastern) => {
    expect(toEastern(Date.parse(utc))).toBe(eastern);
  });

  it('reads an hour that comes twice either way', () => {
    expect(fromEastern('2026-11-01T01:30:00', 'earlier')).toBe(Date.parse('2026-11-01T05:30:00Z'));
    expect(fromEastern('2026-11-01T01:30:00', 'later')).toBe(Date.parse('2026-11-01T06:30:00Z'));
  });

  it.each(['earlier', 'later'] as const)(
    'reads an hour that is left out as if the clock had not moved (%s)',
    (reading) => {
      expect(fromEastern('2026-03-08T02:30:00', reading)).toBe(Date.parse('2026-03-08T07:30:00Z'));
    },
  );

  it('reads a day as its first second, and takes no notice of parts of a second', () => {
    expect(fromEastern('2026-07-04', 'later')).toBe(Date.parse('2026-07-04T04:00:00Z'));
    expect(fromEastern(' 2026-07-04 00:00:01.5 ', 'later')).toBe(Date.parse('2026-07-04T04:00:01Z'));
  });

  it.each(['', 'Null', '2026-13-01T00:00:00', '2026-02-31T00:00:00', '11/22/2026 00:00:00', '2026-01-01T24:00:00'])(
    'does not read %j',
    (text) => {
      expect(fromEastern(text, 'earlier')).toBeUndefined();
    },
  );

  it('comes back from every instant, by one of the two readings', () => {
    fc.assert(
      fc.property(instants, (instant) => {
        const wall = toEastern(instant);
        expect([fromEastern(wall, 'earlier'), fromEastern(wall, 'later')]).toContain(instant);
      }),
    );
  });

  it('comes back from every wall clock that exists; one that does not is an hour later', () => {
    fc.assert(
      fc.property(instants, fc.constantFrom('earlier' as const, 'later' as const), (instant, reading) => {
        // Any text of this form, those of the missing hour among them.
        const wall = new Date(instant).toISOString().slice(0, 19);
        const read = fromEastern(wall, reading) ?? Number.NaN;
        const hourLater = new Date(instant + HOUR_MS).toISOString().slice(0, 19);
        expect([wall, hourLater]).toContain(toEastern(read));
      }),
    );
  });

  it('never runs backwards but for the hour that comes twice', () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: 1, max: 400 * 24 * 3600 }), (instant, seconds) => {
        const [before, after] = [toEastern(instant), toEastern(instant + seconds * 1000)];
        if (seconds > 3600) expect(after > before).toBe(true);
      }),
    );
  });

  it('is the same as the rule of the law says, which the simulator keeps to', () => {
    fc.assert(
      fc.property(instants, (instant) => {
        const wall = toEastern(instant);
        expect(vendor.toEastern(instant)).toBe(wall);
        expect(vendor.fromEastern(wall)).toBe(fromEastern(wall, 'earlier'));
      }),
    );
  });
});
