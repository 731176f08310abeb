import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NAMED_MEMBERS, SIMULATED_APPLICATIONS } from '../simulator/index.js';
import { Members } from '../simulator/members.js';
import {
  APPLICATION,
  applicationKey,
  CANDIDATE,
  candidateKey,
  idsOf,
  ORGANIZATION,
  type StartedLinkedIn,
  start,
  startEnabled,
} from './start-linkedin.js';

const NOBODY = { firstName: 'X', lastName: 'Y', emails: [], phones: [] };

describe('members (sheet §10.4)', () => {
  const members = new Members({ size: 1_000_000, seed: 1 });
  const found = members.search('').slice(NAMED_MEMBERS.length);

  it('are the same for the same seed, and others for another', () => {
    const again = new Members({ size: 1_000_000, seed: 1 }).search('Wingtip');
    expect(members.search('Wingtip')).toEqual(again);
    expect(new Members({ size: 1_000_000, seed: 2 }).search('Wingtip')).not.toEqual(again);
  });

  it('are each found by what matches them, out of a million', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: found.length - 1 }), (index) => {
        const member = found[index];
        if (!member) throw new Error('nobody');
        expect(members.byUrn(member.urn)).toEqual(member);
        const { firstName, lastName, title, employer } = member;
        for (const email of member.emails) {
          expect(members.matching({ ...NOBODY, emails: [email.toUpperCase()] })).toEqual([member]);
        }
        expect(members.matching({ ...NOBODY, profileUrl: `${member.profileUrl}/` })).toEqual([member]);
        expect(members.matching({ ...NOBODY, firstName, lastName, title, employer })).toEqual([member]);
        if (member.phone)
          expect(members.matching({ ...NOBODY, firstName, lastName, phones: [member.phone] })).toEqual([member]);
        expect(members.matching({ ...NOBODY, firstName, lastName })).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('are unique by their URN and addresses', () => {
    expect(new Set(found.map(({ urn }) => urn)).size).toBe(found.length);
    expect(new Set(found.flatMap(({ emails }) => emails)).size).toBe(found.flatMap(({ emails }) => emails).length);
  });
});

describe('matching (sheet §10.4)', () => {
  const matched = async (linkedIn: StartedLinkedIn, change: object): Promise<readonly string[]> => {
    const key = candidateKey('C-1');
    await linkedIn.put('/v2/atsCandidates', { [key]: { ...CANDIDATE, emailAddresses: ['x@y.example'], ...change } });
    const { json } = await linkedIn.get(`/v2/atsCandidates?${idsOf(key)}&fields=matchedMembers`);
    return json.results[key].matchedMembers;
  };

  it('RSC-1: by any address of the member, the profile, name and telephone, or name, title and employer', async () => {
    await using linkedIn = await startEnabled();
    const ada = ['urn:li:person:a1b2c3d4'];
    const kofi = { firstName: 'Kofi', lastName: 'Nakamura-d' };
    const ivo = { firstName: 'Ivo', lastName: 'Marchetti-e' };
    expect(await matched(linkedIn, { emailAddresses: ['ADA@home.example'] })).toEqual(ada);
    expect(await matched(linkedIn, { emailAddresses: ['ada.okafor@northwind.example'] })).toEqual(ada);
    expect(await matched(linkedIn, { linkedInProfileUrl: 'https://linkedin.com/in/Ada-Okafor/' })).toEqual(ada);
    expect(await matched(linkedIn, {})).toEqual([]);
    expect(await matched(linkedIn, { ...kofi, phoneNumbers: [{ number: '415-000-0003' }] })).toEqual([
      'urn:li:person:k3n5d003',
    ]);
    expect(await matched(linkedIn, { phoneNumbers: [{ number: '415-000-0003' }] })).toEqual([]);
    const job = { currentJobTitle: 'night nurse', currentCompanyName: 'Northwind' };
    expect(await matched(linkedIn, { ...ivo, ...job })).toEqual(['urn:li:person:i4m5e004']);
    expect(await matched(linkedIn, { ...ivo, currentJobTitle: 'Night Nurse' })).toEqual([]);
  });

  it('may take as long as a test says', async () => {
    await using linkedIn = await startEnabled();
    await linkedIn.control('/recruiter/behaviour', { matchDelayMs: 60_000 });
    expect(await matched(linkedIn, { emailAddresses: ['ada@home.example'] })).toEqual([]);
    linkedIn.simulator.clock.advance(60_000);
    expect(await matched(linkedIn, { emailAddresses: ['ada@home.example'] })).toEqual(['urn:li:person:a1b2c3d4']);
  });

  it('leaves out who closed the account', async () => {
    await using linkedIn = await startEnabled();
    await linkedIn.control('/recruiter/members/close', { member: 'urn:li:person:a1b2c3d4' });
    expect(await matched(linkedIn, { emailAddresses: ['ada@home.example'] })).toEqual([]);
  });
});

