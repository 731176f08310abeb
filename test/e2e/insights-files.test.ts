import {
  ProfileInsightsFileDocument,
  RediscoveryInsightsFileDocument,
  RediscoverySearchDocument,
} from '@talentbridge/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readWorkbook } from '../../core/hub/test/capabilities/rediscovery/search/workbook/read-workbook.ts';
import { type OrganizationClient, organizationOf } from '../support/organization-client.ts';
import { type RunningSystem, startSystem, startVendors, until } from '../support/running-system.ts';
import { succeeded, type TypedClient, typedClient } from '../support/typed-client.ts';

const DIMENSIONS = 19;
/** Those of the ATS, and the test candidate with whom the connection was verified. */
const CANDIDATES = 30 + 1;

let system: RunningSystem;
let organization: OrganizationClient;
let run: TypedClient;
let connectionId: string;
beforeAll(async () => {
  system = await startSystem({ vendors: await startVendors({ candidates: CANDIDATES - 1, seed: 7 }) });
  organization = organizationOf(system);
  run = typedClient(system, { organizationId: organization.id, roles: ['VIEWER'] });
  await organization.people([
    { skills: ['Welding', '=HYPERLINK("http://evil.example","x")'] },
    { skills: ['Welding'] },
    { skills: ['Go'] },
  ]);
  connectionId = await organization.connect(undefined, 'jobscore', ['EXPORT', 'REDISCOVERY']);
  await until(
    async () => (await run(RediscoverySearchDocument, {})).rediscoverySearch,
    (found) => found.__typename === 'CandidatesFound' && found.total === CANDIDATES && found.indexing === null,
    60_000,
  );
});
afterAll(() => system[Symbol.asyncDispose]());

async function profiles(query: string, format: 'XLSX' | 'PAGE'): Promise<string> {
  const { profileSearch } = await run(ProfileInsightsFileDocument, { query, format });
  const file = succeeded(profileSearch, 'ProfilesFound').insights?.file;
  if (!file) throw new Error('There is no file.');
  expect(Date.parse(file.expiresAt)).toBeGreaterThan(Date.now());
  return `${system.url}${file.url}`;
}

describe('RED-10: Insights as files', () => {
  it('a search of an ATS is saved as a workbook with a sheet and a chart for each dimension', async () => {
    const { rediscoverySearch } = await run(RediscoveryInsightsFileDocument, { connectionId, format: 'XLSX', top: 5 });
    const { insights } = succeeded(rediscoverySearch, 'CandidatesFound');
    const response = await fetch(`${system.url}${insights?.file.url}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-disposition')).toContain('filename="insights.xlsx"');
    const { sheets, charts } = readWorkbook(await response.bytes());
    expect(sheets).toHaveLength(DIMENSIONS + 1);
    expect(charts.length).toBeGreaterThan(0);
    const texts = [...(sheets[0]?.cells.values() ?? [])].map(({ text }) => text);
    expect(texts).toEqual(
      expect.arrayContaining(['Searched for', 'Everybody', 'JobScore', 'People found', String(CANDIDATES)]),
    );
  });

  it('says the same as the screen, and nothing in it is live', async () => {
    const response = await fetch(await profiles('skill:welding', 'XLSX'));
    const { sheets } = readWorkbook(await response.bytes());
    const skill = sheets.find(({ name }) => name === 'Skill');
    const rows = [5, 6, 7].map((row) => ['A', 'B', 'C'].map((column) => skill?.cells.get(`${column}${row}`)?.text));
    expect(rows).toEqual([
      ['Welding', '2', '1'],
      [`'=HYPERLINK("http://evil.example","x")`, '1', '0.5'],
      ['Not stated', '0', '0'],
    ]);
    expect(skill?.xml).not.toContain('<f>');
  });

  it('is shown as a page to be printed, which may run and fetch nothing', async () => {
    const response = await fetch(await profiles('', 'PAGE'));
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'; style-src 'sha256-/);
    const page = await response.text();
    expect(page.match(/<section /g)).toHaveLength(DIMENSIONS);
    expect(page).toContain('<th scope="row" dir="auto">Welding</th><td class="number">2</td>');
    expect(page).toContain('=HYPERLINK(&quot;http://evil.example&quot;');
  });

  it('a query that cannot be searched makes no file', async () => {
    const { profileSearch } = await run(ProfileInsightsFileDocument, { query: '(welder', format: 'XLSX' });
    expect(profileSearch.__typename).toBe('InvalidQuery');
  });

  it('a link is good for what it was made for alone, and stands in no log', async () => {
    const url = await profiles('', 'PAGE');
    const token = url.split('/').at(-1) ?? '';
    for (const [path, status] of [
      [`/files/insights/workbook/${token}`, 403],
      [`/files/attachments/${token}`, 403],
      [`/files/insights/page/${token.slice(1)}`, 403],
    ] as const) {
      expect((await fetch(`${system.url}${path}`)).status).toBe(status);
    }
    expect((await fetch(url)).status).toBe(200);
    expect(system.log()).not.toContain(token);
    const audit = await organization.ask('{ auditLog(first: 1) { nodes { action actorId } } }');
    expect(audit.nodes).toEqual([expect.objectContaining({ action: 'insights.export' })]);
  });

  it('a link to what candidates consist of is no good while Rediscovery is off, as none of their files is', async () => {
    const { rediscoverySearch } = await run(RediscoveryInsightsFileDocument, { format: 'PAGE', top: 5 });
    const url = `${system.url}${succeeded(rediscoverySearch, 'CandidatesFound').insights?.file.url}`;
    const ofProfiles = await profiles('', 'PAGE');
    const status = async (link: string) => (await fetch(link)).status;
    const switchTo = (enabled: boolean) =>
      organization.ask('mutation ($input: SetCapabilityInput!) { setCapability(input: $input) { __typename } }', {
        input: { pluginId: 'jobscore', capability: 'REDISCOVERY', enabled },
      });
    expect(await status(url)).toBe(200);
    await switchTo(false);
    expect([await status(url), await status(ofProfiles)]).toEqual([403, 200]);
    await switchTo(true);
    expect(await status(url)).toBe(200);
  });
});
