import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LookedInto } from '../../test/support/looked-into.ts';
import { PREVIEW } from './support/export-operations.js';
import { type ExportWorld, startExportWorld, type TestOrganization } from './support/export-world.js';

let world: ExportWorld;
let org: TestOrganization;

beforeAll(async () => {
  world = await startExportWorld();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  org = await world.organization();
});

describe('EXP-11: what is sent can be read before', () => {
  it('tells the fields with their limits', async () => {
    const { data } = await org.ask(
      'query ($id: ID!) { exportFields(connectionId: $id) { name label note required maxCount maxLength parts datePrecision networks } }',
      { id: org.connectionId },
    );
    const field = {
      note: null,
      required: false,
      maxCount: null,
      maxLength: null,
      parts: null,
      datePrecision: null,
      networks: null,
    };
    expect(data.exportFields).toEqual([
      { ...field, name: 'FIRST_NAME', label: 'First name' },
      { ...field, name: 'LAST_NAME', label: 'Last name', required: true },
      { ...field, name: 'EMAILS', label: 'Email addresses', required: true, maxCount: 2 },
      { ...field, name: 'PHONES', label: 'Phone numbers', maxCount: 1 },
      { ...field, name: 'TAGS', label: 'Tags', note: 'Only tags that exist there.' },
      { ...field, name: 'SOCIAL_URLS', label: 'Social links', networks: ['LINKEDIN'] },
      { ...field, name: 'WORK_EXPERIENCE', label: 'Work experience', maxLength: 20, datePrecision: 'MONTH' },
    ]);
  });

  const rich = {
    firstName: 'Łucja',
    lastName: 'Żółć',
    emails: [1, 2, 3].map((n) => ({ address: `l${n}@mail.example`, revealed: true })),
    phones: [{ number: '+4930123456', revealed: true, type: 'mobile' }],
    socialUrls: [{ url: 'https://www.linkedin.com/in/lucja' }, { url: 'https://github.com/lucja' }],
    workExperience: [
      { employer: 'Yard', title: 'Head of Welding and Other Hot Works', startDate: '2020-03-15', current: true },
      { employer: 'Dock', startDate: '2015', endDate: '2019-12' },
    ],
    education: [{ school: 'Polytechnic' }],
    tags: ['welding', 'Unheard of'],
  };

  it('previews to the letter what the vendor then receives', async () => {
    const profileIds = await org.people([rich, {}]);
    const { data } = await org.ask(PREVIEW, { input: { connectionId: org.connectionId, profileIds } });
    const [first] = data.previewExport.candidates;
    expect(first).toMatchObject({
      expectation: 'NEW',
      reason: null,
      dummyEmail: false,
      resume: false,
      profile: { key: 'p-0' },
    });
    expect(first.adjustments).toEqual([
      {
        field: 'TAGS',
        part: null,
        kind: 'DROPPED',
        reason: expect.stringContaining('does not know'),
        value: 'Unheard of',
      },
      { field: 'EMAILS', part: null, kind: 'DROPPED', reason: 'The ATS takes at most 2.', value: 'l3@mail.example' },
      {
        field: 'SOCIAL_URLS',
        part: null,
        kind: 'NOT_SENT',
        reason: expect.any(String),
        value: 'https://github.com/lucja',
      },
      {
        field: 'WORK_EXPERIENCE',
        part: 'title',
        kind: 'SHORTENED',
        reason: expect.any(String),
        value: 'Head of Welding and Other Hot Works',
      },
      {
        field: 'WORK_EXPERIENCE',
        part: 'startDate',
        kind: 'SHORTENED',
        reason: expect.any(String),
        value: '2020-03-15',
      },
      { field: 'EDUCATION', part: null, kind: 'NOT_SENT', reason: expect.any(String), value: 'Polytechnic' },
    ]);

    const ended = await org.ended((await org.order({ profileIds })).id);
    const received = new Map(org.acme.candidates.map(({ record }) => [record.lastName, record]));
    for (const { record } of data.previewExport.candidates) expect(received.get(record.lastName)).toEqual(sent(record));
    expect(ended.items.nodes[0].warnings).toEqual([
      { code: 'TAGS_DROPPED', field: 'TAGS', message: expect.stringContaining('Unheard of') },
      { code: 'VALUES_DROPPED', field: 'EMAILS', message: expect.not.stringContaining('l3@mail.example') },
      { code: 'VALUES_SHORTENED', field: 'WORK_EXPERIENCE', message: expect.any(String) },
      { code: 'VALUES_SHORTENED', field: 'WORK_EXPERIENCE', message: expect.any(String) },
    ]);
  });

  it('expects what then happens', async () => {
    const [known, without] = await org.people([{}, { emails: [] }]);
    await org.ended((await org.order({ profileIds: [known] })).id);
    const ask = async (options: object): Promise<unknown> => {
      const { data } = await org.ask(PREVIEW, {
        input: { connectionId: org.connectionId, profileIds: [known, without], ...options },
      });
      return data.previewExport.candidates.map(({ expectation }: { expectation: string }) => expectation);
    };
    expect(await ask({})).toEqual(['SKIP', 'REFUSE']);
    expect(await ask({ generateDummyEmails: true })).toEqual(['SKIP', 'NEW']);
    expect(await ask({ includePreviouslyExported: true })).toEqual(['NEW', 'REFUSE']);
    expect(org.acme.candidates).toHaveLength(1);
  });
});

/** A record of the preview in the words of the contract. */
function sent(record: LookedInto): unknown {
  const present = (value: object): object =>
    Object.fromEntries(Object.entries(value).filter(([, part]) => part !== null));
  return present({
    ...record,
    phones: record.phones.map((phone: { type: string }) => ({ ...phone, type: phone.type.toLowerCase() })),
    socialUrls: record.socialUrls.map((page: { network: string }) => ({
      ...page,
      network: page.network.toLowerCase(),
    })),
    workExperience: record.workExperience.map(present),
    education: record.education.map(present),
  });
}