describe('the pages (sheet §10.5)', () => {
  const page = async ({ simulator }: StartedLinkedIn, path: string) =>
    (await fetch(`${simulator.url}/_sim/recruiter${path}`)).text();
  const submit = async ({ simulator }: StartedLinkedIn, path: string, fields: Record<string, string>) => {
    const init = { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' as const };
    return (await fetch(`${simulator.url}/_sim/recruiter${path}`, init)).headers.get('location') ?? '';
  };

  it('count past applicants: those matched who have an application', async () => {
    await using linkedIn = await startEnabled();
    await linkedIn.put('/v2/atsCandidates', { [candidateKey('C-1')]: CANDIDATE });
    expect(await page(linkedIn, '')).toContain('Past applicants (0)');
    await linkedIn.put('/v2/atsApplications', { [applicationKey('A-1')]: APPLICATION });
    expect(await page(linkedIn, '?q=northwind')).toContain('Past applicants (1)');
    expect(await page(linkedIn, '?q=wingtip')).toContain('Past applicants (0)');
    expect(await page(linkedIn, '?only=pastApplicants')).toContain('Ada Okafor');
  });

  it('show no indicator while it is off, and no preview to whom applications do not show', async () => {
    await using linkedIn = await startEnabled();
    await linkedIn.put('/v2/atsCandidates', { [candidateKey('C-1')]: CANDIDATE });
    await linkedIn.put('/v2/atsApplications', { [applicationKey('A-1')]: APPLICATION });
    expect(await page(linkedIn, '/people/a1b2c3d4')).toContain('Source: Referral');
    const tail = `integrationContext=${ORGANIZATION}&integrationType=IN_ATS_INDICATOR&tenantType=RECRUITER&dataProvider=ATS`;
    await linkedIn.ask('DELETE', `/v2/atsIntegrations/${tail}/configurations?ids=APPLICATION_VIEWERS`);
    expect(await page(linkedIn, '/people/a1b2c3d4')).not.toContain('Source: Referral');
    const { clientId } = SIMULATED_APPLICATIONS.exampleco;
    const off = { clientId, type: 'IN_ATS_INDICATOR', context: ORGANIZATION, status: 'DISABLED' };
    await linkedIn.control('/recruiter/integrations', off);
    expect(await page(linkedIn, '/people/a1b2c3d4')).toContain('Not in ATS');
  });

  it('are driven by plain forms that come back with what happened', async () => {
    await using linkedIn = await startEnabled();
    const back = '/_sim/recruiter/people/a1b2c3d4?seat=555';
    const common = { seat: '555', member: 'urn:li:person:a1b2c3d4', back };
    const sent = await submit(linkedIn, '/inmails', {
      ...common,
      subject: 'Role',
      body: '<b>Hello</b>',
      visibility: 'PRIVATE',
    });
    expect(sent).toBe(`${back}&said=The+InMail+was+sent.`);
    expect(await page(linkedIn, '/people/a1b2c3d4?seat=555')).toContain('Role: &#60;b&#62;Hello');
    expect(await page(linkedIn, '/people/a1b2c3d4?seat=556')).not.toContain('Hello');
    await submit(linkedIn, '/notes', { ...common, note: 'Mine alone', visibility: 'PRIVATE' });
    expect(await page(linkedIn, '/people/a1b2c3d4?seat=555')).toContain('Mine alone');
    expect(await page(linkedIn, '/people/a1b2c3d4?seat=556')).not.toContain('Mine alone');
    expect(await submit(linkedIn, '/exports', { ...common, job: 'Nothing' })).toContain('refused=That+job');
    const away = await submit(linkedIn, '/members/close', {
      member: common.member,
      back: 'https://elsewhere.example/',
    });
    expect(away).toMatch(/^\/_sim\/recruiter\?said=/);
    expect(await page(linkedIn, '/people/a1b2c3d4')).toContain('closed the account');
  });

  it('label every field and button', async () => {
    await using linkedIn = await startEnabled();
    for (const path of ['', '/people/m7v9x007', '/settings']) {
      const text = await page(linkedIn, path);
      const outside = text.replace(/<label[\s\S]*?<\/label>/g, '');
      const fields = outside.match(/<(?:input|select|textarea)\b[^>]*>/g) ?? [];
      expect(fields.filter((field) => !/type="hidden"/.test(field))).toEqual([]);
      expect(text).toContain('<html lang="en">');
      expect(text).toContain('href="#main"');
    }
  });

  it('never show a secret or a callback address', async () => {
    await using linkedIn = await startEnabled();
    const everything = [await page(linkedIn, '/settings'), JSON.stringify(linkedIn.simulator.snapshot())].join();
    for (const { clientSecret } of Object.values(SIMULATED_APPLICATIONS))
      expect(everything).not.toContain(clientSecret);
    expect(everything).not.toContain('/hooks/exampleco');
  });
});

it('a reset puts everything back as it was first', async () => {
  await using linkedIn = await startEnabled();
  const { simulator, control, put } = linkedIn;
  await put('/v2/atsCandidates', { [candidateKey('C-1')]: CANDIDATE });
  await control('/recruiter/seats/555', { state: 'REMOVED' });
  await control('/recruiter/members/close', { member: 'urn:li:person:a1b2c3d4' });
  await control('/recruiter/mishaps', { lose: 3, shuffleKeys: true });
  await using fresh = await start({ members: 50 });
  await control('/reset');
  expect(simulator.snapshot()).toEqual(fresh.simulator.snapshot());
  expect(await linkedIn.get('/v2/seatsV2')).toMatchObject({ status: 401 });
});

describe('widgets (sheet §8)', () => {
  const frame = async ({ simulator }: StartedLinkedIn, change: Record<string, string> = {}) => {
    const query = new URLSearchParams({
      api_key: SIMULATED_APPLICATIONS.exampleco.clientId,
      origin: 'https://hub.example',
      candidate: 'C-1',
      context: ORGANIZATION,
      ...change,
    });
    return (await fetch(`${simulator.url}/xdoor/widgets/profile?${query}`)).text();
  };

  it('RSC-7: stay blank on a page of another domain', async () => {
    await using linkedIn = await startEnabled({ widgetDomains: ['https://hub.example'] });
    expect(await frame(linkedIn)).toContain('has not been synced');
    expect(await frame(linkedIn, { origin: 'https://other.example' })).not.toContain('<main>');
    expect(await frame(linkedIn, { api_key: 'unknown' })).not.toContain('<main>');
  });

  it('RSC-7: show the member, and find another one to link', async () => {
    await using linkedIn = await startEnabled({ widgetDomains: ['https://hub.example'] });
    await linkedIn.put('/v2/atsCandidates', { [candidateKey('C-1')]: CANDIDATE });
    const shown = await frame(linkedIn, { unlink: 'true', q: 'Vance' });
    expect(shown).toContain('Staff Engineer at Northwind');
    expect(shown).toContain('data-action="unlink" data-member="urn:li:person:a1b2c3d4"');
    expect(shown).toContain('data-action="link" data-member="urn:li:person:m7v9x007"');
  });

  it('are made by a script that a page includes', async () => {
    await using linkedIn = await startEnabled();
    const response = await fetch(`${linkedIn.simulator.url}/xdoor/scripts/in.js`);
    expect(response.headers.get('content-type')).toContain('text/javascript');
    const script = await response.text();
    for (const part of ['IN/HcmWidget', 'IN/ATSIntegrationWidget', 'onlink', 'onunlink'])
      expect(script).toContain(part);
    expect(() => new Function(script)).not.toThrow();
  });
});
