import { afterAll, beforeAll, expect, it } from 'vitest';
import { MEMBERS, type PairedSystems, SEATS, startPairedSystems } from '../support/paired-systems.ts';
import { until } from '../support/running-system.ts';

let pair: PairedSystems;
beforeAll(async () => {
  pair = await startPairedSystems();
}, 120_000);
afterAll(() => pair[Symbol.asyncDispose]());

it('RSC-4: who answered without sharing anything is completed in the ATS once they agree', async () => {
  const send = (subject: string) =>
    pair.atNetwork('/inmails', { seat: SEATS.rita, member: MEMBERS.mira, subject, body: 'Are you looking?' });
  const first = await send('A role');
  await pair.atNetwork('/replies', { conversation: first.conversation, body: 'Perhaps.', consent: false });
  await pair.poll();
  const nameless = await until(
    async () => (await pair.arrivals(true)).nodes[0]?.candidate,
    (candidate) => candidate !== null && candidate !== undefined,
    30_000,
  );
  const second = await send('Another role');
  await pair.atNetwork('/replies', { conversation: second.conversation, body: 'Yes, call me.', consent: true });
  await pair.poll();
  const known = await until(
    () => pair.candidate('Vance'),
    (candidate) => candidate !== undefined,
    30_000,
  );
  expect(known.id).toBe(nameless.id);
  const stored = await pair.as('rita')(
    'query ($id: ID!) { mirroredCandidate(id: $id) { firstName lastName emails source } }',
    { id: nameless.id },
  );
  expect(stored).toMatchObject({ firstName: 'Mira', lastName: 'Vance', emails: ['mira.vance@mail.example'] });
  const { nodes } = await pair.arrivals();
  expect(nodes.map(({ outcome }: { readonly outcome: string }) => outcome)).toEqual(['UPDATED', 'CREATED']);
});
