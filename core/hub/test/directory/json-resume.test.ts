import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rowsOf, sample } from './rows-of.js';

/** The profile that a document becomes, with what was left out of it. */
async function read(document: unknown) {
  const { rows } = await rowsOf('JSON_RESUME', JSON.stringify(document));
  const [row] = rows;
  if (!row?.ok) throw new Error(JSON.stringify(row));
  return { profile: row.profile, notes: row.notes.map(({ path }) => path) };
}

describe('DIR-1: JSON Resume as people publish it', () => {
  it('reads a document of the standard', async () => {
    const { profile, notes } = await read({
      basics: {
        name: 'Ada Example',
        label: 'Engineer',
        email: 'ada@example.com',
        phone: '(212) 555-0142',
        url: 'https://ada.example.com',
        location: {
          address: '1 Sample Street\nFlat 2',
          city: 'New York',
          region: 'NY',
          countryCode: 'US',
          postalCode: '10001',
        },
        profiles: [{ network: 'LinkedIn', username: 'ada', url: 'https://linkedin.com/in/ada-example' }],
      },
      work: [
        {
          name: 'Lumen Orchard',
          position: 'Engineer',
          startDate: '2021-03-01',
          summary: 'Builds.',
          highlights: ['Faster', 'Safer'],
        },
        { name: 'Fern & Flint', position: 'Intern', startDate: '2019', endDate: '2020-12' },
      ],
      education: [{ institution: 'Lakeside', area: 'Mathematics', studyType: 'BSc', endDate: '2018-06-30' }],
      skills: [{ name: 'Web', keywords: ['HTML', 'CSS'] }],
      languages: [{ language: 'English', fluency: 'Native' }],
      awards: [{ title: 'Dean’s List' }],
      certificates: [{ name: 'CKA' }],
      interests: [{ name: 'Chess' }],
      volunteer: [{ organization: 'Kept elsewhere' }],
    });
    expect(notes).toEqual([]);
    expect(profile).toMatchObject({
      firstName: 'Ada',
      lastName: 'Example',
      headline: 'Engineer',
      emails: [{ address: 'ada@example.com', revealed: true }],
      phones: [{ number: '+12125550142', type: 'other', revealed: true }],
      location: { street1: '1 Sample Street', street2: 'Flat 2', city: 'New York', country: 'US' },
      socialUrls: [
        { network: 'website', url: 'https://ada.example.com/' },
        { network: 'linkedin', url: 'https://www.linkedin.com/in/ada-example' },
      ],
      workExperience: [
        {
          employer: 'Lumen Orchard',
          title: 'Engineer',
          startDate: '2021-03-01',
          current: true,
          summary: 'Builds.\n• Faster\n• Safer',
        },
        { employer: 'Fern & Flint', startDate: '2019', endDate: '2020-12', current: false },
      ],
      education: [{ school: 'Lakeside', degree: 'BSc', major: 'Mathematics', graduationDate: '2018-06-30' }],
      skills: ['Web', 'HTML', 'CSS'],
      languages: ['English'],
      honors: ['Dean’s List'],
      certifications: ['CKA'],
      interests: ['Chess'],
    });
    expect(profile.key).toMatch(/^linkedin:/);
  });

  it('understands older and looser habits', async () => {
    const { profile, notes } = await read({
      basics: {
        name: { first: 'Ada', last: 'Example' },
        email: ['a@example.com', 'b@example.org'],
        phone: 2_125_550_142,
        website: 'ada.example.com',
        location: 'Porto, Portugal',
        profiles: { GitHub: 'ada', Twitter: { username: '@ada' } },
      },
      work: [{ company: 'Fern', title: 'Lead', startDate: 'Jan 2019', endDate: 'Present' }],
      education: { school: 'Lakeside', degree: 'BSc' },
      skills: 'HTML, CSS',
      interests: ['Chess'],
      languages: null,
    });
    expect(notes).toEqual([]);
    expect(profile).toMatchObject({
      firstName: 'Ada',
      lastName: 'Example',
      emails: [{ address: 'a@example.com' }, { address: 'b@example.org' }],
      location: { city: 'Porto', country: 'PT' },
      socialUrls: [{ network: 'website' }, { url: 'https://github.com/ada' }, { url: 'https://twitter.com/ada' }],
      workExperience: [{ employer: 'Fern', title: 'Lead', startDate: '2019-01', current: true }],
      education: [{ school: 'Lakeside' }],
      skills: ['HTML', 'CSS'],
      interests: ['Chess'],
    });
  });

  it('leaves out and notes what cannot be used, and takes the rest', async () => {
    const { profile, notes } = await read({
      basics: {
        name: 'Ada Example',
        email: 'call me',
        url: 'javascript:alert(1)',
        phone: 'n/a',
        location: 7,
        profiles: [{ network: 'GitHub' }, 9],
      },
      work: [
        { position: 'Nowhere' },
        { name: 'Fern', startDate: 'some time', endDate: '2020' },
        { name: 'Flint', startDate: '2020', endDate: '2011' },
      ],
      skills: [{ level: 'Master' }, { name: 'HTML' }],
      'x-talentbridge': { diversity: [{ attribute: 'gender', value: 'woman' }], colour: 'teal' },
    });
    expect(profile).toMatchObject({
      firstName: 'Ada',
      emails: [],
      phones: [],
      socialUrls: [],
      skills: ['HTML'],
      diversity: [],
      workExperience: [
        { employer: 'Fern', endDate: '2020', current: false },
        { employer: 'Flint', startDate: '2020' },
      ],
    });
    expect(notes.toSorted()).toEqual([
      'basics.email.address',
      'basics.phone.number',
      'basics.profiles[0]',
      'basics.profiles[1]',
      'basics.url',
      'work[0]',
      'work[1].startDate',
      'work[2].endDate',
      'x-talentbridge.colour',
      'x-talentbridge.diversity[0].source',
    ]);
  });

  it('takes the documented extension', async () => {
    const { profile, notes } = await read({
      basics: { name: 'Ada B. Example', email: 'ada@example.com' },
      work: [{ name: 'Fern', 'x-talentbridge': { industry: 'Gaming' } }],
      'x-talentbridge': {
        key: 'p-1042',
        firstName: 'Ada',
        lastName: 'B. Example',
        emails: [
          { address: 'ADA@example.com', revealed: false },
          { address: 'work@example.org', revealed: true, type: 'work' },
        ],
        phones: [{ number: '+1 212 555 0142', type: 'mobile', revealed: true }],
        tags: ['Golang'],
        groups: ['Guild'],
        industry: 'Software',
        companySize: '51-200',
        diversity: [{ attribute: 'gender', value: 'woman', source: 'application form' }],
      },
    });
    expect(notes).toEqual([]);
    expect(profile).toMatchObject({
      key: 'p-1042',
      firstName: 'Ada',
      lastName: 'B. Example',
      fullName: 'Ada B. Example',
      emails: [
        { address: 'ADA@example.com', revealed: false },
        { address: 'work@example.org', revealed: true },
      ],
      phones: [{ number: '+12125550142', type: 'mobile', revealed: true }],
      tags: ['Golang'],
      groups: ['Guild'],
      industry: 'Software',
      companySize: '51-200',
      workExperience: [{ employer: 'Fern', industry: 'Gaming' }],
      diversity: [{ attribute: 'gender' }],
    });
  });

  it.each([
    [
      'a document over several lines',
      (documents: unknown[]) => documents.map((each) => JSON.stringify(each, null, 2)).join('\n\n'),
    ],
    ['a list', (documents: unknown[]) => `\ufeff${JSON.stringify(documents, null, 1)}`],
    ['one a line', (documents: unknown[]) => documents.map((each) => JSON.stringify(each)).join('\r\n')],
  ])('reads %s', async (_, write) => {
    const documents = [
      { basics: { name: 'Ada One', summary: 'with "braces" } ] and \\ ünïcödé' } },
      { basics: { name: 'Ada Two' } },
    ];
    const { profiles, refused } = await rowsOf('JSON_RESUME', write(documents));
    expect(refused).toEqual([]);
    expect(profiles.map(({ lastName }) => lastName)).toEqual(['One', 'Two']);
  });

  it('refuses documents without a name, broken ones and what is no document, with their lines', async () => {
    const { refused, profiles } = await rowsOf(
      'JSON_RESUME',
      '[\n{"basics":{"email":"a@example.com"}},\n{"basics": nope},\n17,\n"text",\n{"basics":{"name":"Ada Example"}}\n]',
    );
    expect(refused.map(({ line }) => line)).toEqual([2, 3, 4, 5]);
    expect(profiles).toHaveLength(1);
  });

  it('derives the same key from the same file', async () => {
    const document = {
      basics: { name: 'Ada Example' },
      work: [
        { name: 'Later', startDate: '2020' },
        { name: 'Earlier', startDate: '2001' },
      ],
    };
    const withNewJob = { ...document, work: [{ name: 'Newest', startDate: '2026' }, ...document.work] };
    const first = await read(document);
    expect(first.profile.key).toMatch(/^name:[\w-]{22}$/);
    expect((await read(withNewJob)).profile.key).toBe(first.profile.key);
  });

  it('reads all sample résumés, in the order of no author', async () => {
    const files = readdirSync(new URL('../../../../samples/json-resume/', import.meta.url));
    expect(files.length).toBeGreaterThanOrEqual(40);
    const refused = [];
    for (const file of files) refused.push(...(await rowsOf('JSON_RESUME', sample(`json-resume/${file}`))).refused);
    expect(refused).toEqual([]);
  });

  it('keeps what came before the place where a file breaks off', async () => {
    const { profiles, refused } = await rowsOf('JSON_RESUME', sample('broken/truncated.json'));
    expect(profiles).toHaveLength(2);
    expect(refused).toMatchObject([{ reasons: [{ message: 'is cut off: the file ends inside it' }] }]);
  });
});
