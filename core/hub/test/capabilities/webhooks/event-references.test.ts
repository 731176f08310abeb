import type { DeliveredEvent } from '@talentbridge/contracts';
import fc from 'fast-check';
import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import {
  addresseeInSql,
  addresseeOf,
  noticeOf,
  referenceOf,
  refsOf,
} from '../../../dist/capabilities/webhooks/event-references.js';

const id = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('', 'a/b', '/', 'a\nb', 'notice/x/1', 'x'.repeat(500), 'x'.repeat(501)),
);
const kind = fc.constantFrom('candidate', 'job', 'application', 'notice', '', 'candidate/x');
const capability = fc.constantFrom('systemConnect', 'export', 'rediscovery', 'a/b', '', 'x'.repeat(51), '__proto__');
/** What a plugin may call an event: of the right shape, or not. */
const said = fc.record({
  records: fc.oneof(fc.anything(), fc.array(fc.oneof(fc.anything(), fc.record({ kind, remoteId: id })))),
  notices: fc.oneof(fc.anything(), fc.array(fc.oneof(fc.anything(), fc.record({ capability, id })))),
}) as fc.Arbitrary<DeliveredEvent>;

describe('RED-11: what is kept of an event', () => {
  it('is records and notices, whatever a plugin says, each once, and read again as it was', () => {
    fc.assert(
      fc.property(said, (event) => {
        const refs = refsOf(event);
        expect(new Set(refs).size).toBe(refs.length);
        for (const ref of refs) {
          expect(ref).toMatch(/^\P{Cc}+$/u);
          if (addresseeOf(ref) === 'rediscovery') expect(event.records).toContainEqual(referenceOf(ref));
          else expect(event.notices).toContainEqual(noticeOf(ref));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is at most 100 of each', () => {
    const many = Array.from({ length: 150 }, (_, index) => `${index}`);
    const refs = refsOf({
      records: many.map((remoteId) => ({ kind: 'job', remoteId })),
      notices: many.map((one) => ({ capability: 'systemConnect', id: one })),
    });
    expect(refs.filter((ref) => addresseeOf(ref) === 'rediscovery')).toHaveLength(100);
    expect(refs.filter((ref) => addresseeOf(ref) === 'systemConnect')).toHaveLength(100);
  });

  it('is for the same capability here and in the database', async () => {
    const refs = ['candidate/1', 'job/notice/x/1', 'notice/systemConnect/a/b', 'notice/export//', 'application/'];
    const client = new Client({ connectionString: await freshDatabase() });
    await client.connect();
    try {
      const { rows } = await client.query<{ addressee: string }>(
        `select ${addresseeInSql('ref')} as addressee from unnest($1::text[]) with ordinality as u (ref, at) order by at`,
        [refs],
      );
      expect(rows.map(({ addressee }) => addressee)).toEqual(refs.map(addresseeOf));
    } finally {
      await client.end();
    }
  });
});
