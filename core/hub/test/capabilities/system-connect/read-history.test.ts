import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../dist/capabilities/system-connect/pushing/canonical-digest.js';
import { readHistory } from '../../../dist/capabilities/system-connect/pushing/read-history.js';

const at = '2026-03-01T10:00:00Z';

describe('RSC-2: what a plugin tells of a candidate is checked', () => {
  it('what has no id, time or text is left out, and what belongs to somebody else’s application', () => {
    const history = readHistory(
      {
        notes: [
          { remoteId: 'n1', text: ' Strong. ', author: { firstName: 'Rita', lastName: 'Moss' }, createdAt: at },
          { remoteId: 'n2', text: 'Called.', createdAt: at, applicationRemoteId: 'other' },
          { remoteId: 'n3', text: ' ', createdAt: at },
          { remoteId: 'n4', text: 'Undated.' },
        ],
        stageChanges: [
          { remoteId: 's1', applicationRemoteId: 'a1', stage: 'New', enteredAt: at },
          { remoteId: 's2', applicationRemoteId: 'other', stage: 'New', enteredAt: at },
        ],
        feedback: [{ remoteId: 'f1', applicationRemoteId: 'a1', kind: 'phone', createdAt: at, recommendation: 'yes' }],
      },
      new Set(['a1']),
    );
    expect(history).toEqual({
      notes: [
        {
          remoteId: 'n1',
          text: 'Strong.',
          author: { firstName: 'Rita', lastName: 'Moss' },
          createdAt: '2026-03-01T10:00:00.000Z',
        },
        {
          remoteId: 'n2',
          text: 'Called.',
          author: { firstName: '', lastName: '' },
          createdAt: '2026-03-01T10:00:00.000Z',
        },
      ],
      stageChanges: [
        { remoteId: 's1', applicationRemoteId: 'a1', stage: 'New', enteredAt: '2026-03-01T10:00:00.000Z' },
      ],
      feedback: [
        {
          remoteId: 'f1',
          applicationRemoteId: 'a1',
          interviewer: { firstName: '', lastName: '' },
          kind: 'phone',
          createdAt: '2026-03-01T10:00:00.000Z',
          recommendation: 'yes',
        },
      ],
    });
  });

  it('whatever it is, it can be stored', () => {
    const entry = fc.record(
      {
        remoteId: fc.oneof(fc.string({ unit: 'binary' }), fc.anything()),
        text: fc.oneof(fc.string({ unit: 'binary' }), fc.anything()),
        stage: fc.string({ unit: 'binary' }),
        applicationRemoteId: fc.constantFrom('a1', 'other', 7),
        createdAt: fc.constantFrom(at, 'yesterday', null),
        enteredAt: fc.constant(at),
        author: fc.anything(),
      },
      { requiredKeys: [] },
    );
    const list = fc.oneof(fc.array(entry), fc.anything());
    fc.assert(
      fc.property(fc.oneof(fc.record({ notes: list, stageChanges: list, feedback: list }), fc.anything()), (given) => {
        const read = readHistory(given, new Set(['a1']));
        const json = JSON.stringify(read);
        expect(json).not.toContain('\\u0000');
        expect(JSON.parse(json)).toEqual(read);
        for (const { applicationRemoteId } of [...read.stageChanges, ...read.feedback])
          expect(applicationRemoteId).toBe('a1');
      }),
    );
  });

  it('the same record has the same digest, in whatever order it comes', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        expect(digestOf({ ...turned, absent: undefined })).toBe(digestOf(value));
        expect(digestOf({ ...value, another: 'member' })).not.toBe(digestOf({ ...value, another: 'Member' }));
      }),
    );
    expect(digestOf({ a: [1, 2] })).not.toBe(digestOf({ a: [2, 1] }));
    expect(digestOf({ a: {} })).not.toBe(digestOf({ a: [] }));
  });
});
