import type { HttpResponse } from '@talentbridge/contracts';
import { describe, expect, it } from 'vitest';
import { candidateRefusal, readRefusal, withoutPersonalData } from '../src/vendor-errors.js';

function answer(json: unknown, status = 422): HttpResponse {
  return { status, headers: {}, json, text: '' };
}

describe('the reason of a refusal', () => {
  it.each([
    ['message of each error', { errors: [{ message: 'one' }, { message: 'two' }] }, 'one; two'],
    ['detail when there is no message', { errors: [{ detail: 'the detail', title: 'the title' }] }, 'the detail'],
    ['title when there is neither', { errors: [{ title: 'the title' }] }, 'the title'],
    ['error', { error: 'plain', message: 'other' }, 'plain'],
    ['message', { message: 'other' }, 'other'],
    ['nothing, when there is nothing', {}, undefined],
    ['nothing of another type', { errors: 'no list', error: { code: 1 } }, undefined],
    ['nothing of what is no object', ['x'], undefined],
    ['nothing of what is no JSON', undefined, undefined],
    ['no full stop and no line break', { error: 'Not\nso.' }, 'Not so'],
  ])('is read from: %s', (_what, body, reason) => {
    expect(readRefusal(answer(body)).reason).toBe(reason);
  });

  it('is cut when it is very long', () => {
    expect(readRefusal(answer({ error: 'x'.repeat(5_000) })).reason).toHaveLength(300);
  });

  it('is the status when JobScore gives none', () => {
    expect(candidateRefusal(answer({}), [])).toStrictEqual({ reason: 'it answered 422' });
  });
});

describe('the refusal of a candidate', () => {
  it('names our field, and what to do about a tag', () => {
    const body = {
      errors: [{ status: 422, code: 'not_found', field: 'tags', message: 'Tag does not exist: rustacean' }],
    };
    expect(candidateRefusal(answer(body), [])).toStrictEqual({
      reason: 'Tag does not exist: rustacean (add it under Admin > Tags)',
      field: 'tags',
    });
  });

  it('names our field of a nested property', () => {
    expect(candidateRefusal(answer({ errors: [{ field: 'employers.0.titles', message: 'no' }] }), [])).toMatchObject({
      field: 'workExperience',
    });
  });

  it('does not repeat the person', () => {
    const body = {
      errors: [{ field: 'email', message: 'Ada Okafor <ada@home.example> exists, call +1 415 555 0100' }],
    };
    const { reason } = candidateRefusal(answer(body), ['Ada', 'Okafor', 'ada@home.example']);
    expect(reason).toBe('… … <…> exists, call …');
  });
});

describe('taking personal data out of a message', () => {
  it('spares words that only begin like a name', () => {
    expect(withoutPersonalData('Adapter of Ada', ['Ada'])).toBe('Adapter of …');
  });

  it('takes names as they stand, not as patterns', () => {
    expect(withoutPersonalData('who is A.*a?', ['A.*a'])).toBe('who is …?');
  });

  it('takes out addresses and phone numbers that were not sent', () => {
    expect(withoutPersonalData('same as b@c.example or (415) 555-0100', [])).not.toMatch(/b@c|555/);
  });
});
