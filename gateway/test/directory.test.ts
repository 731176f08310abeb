import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ERRORS, type ExportWorld, startExportWorld, type TestOrganization } from './support/export-world.js';

let world: ExportWorld;
let org: TestOrganization;

beforeAll(async () => {
  world = await startExportWorld();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  org = await world.organization();
});

const REPORT =
  'created updated unchanged refused refusedRows { line hint reasons { field message } } notes { line reasons { field message } }';
const IMPORT = `mutation ($format: ImportFormat!, $content: String!) { importProfiles(format: $format, content: $content) {
  ${ERRORS} ... on ProfilesImported { ${REPORT} } } }`;
const UPSERT = `mutation ($profiles: [ProfileInput!]!) { upsertProfiles(profiles: $profiles) {
  ${ERRORS} ... on ProfilesUpserted { created updated unchanged profiles { ${everything()} } } } }`;

function everything(): string {
  return `key firstName lastName fullName headline summary location { street1 street2 city region postalCode country }
    emails { address type } hiddenEmailCount phones { number type } hiddenPhoneCount socialUrls { network url }
    workExperience { employer title startDate endDate current summary location companyUrl industry companySize }
    education { school degree major startDate graduationDate summary } skills industry companySize certifications languages
    groups interests honors diversity { attribute value source } tags dataSource exportedTo { atsName }`;
}

describe('DIR-1: profiles', () => {
  const whole = {
    key: 'host-1',
    firstName: 'Ada',
    lastName: 'Okafor',
    fullName: 'Ada Okafor, PhD',
    headline: 'Welding engineer',
    summary: 'Two lines.\nOf text.',
    location: {
      street1: 'Quay 1',
      street2: null,
      city: 'Lagos',
      region: 'Lagos State',
      postalCode: '100001',
      country: 'NG',
    },
    emails: [{ address: 'ada@mail.example', type: 'PERSONAL', revealed: true }],
    phones: [{ number: '+2348031234567', type: 'mobile', revealed: true }],
    socialUrls: [{ url: 'https://www.linkedin.com/in/ada-okafor', network: 'LINKEDIN' }],
    workExperience: [
      {
        employer: 'Yard',
        title: 'Engineer',
        startDate: '2020-03',
        endDate: null,
        current: true,
        summary: 'Hulls.',
        location: 'Lagos',
        companyUrl: 'https://yard.example/',
        industry: 'Ships',
        companySize: '51-200',
      },
    ],
    education: [
      {
        school: 'Polytechnic',
        degree: 'BSc',
        major: 'Metals',
        startDate: '2014',
        graduationDate: '2018',
        summary: 'Steel.',
      },
    ],
    skills: ['TIG'],
    industry: 'Ships',
    companySize: '51-200',
    certifications: ['ISO 9606'],
    languages: ['English'],
    groups: ['Welders'],
    interests: ['Sailing'],
    honors: ['Medal'],
    diversity: [{ attribute: 'gender', value: 'woman', source: 'self-declared' }],
    tags: ['Urgent'],
    dataSource: 'host platform',
  };

  it('takes a whole profile and shows it again', async () => {
    const { data } = await org.ask(UPSERT, { profiles: [whole] }, 'ADMIN');
    expect(data.upsertProfiles).toEqual({
      __typename: 'ProfilesUpserted',
      created: 1,
      updated: 0,
      unchanged: 0,
      profiles: [
        {
          ...whole,
          emails: [{ address: 'ada@mail.example', type: 'PERSONAL' }],
          hiddenEmailCount: 0,
          phones: [{ number: '+2348031234567', type: 'MOBILE' }],
          hiddenPhoneCount: 0,
          exportedTo: [],
        },
      ],
    });
    const again = await org.ask(UPSERT, { profiles: [whole] }, 'ADMIN');
    expect(again.data.upsertProfiles).toMatchObject({ created: 0, updated: 0, unchanged: 1 });
  });

  it('names every problem of every profile, and writes none of them', async () => {
    const profiles = [
      { key: 'a', firstName: 'A' },
      { key: 'b', emails: [{ address: 'no address' }], workExperience: [{ employer: 'X', startDate: 'yesterday' }] },
      { key: 'a', firstName: 'A again' },
    ];
    const { data } = await org.ask(UPSERT, { profiles }, 'ADMIN');
    expect(data.upsertProfiles).toMatchObject({ __typename: 'InvalidInput', code: 'INVALID_INPUT' });
    expect(data.upsertProfiles.problems.map(({ field }: { field: string }) => field)).toEqual(
      expect.arrayContaining([
        'profiles[1].firstName',
        'profiles[1].emails[0].address',
        'profiles[1].workExperience[0].startDate',
        'profiles[2].key',
      ]),
    );
    expect(JSON.stringify(data)).not.toContain('yesterday');
    expect((await org.ask('{ profiles { totalCount } }')).data.profiles.totalCount).toBe(0);
  });

  it('pages through profiles, all of them or those of a project', async () => {
    await org.people([{}, {}, {}, {}, {}]);
    const made = await org.ask(
      `mutation ($projects: [ProjectInput!]!) { upsertProjects(projects: $projects) { ${ERRORS} ... on ProjectsUpserted { projects { id candidateCount } } } }`,
      { projects: [{ key: 'x', name: 'X', profileKeys: ['p-1', 'p-3', 'p-4'] }] },
      'ADMIN',
    );
    const [project] = made.data.upsertProjects.projects;
    expect(project.candidateCount).toBe(3);
    const query = `query ($of: ID, $after: String) { profiles(projectId: $of, first: 2, after: $after) {
      totalCount nodes { key } pageInfo { hasNextPage hasPreviousPage endCursor } } }`;
    const all = async (of: string | null): Promise<string[]> => {
      const { profiles } = (await org.ask(query, { of })).data;
      if (!profiles.pageInfo.hasNextPage) return profiles.nodes.map(({ key }: { key: string }) => key);
      const rest = (await org.ask(query, { of, after: profiles.pageInfo.endCursor })).data.profiles;
      return [...profiles.nodes, ...rest.nodes].map(({ key }: { key: string }) => key);
    };
    expect((await all(project.id)).sort()).toEqual(['p-1', 'p-3', 'p-4']);
    expect(await all(null)).toHaveLength(4);
  });

  it('lets only an admin write, and a recruiter only read', async () => {
    const { errors } = await org.ask(UPSERT, { profiles: [whole] });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', allowedRoles: ['ADMIN'] });
  });
});

