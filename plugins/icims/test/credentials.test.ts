import { type FieldsOutcome, readFields } from '@talentbridge/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import plugin from '../src/index.js';
import { portalUrl, readPortalUrl } from '../src/portal-url.js';

const BASE = 'https://api.icims.com/customers/1234/search/portals';

function read(jobUrls: string, { customerId = '1234', region = 'us' } = {}): FieldsOutcome {
  return readFields(
    plugin.credentials,
    { customerId, username: 'api', password: 'secret', jobUrls },
    { brand: 'SeekOut', settings: { region } },
  );
}

function urlsOf(outcome: FieldsOutcome): unknown {
  return outcome.ok ? outcome.values['jobUrls'] : outcome.problems;
}

describe('the job URLs', () => {
  it('CON-4: are one or several, with or without staleness=0, each once', () => {
    expect(urlsOf(read(`${BASE}/1?staleness=0,  ${BASE}/careers , ${BASE}/1?staleness=0`))).toStrictEqual([
      `${BASE}/1?staleness=0`,
      `${BASE}/careers`,
    ]);
  });

  it('CON-4: are completed from the numbers of portals, with the customer ID and the host of the region', () => {
    expect(urlsOf(read('1, 2'))).toStrictEqual([`${BASE}/1`, `${BASE}/2`]);
    expect(urlsOf(read('3', { region: 'eu' }))).toStrictEqual([
      'https://api-eu.icims.com/customers/1234/search/portals/3',
    ]);
  });

  it.each([
    [`${BASE}/1, https://evil.example/customers/1234/search/portals/2`, 'URL 2 of 2: its host must be api.icims.com'],
    ['https://api-eu.icims.com/customers/1234/search/portals/1', 'URL 1 of 1: its host must be api.icims.com'],
    ['https://api.icims.com/customers/4321/search/portals/1', 'URL 1 of 1: it belongs to another customer'],
    [`${BASE}/1, ${BASE}/`, 'URL 2 of 2: must be the search URL of a job portal'],
    ['https://api.icims.com/customers/1234/jobs', 'URL 1 of 1: must be the search URL of a job portal'],
    [`http://api.icims.com/customers/1234/search/portals/1`, 'URL 1 of 1: must begin with https://'],
    [`https://u:p@api.icims.com/customers/1234/search/portals/1`, 'URL 1 of 1: must not carry a user name'],
    [`https://api.icims.com:8443/customers/1234/search/portals/1`, 'URL 1 of 1: must not name a port'],
    ['careers page', 'URL 1 of 1: must be a full URL'],
    [' , ', 'Enter Job URLs'],
  ])('CON-4: refuses %s with the reason', (entered, message) => {
    const outcome = read(entered);
    expect(outcome).toMatchObject({
      ok: false,
      problems: [{ field: 'jobUrls', message: expect.stringContaining(message) }],
    });
  });

  it('CON-4: names every URL that is wrong, not the first alone', () => {
    const outcome = read(
      `https://api.icims.com/customers/4321/search/portals/1, ${BASE}/1, https://api-eu.icims.com/customers/1234/search/portals/1`,
    );
    expect(outcome).toMatchObject({
      ok: false,
      problems: [
        { message: expect.stringContaining('URL 1 of 3') },
        { message: expect.stringContaining('URL 3 of 3') },
      ],
    });
  });

  it('CON-4: are read back as they were written', () => {
    const portal = fc.stringMatching(/^[A-Za-z0-9][\w.-]{0,20}$/);
    const customer = fc.stringMatching(/^[1-9]\d{0,8}$/);
    const host = fc.constantFrom('api.icims.com', 'api-eu.icims.com', 'api-ca.icims.com');
    const query = fc.constantFrom('', '?staleness=0', '/', '?x=/customers/9/search/portals/9', '#top');
    fc.assert(
      fc.property(portal, customer, host, query, (name, customerId, at, rest) => {
        const url = { host: at, customerId, portal: name };
        expect(readPortalUrl(portalUrl(url) + rest)).toStrictEqual(url);
      }),
    );
  });

  it('CON-4: lead nowhere but to a portal of this customer, whatever is entered', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.webUrl({ withQueryParameters: true }),
      fc
        .array(
          fc.constantFrom(
            'https://',
            'api.icims.com',
            '@',
            '/',
            '..',
            '%2e%2e',
            '/customers/1234',
            '/search/portals/',
            '1',
            '?',
            '#',
            ':443',
            '\\',
            '\t',
          ),
        )
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(fc.array(anything, { minLength: 1, maxLength: 3 }), (entries) => {
        const outcome = read(entries.join(','));
        if (!outcome.ok) return;
        const urls = outcome.values['jobUrls'];
        for (const url of Array.isArray(urls) ? urls : []) {
          expect(readPortalUrl(url)).toMatchObject({ host: 'api.icims.com', customerId: '1234' });
        }
      }),
    );
  });
});

describe('the other credentials', () => {
  it('CON-4: refuses a customer ID that is no number, and a user name that Basic cannot carry', () => {
    const outcome = readFields(
      plugin.credentials,
      { customerId: 'Example Co', username: 'api:user', password: 'x', jobUrls: `${BASE}/1` },
      { brand: 'SeekOut', settings: { region: 'us' } },
    );
    expect(outcome).toMatchObject({ ok: false, problems: [{ field: 'customerId' }, { field: 'username' }] });
  });
});

describe('the settings', () => {
  it('EXP-7, CON-8: default to the United States, the brand as the source, and no résumé', () => {
    expect(readFields(plugin.settings, {}, { brand: 'SeekOut' })).toStrictEqual({
      ok: true,
      values: { region: 'us', sourceName: 'SeekOut', sendResume: false, backgroundReserve: '0.2' },
    });
  });

  it('refuse ids that cannot be some', () => {
    const entered = {
      linkedinField: 'LinkedIn URL',
      recruiterSubmittedStatusId: 'Recruiter Submitted',
      region: 'mars',
    };
    expect(readFields(plugin.settings, entered, { brand: 'SeekOut' })).toMatchObject({
      ok: false,
      problems: [{ field: 'region' }, { field: 'linkedinField' }, { field: 'recruiterSubmittedStatusId' }],
    });
  });

  it('decide how many calls of a day are kept, and 4 at once are never exceeded', () => {
    expect(plugin.pace({ backgroundReserve: '0.5' })).toMatchObject({
      concurrency: 4,
      quota: { resetHeader: 'x-ratelimit-reset', keep: { work: 0.01, background: 0.5 } },
    });
  });
});

describe('the requirements', () => {
  it('CON-9: show the addresses that iCIMS has to let in', () => {
    expect(plugin.requirements.filter(({ allowList }) => allowList)).toHaveLength(1);
  });
});
