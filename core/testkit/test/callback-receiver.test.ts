import type { Delivery } from '@talentbridge/contracts';
import { expect, it } from 'vitest';
import { CallbackReceiver } from '../src/conformance/callback-receiver.js';

it('hands over what arrives at its address, and answers what it is told', async () => {
  const arrived: Delivery[] = [];
  await using receiver = await CallbackReceiver.start(async (delivery) => {
    arrived.push(delivery);
    return { status: 202, headers: { 'x-taken': 'yes' } };
  });
  const headers = [
    ['X-Event', 'one'],
    ['X-Event', 'two'],
  ] satisfies [string, string][];
  const answer = await fetch(receiver.urlWith(receiver.token), {
    method: 'POST',
    headers,
    body: '\ufeff{ "naïve": 1 }',
  });
  expect(answer.status).toBe(202);
  expect(answer.headers.get('x-taken')).toBe('yes');
  expect(arrived).toMatchObject([{ headers: { 'x-event': 'one, two' }, body: '\ufeff{ "naïve": 1 }' }]);
});

it.for([
  ['another address', 404, (receiver: CallbackReceiver) => fetch(receiver.urlWith('guessed'), { method: 'POST' })],
  [
    'what is no text',
    400,
    (receiver: CallbackReceiver) =>
      fetch(receiver.urlWith(receiver.token), { method: 'POST', body: Buffer.from([0x7b, 0xff, 0x7d]) }),
  ],
] as const)('hands over nothing of %s', async ([, status, send]) => {
  let asked = 0;
  await using receiver = await CallbackReceiver.start(async () => {
    asked += 1;
    return { status: 200 };
  });
  expect((await send(receiver)).status).toBe(status);
  expect(asked).toBe(0);
});

it('answers 500 when nobody can make sense of a delivery', async () => {
  await using receiver = await CallbackReceiver.start(() => Promise.reject(new Error('unreadable')));
  expect((await fetch(receiver.urlWith(receiver.token), { method: 'POST', body: '{}' })).status).toBe(500);
});
