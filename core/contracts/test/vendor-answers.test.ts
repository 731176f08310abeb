import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type CallDescription, failureOf, type HttpResponse, readAnswer, secretField } from '../src/index.js';

const CALL: CallDescription = { atsName: 'Test ATS', action: 'do things' };

function answer(status: number, other: Partial<HttpResponse> = {}): HttpResponse {
  return { status, headers: {}, json: undefined, text: '', ...other };
}

describe('a refusal', () => {
  it.each([
    [undefined, { code: 'ATS_REQUEST_REFUSED', recovery: 'fix' }],
    ['candidate', { code: 'CANDIDATE_REJECTED', recovery: 'skip' }],
    ['webhook', { code: 'WEBHOOK_REFUSED', recovery: 'reconnect' }],
  ] as const)('EXP-6, RED-11: of what is about %s is an error about that', (about, expected) => {
    for (const status of [400, 404, 405, 409, 413, 422, 451]) {
      const error = failureOf(answer(status), about ? { ...CALL, about } : CALL, 'NO_REASON');
      expect(error).toMatchObject({ ...expected, effect: 'none' });
      expect(error.message).toContain('NO_REASON');
      if (about !== 'candidate') expect(error.message).not.toContain('candidate');
    }
  });

  it('RED-11: of a webhook says what is to be looked at', () => {
    expect(failureOf(answer(422), { ...CALL, about: 'webhook' }).message).toMatch(
      /answered 422.*public address.*HTTPS/,
    );
  });

  it('CON-6: of credentials, and a missing record, are the same whatever the call is about', () => {
    const call = { ...CALL, about: 'webhook', record: { type: 'webhook', remoteId: '7' } } as const;
    expect(failureOf(answer(401), call).code).toBe('ATS_CREDENTIALS_REJECTED');
    expect(failureOf(answer(403), call).code).toBe('ATS_PERMISSION_MISSING');
    expect(failureOf(answer(404), call).code).toBe('ATS_RECORD_NOT_FOUND');
    expect(failureOf(answer(429), call).code).toBe('ATS_RATE_LIMITED');
  });
});

describe('EXP-12: an answer that is of no use', () => {
  it.each([
    [undefined, 'unknown'],
    ['unknown', 'unknown'],
    ['none', 'none'],
  ] as const)('leaves open what its request does: %s', (effect, expected) => {
    const told = effect ? { effect } : {};
    for (const status of [304, 408, 500, 503]) {
      expect(failureOf(answer(status, told), CALL)).toMatchObject({ recovery: 'retry', effect: expected });
    }
    for (const json of [undefined, 7]) {
      expect(() => readAnswer(answer(200, { json, ...told }), z.string(), CALL)).toThrow(
        expect.objectContaining({ code: 'ATS_ANSWER_UNREADABLE', effect: expected }),
      );
    }
  });
});

it('CON-4: a secret in an answer is read as its placeholder, and as nothing else', () => {
  const schema = z.object({ key: secretField() });
  const placeholder = '[secret key Ab3dEfGhIjKlMnOpQrStUv]';
  expect(readAnswer(answer(200, { json: { key: placeholder } }), schema, CALL)).toEqual({ key: placeholder });
  for (const key of ['s3cret', '', 7, undefined, null, `x ${placeholder}`, '[secret ]x']) {
    expect(() => readAnswer(answer(200, { json: { key } }), schema, CALL)).toThrow(/unexpected value at key/);
  }
});
