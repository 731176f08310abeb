import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { V2 } from '../src/api-family.js';
import { compoundKeys, keyText, PLAIN_KEYS, readKey } from '../src/keys.js';
import { connectEnabled } from './connect.js';
import { application, candidate, note, stage } from './mirrored.js';
import { ORGANIZATION } from './start-linkedin.js';

const OK = { ok: true };
const anyId = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom('&', '=', '%', '+', '/', '.', ':', ',', '(', ')', '?', '#', ' ', '[', ']', '"', '%2F', 'a'),
    minLength: 1,
    maxLength: 12,
  }),
);

describe('ids of an ATS hold any characters', () => {
  it('keys are read as they were written, in whatever order their parts come', () => {
    fc.assert(
      fc.property(anyId, fc.boolean(), (id, isEncodedWhole) => {
        const keys = compoundKeys('atsCandidateId', V2, ORGANIZATION);
        const shuffled = keys.text(id).split('&').toReversed().join('&');
        expect(keys.idIn(isEncodedWhole ? encodeURIComponent(shuffled) : shuffled)).toBe(id);
        expect(new URLSearchParams(keys.query(id, 3)).get('ids[3].atsCandidateId')).toBe(id);
        expect(new URLSearchParams(PLAIN_KEYS.query(id, 0)).get('ids')).toBe(id);
        expect(readKey(keyText([['a', id]])).get('a')).toBe(id);
      }),
    );
  });

  it('RSC-2: records with any ids go out, are asked about, and are removed', async () => {
    await using linkedIn = await connectEnabled({ members: 1 });
    const { connection, simulator } = linkedIn;
    const network = connection.systemConnect;
    const ids = fc.uniqueArray(anyId, { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(ids, async (some) => {
        const done = some.map(() => OK);
        const { ctx } = connection;
        const people = some.map((remoteId) => candidate({ remoteId, emails: ['a@b.example'] }));
        expect(
          await network.push(ctx, { kind: 'candidate', records: people.map((one) => ({ candidate: one })) }),
        ).toEqual(done);
        const applications = people.map((one) => ({
          application: application({ remoteId: one.remoteId }),
          candidate: one,
        }));
        expect(await network.push(ctx, { kind: 'application', records: applications })).toEqual(done);
        const notes = some.map((remoteId) => ({ note: note({ remoteId }), candidateRemoteId: remoteId }));
        expect(await network.push(ctx, { kind: 'candidateNote', records: notes })).toEqual(done);
        const stages = some.map((remoteId) => stage({ remoteId, applicationRemoteId: some[0] ?? '' }));
        expect(await network.push(ctx, { kind: 'stage', records: stages })).toEqual(done);

        const records = simulator.records();
        expect([...records.candidates.keys()].toSorted()).toEqual(some.toSorted());
        expect([...records.application(some[0] ?? '').stages.keys()].toSorted()).toEqual(some.toSorted());
        const matches = await network.matches(ctx, some);
        expect(matches.map(({ candidateRemoteId }) => candidateRemoteId).toSorted()).toEqual(some.toSorted());

        const keys = some.map((remoteId) => ({ remoteId, parentId: remoteId }));
        expect(await network.remove(ctx, 'candidateNote', keys)).toEqual(done);
        expect(await network.remove(ctx, 'application', keys)).toEqual(done);
        expect(await network.remove(ctx, 'candidate', keys)).toEqual(done);
        expect(records.candidates.size + records.applications.size).toBe(0);
      }),
      { numRuns: 25, examples: [[['__proto__', 'constructor', 'C-1']]] },
    );
  });

  it.each(['', '\ud800'])('RSC-2: what cannot be written in an address is refused: %j', async (remoteId) => {
    await using linkedIn = await connectEnabled({ members: 1 });
    const { systemConnect, ctx } = linkedIn.connection;
    const records = [{ candidate: candidate({ remoteId }) }, { candidate: candidate() }];
    expect(await systemConnect.push(ctx, { kind: 'candidate', records })).toEqual([
      { ok: false, retry: false, reason: expect.stringContaining('address') },
      OK,
    ]);
    expect(await systemConnect.matches(ctx, [remoteId, 'C-1'])).toHaveLength(1);
    const unknown = { code: 'ATS_RECORD_NOT_FOUND' };
    await expect(systemConnect.resolveMatch(ctx, remoteId, undefined)).rejects.toMatchObject(unknown);
    await expect(systemConnect.readExport(ctx, '\ud800')).rejects.toMatchObject(unknown);
  });
});
