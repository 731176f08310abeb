import type { HttpResponse } from '@talentbridge/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refusalCodes } from '../src/vendor-errors.js';

function answered(json: unknown): HttpResponse {
  return { status: 400, headers: {}, json, text: '' };
}

describe('a refusal', () => {
  it.each([
    [
      { message: 'Ada is invalid', errors: [{ code: 'CANDIDATE_DATA_CONFLICT', message: 'Ada' }] },
      'CANDIDATE_DATA_CONFLICT',
    ],
    [
      { errors: [{ code: 'A_CODE' }, { code: 'OAuthPermissionsException' }, { code: 'A_CODE' }] },
      'A_CODE, OAuthPermissionsException',
    ],
    [{ id: '1', code: 'INVALID_INPUT', message: 'of the other API' }, 'INVALID_INPUT'],
    [{ errors: [{ message: 'without code' }, null, 7, { code: 12 }, { code: 'GOOD' }] }, 'GOOD'],
    [{ errors: 'none' }, undefined],
    [{ errors: [{ code: 'ada@mail.example is taken' }] }, undefined],
    ['a page', undefined],
    [undefined, undefined],
  ])('EXP-6: is told by its codes, whatever its shape: %j', (json, codes) => {
    expect(refusalCodes(answered(json))).toBe(codes);
  });

  it('OPS-3: repeats no sentence, address or number', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (json, text) => {
        for (const body of [json, { errors: [{ code: text, message: text }] }, { code: text, message: text }]) {
          const codes = refusalCodes(answered(body));
          if (codes !== undefined) expect(codes).toMatch(/^[A-Za-z][\w.-]*(, [A-Za-z][\w.-]*)*$/);
        }
      }),
    );
  });
});
