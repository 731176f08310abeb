import { readFields } from '@talentbridge/contracts';
import { describe, expect, it } from 'vitest';
import plugin from '../src/index.js';
import { CREDENTIALS } from './connect.js';

const read = (entered: object) =>
  readFields(plugin.credentials, { ...CREDENTIALS, ...entered }, { brand: 'TalentBridge' });

describe('the form', () => {
  it('CON-2: takes URNs, and makes URNs of bare numbers', () => {
    expect(read({})).toMatchObject({ ok: true, values: CREDENTIALS });
    expect(read({ organizationUrn: ' 1234 ', contractUrn: '42' })).toMatchObject({ ok: true, values: CREDENTIALS });
  });

  it.each([
    ['organizationUrn', 'urn:li:contract:42', /urn:li:organization:1234/],
    ['organizationUrn', 'Example Co', /number/],
    ['contractUrn', 'urn:li:organization:1234', /urn:li:contract:42/],
    ['contractUrn', 'urn:li:contract:', /number/],
    ['childClientId', 'Client ID: 78abc', /paste it alone/],
    ['childClientSecret', 'secret: abc', /paste the secret alone/],
  ])('CON-2: says what is wrong with %s %j, without repeating it', (field, value, message) => {
    const outcome = read({ [field]: value });
    expect(outcome).toMatchObject({ ok: false, problems: [{ field, message: expect.stringMatching(message) }] });
    expect(JSON.stringify(outcome)).not.toContain(`"${value}`);
  });
});