describe('DIR-2: projects and tags', () => {
  const UPSERT_PROJECTS = `mutation ($projects: [ProjectInput!]!) { upsertProjects(projects: $projects) {
    ${ERRORS} ... on ProjectsUpserted { projects { id key name candidateCount } } } }`;

  it('keeps the members of a project when none are named, and refuses unknown ones', async () => {
    await org.people([{}, {}]);
    await org.ask(UPSERT_PROJECTS, { projects: [{ key: 'x', name: 'X', profileKeys: ['p-0', 'p-1'] }] }, 'ADMIN');
    const renamed = await org.ask(UPSERT_PROJECTS, { projects: [{ key: 'x', name: 'Y' }] }, 'ADMIN');
    expect(renamed.data.upsertProjects.projects).toMatchObject([{ name: 'Y', candidateCount: 2 }]);
    const emptied = await org.ask(UPSERT_PROJECTS, { projects: [{ key: 'x', name: 'Y', profileKeys: [] }] }, 'ADMIN');
    expect(emptied.data.upsertProjects.projects).toMatchObject([{ candidateCount: 0 }]);
    const unknown = await org.ask(
      UPSERT_PROJECTS,
      { projects: [{ key: 'x', name: 'Z', profileKeys: ['nobody'] }] },
      'ADMIN',
    );
    expect(unknown.data.upsertProjects).toMatchObject({
      __typename: 'InvalidInput',
      problems: [{ field: 'projects[0].profileKeys' }],
    });
    const { data } = await org.ask('{ projects { totalCount nodes { name } } }');
    expect(data.projects).toEqual({ totalCount: 1, nodes: [{ name: 'Y' }] });
  });

  it('adds tags to those that are there', async () => {
    const add =
      'mutation ($names: [String!]!) { upsertOrganizationTags(names: $names) { __typename ... on OrganizationTagsUpserted { tags } ... on InvalidInput { problems { field } } } }';
    await org.ask(add, { names: ['b', 'a'] }, 'ADMIN');
    const { data } = await org.ask(add, { names: ['c', ' a '] }, 'ADMIN');
    expect(data.upsertOrganizationTags.tags).toEqual(['a', 'b', 'c']);
    const refused = await org.ask(add, { names: ['d', ' '] }, 'ADMIN');
    expect(refused.data.upsertOrganizationTags.problems).toEqual([{ field: 'tags[1]' }]);
    expect((await org.ask('{ organizationTags }')).data.organizationTags).toEqual(['a', 'b', 'c']);
  });
});

const CSV = `key,firstName,lastName,email1,phone1
k-1,Ada,Okafor,ada@mail.example,+2348031234567
k-2,Bo,Lindqvist,this is none,
k-3,,,,
k-4,"=HYPERLINK(""x"")",Formula,broken@,
k-5,Eve,Moreau,eve@mail.example,
`;

