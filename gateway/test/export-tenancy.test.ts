import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PREVIEW, PROGRESS, project, RETRY, REVEAL, SETTLE } from './support/export-operations.js';
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

describe('another organization', () => {
  it('finds nothing under our ids, in the words for ids that do not exist', async () => {
    const [profileId] = await org.people([{}]);
    const projectId = await project(org, ['p-0']);
    const { id, items } = await org.order({ profileIds: [profileId] });
    await org.ended(id);
    const stranger = await world.organization();

    const ids = {
      export: id,
      profile: profileId,
      project: projectId,
      connection: org.connectionId,
      item: items.nodes[0].id,
    };
    const unknown = {
      export: randomUUID(),
      profile: randomUUID(),
      project: randomUUID(),
      connection: randomUUID(),
      item: randomUUID(),
    };
    const [ours, nobodys] = await Promise.all([ids, unknown].map((each) => everythingAbout(stranger, each)));
    expect(ours).toEqual(nobodys);
    expect(ours?.['subscription']).toEqual([
      { errors: [expect.objectContaining({ extensions: { code: 'NOT_FOUND', recovery: 'skip' } })] },
    ]);
  });

  it.each(['export', 'profile', 'project'])('a malformed id of %s is refused by name', async (field) => {
    const { errors } = await org.ask(`{ ${field}(id: "nonsense") { id } }`);
    expect(errors?.[0]).toMatchObject({
      message: expect.stringMatching(/^id: /),
      extensions: { code: 'BAD_USER_INPUT', argument: 'id' },
    });
  });

  it('a malformed id of a subscription is refused by name', async () => {
    const [answer] = await org.follow(PROGRESS, { id: 'nonsense' });
    expect(answer?.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'exportId' });
  });
});

type Ids = Readonly<Record<'export' | 'profile' | 'project' | 'connection' | 'item', string | undefined>>;

/** What an organization is told about these ids, without the ids. */
async function everythingAbout(organization: TestOrganization, ids: Ids): Promise<Record<string, unknown>> {
  const { connectionId } = organization;
  const order = (input: object) => ({
    input: { target: { prospect: true }, idempotencyKey: randomUUID(), connectionId, ...input },
  });
  const EXPORT_IT = `mutation ($input: ExportCandidatesInput!) { exportCandidates(input: $input) { ${ERRORS} } }`;
  const answers: Record<string, unknown> = {
    records: await organization.ask(
      `query ($export: ID!, $profile: ID!, $project: ID!) { export(id: $export) { id } profile(id: $profile) { id } project(id: $project) { id } }`,
      ids,
    ),
    jobs: await organization.ask('query ($id: ID!) { jobs(connectionId: $id) { totalCount } }', { id: ids.connection }),
    fields: await organization.ask('query ($id: ID!) { exportFields(connectionId: $id) { name } }', {
      id: ids.connection,
    }),
    profiles: await organization.ask('query ($id: ID!) { profiles(projectId: $id) { totalCount } }', {
      id: ids.project,
    }),
    exports: await organization.ask('query ($id: ID!) { exports(connectionId: $id) { totalCount } }', {
      id: ids.connection,
    }),
    exportProfile: await organization.ask(EXPORT_IT, order({ profileIds: [ids.profile] })),
    exportProject: await organization.ask(EXPORT_IT, order({ projectId: ids.project })),
    exportThrough: await organization.ask(
      EXPORT_IT,
      order({ connectionId: ids.connection, profileIds: [ids.profile] }),
    ),
    preview: await organization.ask(PREVIEW, { input: { connectionId, profileIds: [ids.profile] } }),
    reveal: await organization.ask(REVEAL, { input: { profileIds: [ids.profile], kinds: ['EMAIL'] } }),
    retry: await organization.ask(RETRY, { id: ids.export }),
    settle: await organization.ask(SETTLE, { input: { itemId: ids.item, verdict: 'NOT_ARRIVED' } }, 'ADMIN'),
    subscription: await organization.follow(PROGRESS, { id: ids.export }),
  };
  let text = JSON.stringify(answers);
  for (const [name, id] of Object.entries(ids)) text = text.replaceAll(id ?? '', `<${name}>`);
  return JSON.parse(text) as Record<string, unknown>;
}
