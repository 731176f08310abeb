import { isHubError, type NetworkBatch } from '@talentbridge/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Connected, connectEnabled } from './connect.js';
import { application, candidate, feedback, job, note, stage } from './mirrored.js';

const BATCHES: readonly NetworkBatch[] = [
  { kind: 'job', records: [job()] },
  { kind: 'candidate', records: [{ candidate: candidate() }] },
  { kind: 'candidateNote', records: [{ note: note(), candidateRemoteId: 'C-1' }] },
  { kind: 'application', records: [{ application: application(), candidate: candidate() }] },
  { kind: 'feedback', records: [feedback()] },
  { kind: 'stage', records: [stage()] },
];

/** Each call that reads an answer. */
function calls({ connection }: Connected): readonly (() => Promise<unknown>)[] {
  const { systemConnect, webhooks, permissions, ctx } = connection;
  const window = { seatId: 'urn:li:seat:555', from: '2026-01-01T00:00:00Z', to: '2026-01-01T12:00:00Z' };
  return [
    ...BATCHES.map((batch) => () => systemConnect.push(ctx, batch)),
    () => systemConnect.remove(ctx, 'candidate', [{ remoteId: 'C-1' }]),
    () => systemConnect.matches(ctx, ['C-1']),
    () => systemConnect.resolveMatch(ctx, 'C-1', undefined),
    () => systemConnect.seats(ctx, {}),
    () => systemConnect.integrations(ctx),
    () => systemConnect.prepare(ctx, { name: 'Hub', jobViewers: 'everybody' }),
    ...(['message', 'note', 'contact'] as const).map((kind) => () => systemConnect.pull(ctx, { ...window, kind })),
    () => systemConnect.readExport(ctx, '1'),
    () => systemConnect.closedMembers(ctx, {}),
    () => webhooks.list(ctx),
    () => webhooks.subscribe(ctx, { callbackUrl: 'https://hub.example/hooks/one' }),
    () => webhooks.unsubscribe(ctx, 'CALLBACK_URL'),
    () => permissions.check(ctx, ['systemConnect', 'webhooks']),
  ];
}

const anyValue = fc.jsonValue({ maxDepth: 3 });
const anyRecord = fc.oneof(
  anyValue,
  fc.record(
    Object.fromEntries(
      [
        'id',
        'status',
        'author',
        'recipients',
        'createdAt',
        'content',
        'state',
        'contract',
        'candidate',
        'stubProfile',
        'error',
      ].map((name) => [name, anyValue]),
    ),
    { requiredKeys: [] },
  ),
);
const key = fc.constantFrom(
  'C-1',
  'A-1',
  'N-1',
  'CALLBACK_URL',
  'atsCandidateId=C-1&dataProvider=ATS',
  '%',
  '=',
  '&',
  '__proto__',
);
const anyAnswer = fc.oneof(
  anyValue,
  fc.record({ elements: fc.oneof(anyValue, fc.array(anyRecord, { maxLength: 3 })) }),
  fc.record({
    results: fc.oneof(anyValue, fc.dictionary(key, anyRecord)),
    errors: fc.oneof(anyValue, fc.dictionary(key, anyRecord)),
  }),
);

describe('whatever LinkedIn answers', () => {
  it('RSC-2: the plugin understands it, or fails in the hub’s own words', async () => {
    await using linkedIn = await connectEnabled({ members: 1 });
    const { faults } = linkedIn.simulator;
    await linkedIn.connection.systemConnect.seats(linkedIn.connection.ctx, {});
    const all = calls(linkedIn);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...all),
        anyAnswer,
        fc.constantFrom(200, 200, 200, 400, 422),
        async (call, body, status) => {
          faults.clear();
          faults.add({
            path: '/v2/**',
            fault: { kind: 'status', status, body, headers: { 'content-type': 'application/json' } },
          });
          const error = await call().then(
            () => undefined,
            (thrown: unknown) => thrown,
          );
          if (error === undefined) return;
          expect(isHubError(error) && error.code).not.toBe('PLUGIN_FAULT');
          expect(isHubError(error)).toBe(true);
        },
      ),
      { numRuns: 400 },
    );
  });
});
