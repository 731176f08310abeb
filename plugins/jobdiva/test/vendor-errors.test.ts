import type { CallDescription, HttpResponse } from '@talentbridge/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeRefusal, loginRefusal, messageOf, refusalOf, withoutPersonalData } from '../src/vendor-errors.js';
import { biRows, idIn, searchRows } from '../src/vendor-rows.js';

const CALL: CallDescription = { atsName: 'JobDiva', action: 'test' };

function answer(status: number, json: unknown, text = JSON.stringify(json) ?? ''): HttpResponse {
  return { status, headers: { 'content-type': 'application/json' }, json, text };
}

describe('a refusal', () => {
  it.each([
    ['Parameter Check Failed \r\nError: Email(ada@example.org) Already used\r\n', 'emailUsed', 'Email(…) Already used'],
    ['Error: State(XX) is not valid for country(US)', 'state', 'State(…)'],
    ['Error: Invalid Social Network Name (Mastodon)', 'network', 'Invalid Social Network Name (…)'],
    [
      'You are not allowed to access to createCandidate API.',
      'notAllowed',
      'You are not allowed to access to createCandidate API',
    ],
    ['error: Cell Phone(+1 (415) 555-0100) exceeds 20 characters', 'other', 'Cell Phone(…) exceeds 20 characters'],
  ])('%j is %s', (message, kind, reason) => {
    expect(refusalOf(answer(500, { message }))).toMatchObject({ kind, reason });
  });

  it('is no outage, no other status and no success without an error in it', () => {
    expect(refusalOf(answer(500, { message: 'Internal Server Error' }))).toBeUndefined();
    expect(refusalOf(answer(503, { message: 'Error: down' }))).toBeUndefined();
    expect(refusalOf(answer(200, 19_500_000_000_001))).toBeUndefined();
    expect(refusalOf(answer(200, [{ message: 'Error: mine' }]))).toBeUndefined();
    expect(refusalOf(answer(502, undefined, '<html>Error: gateway</html>'))).toBeUndefined();
  });

  it('is read from the wrapper of a bad request as well', () => {
    expect(messageOf(answer(400, { apierror: { message: 'fromDate parameter is missing' } }))).toBe(
      'fromDate parameter is missing',
    );
  });

  it('OPS-3: never repeats a value in parentheses, whatever is in it', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{6,20}$/), fc.string(), (value, noise) => {
        expect(describeRefusal(`Error: Field(${noise}${value}) is wrong`).reason).not.toContain(value);
      }),
    );
  });

  it('OPS-3: repeats no address, no phone number and nothing that was sent', () => {
    const message = 'Okafor <ada@home.example> at +1 415 555 0100 of Northwind (Oakland)';
    expect(withoutPersonalData(message, ['Okafor', 'Northwind', 'CA'])).toBe('… <…> at … of … (Oakland)');
  });
});

describe('a refused login', () => {
  it.each([
    [500, 'INVALID_CREDENTIALS', 'unknown'],
    [500, 'the username or password is incorrect', 'unknown'],
    [500, 'USER_DISABLED', 'disabled'],
    [500, 'You are not allowed to access to login API.', 'notAllowed'],
    [401, 'no', 'unknown'],
    [500, 'Internal Server Error', undefined],
    [500, 'echo of [secret password abc]', undefined],
    [503, 'the password service is down', undefined],
  ])('%i %j is %s', (status, message, verdict) => {
    expect(loginRefusal(answer(status, { message }))).toBe(verdict);
  });
});

describe('rows', () => {
  it('are read by plain names, whichever way JobDiva writes them', () => {
    const [row] = searchRows(
      answer(200, [{ 'first name': ' Ada ', 'reference #': '26-1', 'phone 1': 5550100, x: {} }]),
      CALL,
    );
    expect(['firstname', 'reference', 'phone1', 'x', 'missing'].map((name) => row?.(name))).toStrictEqual([
      'Ada',
      '26-1',
      '5550100',
      '',
      '',
    ]);
  });

  it('know "Null" and null as nothing', () => {
    const data = [{ A: 'Null', B: null, C: 'Nullson' }];
    const [row] = biRows(answer(200, { message: 'Query "x" completed successfully', data }), CALL);
    expect([row?.('a'), row?.('b'), row?.('c')]).toStrictEqual(['', '', 'Nullson']);
  });

  it('have ids of up to 18 digits as text, and none that JSON has rounded', () => {
    const id = (value: unknown) => {
      const [row] = searchRows(answer(200, [{ id: value }]), CALL);
      if (!row) throw new Error('unreachable');
      return idIn(row, CALL, 'id');
    };
    expect(id(19_500_000_000_001)).toBe('19500000000001');
    expect(id('195356518728470000')).toBe('195356518728470000');
    for (const bad of [2 ** 60, 0, -1, 1.5, 'abc', '', null]) expect(() => id(bad)).toThrow(/no id/);
  });

  it.each([
    ['says that it failed', { message: 'Error: Date range more than 14 days', data: [] }, 'ATS_ANSWER_UNREADABLE'],
    [
      'is not allowed',
      { message: 'Error: You are not allowed to query this BIData metric.' },
      'ATS_PERMISSION_MISSING',
    ],
    ['has nothing but an empty list', [], 'ATS_PERMISSION_MISSING'],
    ['is of another shape', 42, 'ATS_ANSWER_UNREADABLE'],
  ])('of a BI read that %s are an error', (_what, json, code) => {
    expect(() => biRows(answer(200, json), CALL)).toThrow(expect.objectContaining({ code }));
  });
});