describe('importing a file', () => {
  it('takes the good rows and reports the broken ones', async () => {
    const { data } = await org.ask(IMPORT, { format: 'CSV', content: CSV }, 'ADMIN');
    const report = data.importProfiles;
    expect(report).toMatchObject({ __typename: 'ProfilesImported', created: 2, updated: 0, unchanged: 0, refused: 3 });
    expect(report.refusedRows.map(({ line, hint }: { line: number; hint: string }) => [line, hint])).toEqual([
      [3, 'k-2'],
      [4, 'k-3'],
      [5, 'k-4'],
    ]);
    expect(report.refusedRows[0].reasons).toEqual([
      { field: expect.stringContaining('email'), message: 'is no email address' },
    ]);
    const again = await org.ask(IMPORT, { format: 'CSV', content: CSV }, 'ADMIN');
    expect(again.data.importProfiles).toMatchObject({ created: 0, unchanged: 2 });
  });

  it('takes JSON Resume and lines of JSON', async () => {
    const resume = JSON.stringify({
      basics: { name: 'Kim Min-ji', email: 'kim@mail.example' },
      work: [{ name: 'Yard', position: 'Welder' }],
    });
    const one = await org.ask(IMPORT, { format: 'JSON_RESUME', content: resume }, 'ADMIN');
    expect(one.data.importProfiles).toMatchObject({ created: 1, refused: 0 });
    const lines = `{"key":"n-1","firstName":"Noor"}\n{"key":"n-2"}\nnot json\n{"key":"n-3","firstName":"Nils"}\n`;
    const many = await org.ask(IMPORT, { format: 'NDJSON', content: lines }, 'ADMIN');
    expect(many.data.importProfiles).toMatchObject({ created: 2, refused: 2, refusedRows: [{ line: 2 }, { line: 3 }] });
  });

  it('refuses a file of which nothing can be read, as data', async () => {
    const { data } = await org.ask(IMPORT, { format: 'CSV', content: 'colour,size\nred,9\n' }, 'ADMIN');
    expect(data.importProfiles).toMatchObject({
      __typename: 'InvalidInput',
      code: 'IMPORT_FILE_REFUSED',
      problems: [{ field: 'content', message: expect.stringContaining('header') }],
    });
  });
});

type Body = NonNullable<RequestInit['body']>;

describe('POST /imports/profiles', () => {
  async function post(
    body: Body,
    options: { readonly query?: string; readonly headers?: Record<string, string>; readonly token?: string } = {},
  ): Promise<Response> {
    const token = options.token ?? (await org.token('ADMIN'));
    return fetch(`${world.url}/imports/profiles${options.query ?? '?format=CSV'}`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv', authorization: `Bearer ${token}`, ...options.headers },
      body,
      // Needed for a body that is a stream.
      ...{ duplex: 'half' },
    });
  }

  it('answers the report that the mutation answers', async () => {
    const response = await post(CSV);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      created: 2,
      refused: 3,
      refusedRows: [{ line: 3, hint: 'k-2' }, {}, {}],
    });
  });

  it('answers refused rows as a table that no spreadsheet runs', async () => {
    const response = await post(CSV, { headers: { accept: 'text/csv' } });
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const bytes = Buffer.from(await response.arrayBuffer());
    const [header, ...rows] = bytes.toString('utf8').trimEnd().split('\r\n');
    expect(header).toBe('\ufeff"line","row","field","reason"');
    expect(rows[0]).toMatch(/^"3","k-2","\w+","is no email address"$/);
    expect(rows.every((row) => !/(^|,)"[=+@-]/.test(row))).toBe(true);
  });

  it('imports far more than a GraphQL request may hold, as it arrives', async () => {
    const rows = 6_000;
    async function* file(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('key,firstName,lastName,summary\n');
      for (let row = 0; row < rows; row += 1) yield Buffer.from(`big-${row},First,Last${row},${'x'.repeat(400)}\n`);
    }
    const response = await post(file());
    expect(await response.json()).toMatchObject({ created: rows, refused: 0 });
  });

  it.each([
    ['without a token', { headers: { authorization: '' } }, 401, 'UNAUTHENTICATED'],
    ['with a token that is none', { token: 'nonsense' }, 401, 'UNAUTHENTICATED'],
    ['without a format', { query: '' }, 400, 'BAD_USER_INPUT'],
    ['with an unknown format', { query: '?format=XLSX' }, 400, 'BAD_USER_INPUT'],
    ['compressed', { headers: { 'content-encoding': 'gzip' } }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ])('refuses a file %s', async (_what, options, status, code) => {
    const response = await post(CSV, options);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ errors: [{ message: expect.any(String), extensions: { code } }] });
    expect((await org.ask('{ profiles { totalCount } }')).data.profiles.totalCount).toBe(0);
  });

  it('refuses a recruiter, and says who may', async () => {
    const response = await post(CSV, { token: await org.token('RECRUITER') });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({
      errors: [{ extensions: { code: 'FORBIDDEN', allowedRoles: ['ADMIN'] } }],
    });
  });

  it('refuses a file of which nothing can be read', async () => {
    const response = await post('colour\nred\n');
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'IMPORT_FILE_REFUSED' } }] });
  });
});
