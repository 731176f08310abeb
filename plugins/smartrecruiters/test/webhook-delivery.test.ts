import { createHmac } from 'node:crypto';
import type { Delivery, ReadDelivery } from '@talentbridge/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDelivery } from '../src/webhook-delivery.js';

/** The vendor's own example (SmartRecruiters sheet §12, CONFIRMED). */
const EXAMPLE = {
  key: 'HeBVky2bccvvkcXPimH8c',
  signature: '2e9291f10d44ca10204a4cd81b05d73b6a316b2b605d4e2e0e0b37b40198ce1f',
  delivery: {
    body: '{"job_id":"jid","candidate_id":"cid"}',
    headers: {
      'smartrecruiters-timestamp': '1574080897',
      'smartrecruiters-signature':
        'v1=2e9291f10d44ca10204a4cd81b05d73b6a316b2b605d4e2e0e0b37b40198ce1f;v2=00;v1=7014ac1c',
      'event-id': '123',
      'event-name': 'application.created',
      'event-version': 'v201910',
      link: '<http://smartrecruiters.com/endpoint>; rel=self',
    },
  },
} as const;

/** What of a delivery is read. */
type Sent = Pick<Delivery, 'headers' | 'body'>;

function event(name: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Sent {
  return { headers: { 'event-name': name, 'event-id': 'e-1', ...headers }, body: JSON.stringify(body) };
}

function eventOf(read: ReadDelivery): Extract<ReadDelivery, { readonly kind: 'event' }> {
  if (read.kind !== 'event') throw new Error(`It is ${read.kind}, no event.`);
  return read;
}

function hmac(key: string, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex');
}

describe('RED-11: the signature of a delivery', () => {
  it("is the vendor's own example, put together from the delivery", () => {
    const { signature } = eventOf(readDelivery(EXAMPLE.delivery));
    expect(hmac(EXAMPLE.key, signature?.signed ?? '')).toBe(EXAMPLE.signature);
    expect(signature).toMatchObject({ algorithm: 'hmac-sha256', encoding: 'hex', given: [EXAMPLE.signature] });
  });

  it.each([
    ['several, as there are several keys', `v1=${'a'.repeat(64)};v1=${'b'.repeat(64)}`, ['a', 'b']],
    ['several headers, joined', `v1=${'a'.repeat(64)}, v1=${'b'.repeat(64)}`, ['a', 'b']],
    ['in capitals', `V1=${'A'.repeat(64)}`, ['a']],
    ['of another scheme', `v2=${'a'.repeat(64)}`, []],
    ['of another length', `v1=${'a'.repeat(63)};v1=${'b'.repeat(65)}`, []],
    ['none', '', []],
  ])('takes %s', (_what, header, expected) => {
    const { signature } = eventOf(
      readDelivery(event('candidate.deleted', { id: 'c-1' }, { 'smartrecruiters-signature': header })),
    );
    expect(signature?.given).toEqual(expected.map((letter) => letter.repeat(64)));
  });

  it('counts a header that is missing as empty, and none of them as no reason to believe', () => {
    const bare = { headers: { 'event-name': 'candidate.deleted' }, body: '{"id":"c-1"}' };
    expect(eventOf(readDelivery(bare)).signature).toMatchObject({
      signed: '.{"id":"c-1"}..candidate.deleted..',
      given: [],
    });
  });

  it('fits whatever is signed, byte for byte, and nothing that was changed on the way', () => {
    const header = fc.stringMatching(/^[\x21-\x7e]{1,40}$/);
    fc.assert(
      fc.property(
        fc.record({ id: header, version: header, link: header, timestamp: header, extra: fc.string(), key: header }),
        fc.constantFrom('event-id', 'event-version', 'link', 'smartrecruiters-timestamp', 'body'),
        ({ id, version, link, timestamp, extra, key }, changed) => {
          const body = JSON.stringify({ id: 'c-1', extra });
          const name = 'candidate.updated';
          const given = hmac(key, `${timestamp}.${body}.${id}.${name}.${version}.${link}`);
          const headers = {
            'event-id': id,
            'event-name': name,
            'event-version': version,
            link,
            'smartrecruiters-timestamp': timestamp,
            'smartrecruiters-signature': `v1=${given}`,
          };
          const fits = (delivery: Sent): boolean => {
            const { signature } = eventOf(readDelivery(delivery));
            return signature?.given.includes(hmac(key, signature.signed)) ?? false;
          };
          expect(fits({ headers, body })).toBe(true);
          const forged =
            changed === 'body'
              ? { headers, body: body.replace('c-1', 'c-2') }
              : { headers: { ...headers, [changed]: `${headers[changed]}0` }, body };
          expect(fits(forged)).toBe(false);
        },
      ),
    );
  });
});

describe('RED-11: what a delivery is', () => {
  it.each(['6f1d-secret', 'a b c', '~'])('a handshake, answered with 200 and the same secret: %s', (secret) => {
    expect(readDelivery({ headers: { 'x-hook-secret': secret }, body: '' })).toEqual({
      kind: 'handshake',
      answer: { status: 200, headers: { 'x-hook-secret': secret } },
    });
  });

  it.each(['', ' ', 'a\r\nset-cookie: b', 'é', 'a'.repeat(1000)])(
    'no handshake, when the secret could not be sent back: %j',
    (secret) => {
      expect(readDelivery({ headers: { 'x-hook-secret': secret }, body: '' })).toMatchObject({ kind: 'unknown' });
    },
  );

  const application = { job_id: 'j-1', candidate_id: 'c-1', application_id: 'a-1' };
  it.each([
    ['candidate.created', { id: 'c-1' }, [{ kind: 'candidate', remoteId: 'c-1' }]],
    ['candidate.updated', { id: 'c-1' }, [{ kind: 'candidate', remoteId: 'c-1' }]],
    ['candidate.deleted', { id: 'c-1' }, [{ kind: 'candidate', remoteId: 'c-1' }]],
    ['job.created', { id: 'j-1' }, [{ kind: 'job', remoteId: 'j-1' }]],
    ['job.updated', { id: 'j-1' }, [{ kind: 'job', remoteId: 'j-1' }]],
    ['job.status.updated', { id: 'j-1' }, [{ kind: 'job', remoteId: 'j-1' }]],
    ['application.created', application, [{ kind: 'candidate', remoteId: 'c-1' }]],
    ['application.status.updated', application, [{ kind: 'candidate', remoteId: 'c-1' }]],
    ['application.source.updated', application, [{ kind: 'candidate', remoteId: 'c-1' }]],
    [
      'application.attachment.created',
      { ...application, attachment_id: 'f-1' },
      [{ kind: 'candidate', remoteId: 'c-1' }],
    ],
    // Not asked for, and of no interest.
    ['offer.created', { job_id: 'j-1', candidate_id: 'c-1', offer_id: 'o-1' }, []],
    ['job.hiring-team.updated', { id: 'j-1' }, []],
    ['job.ad.created', { job_id: 'j-1', job_ad_id: 'x' }, []],
    ['review.deleted', { application_id: 'a-1', review_id: 'r-1' }, []],
  ])('%s, with the records to read again', (name, body, records) => {
    expect(readDelivery(event(name, { ...body, status: 'HIRED', firstName: 'Ada' }))).toMatchObject({
      kind: 'event',
      event: { id: 'e-1', name, records },
    });
  });

  it.each([
    ['no event name', { headers: {}, body: '{"id":"c-1"}' }],
    ['a name that is none', event('<script>', { id: 'c-1' })],
    ['an id that is none', event('candidate.deleted', { id: 'c-1' }, { 'event-id': 'a\nb' })],
    ['no JSON', { ...event('candidate.deleted', {}), body: 'id=c-1' }],
    ['an empty body', { ...event('candidate.deleted', {}), body: '' }],
    ['JSON that is no object', event('candidate.deleted', 'c-1')],
    ['nobody', event('candidate.deleted', {})],
    ['a number for an id', event('candidate.deleted', { id: 7 })],
    ['a path for an id', event('candidate.deleted', { id: '../jobs' })],
    ['an application of nobody', event('application.created', { job_id: 'j-1' })],
    ['a job without an id', event('job.status.updated', { job_id: 'j-1' })],
  ])('unknown, with a reason: %s', (_what, delivery) => {
    expect(readDelivery(delivery)).toEqual({ kind: 'unknown', reason: expect.stringMatching(/\w/) });
  });

  it('an event without an id is known again by its body', () => {
    const { headers, body } = event('candidate.deleted', { id: 'c-1' });
    const { 'event-id': _id, ...rest } = headers;
    expect(eventOf(readDelivery({ headers: rest, body })).event).not.toHaveProperty('id');
  });

  it('is never an error, whatever was sent, and names no record that could lead elsewhere', () => {
    const name = fc.oneof(
      fc.constantFrom('x-hook-secret', 'event-name', 'event-id', 'smartrecruiters-signature', '__proto__'),
      fc.string({ unit: 'binary' }),
    );
    const value = fc.oneof(
      fc.constantFrom('candidate.deleted', 'application.created', 'job.updated', `v1=${'0'.repeat(64)}`),
      fc.string({ unit: 'binary' }),
    );
    const body = fc.oneof(
      fc.json(),
      fc.string({ unit: 'binary' }),
      fc.record({ id: fc.string(), candidate_id: fc.string() }).map((ids) => JSON.stringify(ids)),
    );
    fc.assert(
      fc.property(fc.dictionary(name, value), body, (headers, sent) => {
        const read = readDelivery({ headers, body: sent });
        expect(structuredClone(read)).toEqual(read);
        if (read.kind === 'event') {
          for (const { kind, remoteId } of read.event.records) {
            expect(['candidate', 'job']).toContain(kind);
            expect(remoteId).toMatch(/^[\w-]{1,100}$/);
          }
          for (const hex of read.signature?.given ?? []) expect(hex).toMatch(/^[\da-f]{64}$/);
        }
        if (read.kind === 'handshake') expect(Object.values(read.answer.headers ?? {}).join('')).not.toMatch(/[\r\n]/);
      }),
      { numRuns: 2000 },
    );
  });
});
