import { type ExampleSimulator, SIMULATED_API_KEY } from '@talentbridge/plugin-example/simulator';
import { type JobDivaSimulator, startSimulator } from '@talentbridge/plugin-jobdiva/simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asSuperuser, databaseText } from '../support/database-text.ts';
import { type OrganizationClient, organizationOf, USER_ERRORS } from '../support/organization-client.ts';
import { pluginSetUp } from '../support/plugin-set-up.ts';
import { type RunningSystem, startSystem, until } from '../support/running-system.ts';
import { throwawayFolder } from '../support/throwaway-files.ts';
import { filesText, linesWith } from '../support/traces.ts';

/** Nobody else is called so, and no id looks like these. */
const FIRST = 'Xanthippe';
const LAST = 'Quillfeather';
const EMAIL = 'x.quillfeather@home.example';
const IN_JOBDIVA = '918273645001';

describe('RED-12: a person who was in everything that we keep', () => {
  let jobdiva: JobDivaSimulator;
  let example: ExampleSimulator;
  let system: RunningSystem;
  let organization: OrganizationClient;
  const folder = throwawayFolder();

  beforeAll(async () => {
    jobdiva = await startSimulator({ rate: 0, candidates: 2, seed: 7, days: 10 });
    const { package: plugin, host } = pluginSetUp('jobdiva');
    system = await startSystem({
      further: [{ package: plugin, host, url: jobdiva.url }],
      pace: { jobdiva: {} },
      settings: { FILE_STORE: `disk:${folder}` },
    });
    example = system.vendors.example;
    organization = organizationOf(system);
  }, 120_000);
  afterAll(async () => {
    await system[Symbol.asyncDispose]();
    await jobdiva.close();
  });

  const ask = (document: string, variables: Readonly<Record<string, unknown>>) => organization.ask(document, variables);
  const synced = (id: string) =>
    until(
      () => ask('query ($id: ID!) { mirror(connectionId: $id) { completeAt currentRun { id } } }', { id }),
      ({ completeAt, currentRun }) => completeAt !== null && currentRun === null,
      60_000,
    );

  const authorized = async () => ({
    authorization: `Bearer ${await system.token({ organizationId: organization.id, roles: ['ADMIN'] })}`,
  });

  /** Connects JobDiva for Rediscovery, with little history to read. */
  async function connectJobDiva(): Promise<string> {
    const { pluginId, credentials } = pluginSetUp('jobdiva');
    const id = await organization.begin(pluginId, ['REDISCOVERY']);
    const since = new Date(Date.now() - 20 * 86_400_000).toISOString().slice(0, 10);
    await organization.submit(id, '', {
      credentials: Object.entries(credentials).map(([name, value]) => ({ name, value })),
      settings: [
        { name: 'historyStart', value: since },
        { name: 'windowDays', value: '14' },
      ],
      testTarget: null,
    });
    await organization.finish(id);
    return id;
  }

  /** A candidate whom we exported, and who became somebody else's namesake in the ATS since. @returns Their ids there. */
  async function comeToExample(connectionId: string): Promise<readonly string[]> {
    const profileIds = await organization.people([{ firstName: 'Somebody', lastName: 'Plain' }]);
    const ordered = await organization.order({ connectionId, profileIds, target: { jobId: 'job-1' } });
    await organization.untilExport(ordered.id, 'COMPLETE');
    const held = example.candidates.find(({ last_name }) => last_name === 'Plain');
    const application = example.applications.find(({ candidate_id }) => candidate_id === held?.id);
    if (!held || !application) throw new Error('The export did not arrive.');
    const content = Buffer.from(`${FIRST} ${LAST}, ${EMAIL}. Knows how to tell bees from wasps.`);
    Object.assign(held, {
      first_name: FIRST,
      last_name: LAST,
      emails: [EMAIL],
      updated_at: new Date().toISOString(),
      resume: { filename: `${FIRST} ${LAST}.txt`, size: content.length, content: content.toString('base64') },
    });
    return [held.id, application.id];
  }

  async function upload(uploadUrl: string, path: string, content: string): Promise<void> {
    const response = await fetch(`${system.url}${uploadUrl}${encodeURI(path)}`, {
      method: 'PUT',
      headers: await authorized(),
      body: content,
    });
    expect(response.status, await response.text()).toBe(200);
  }

  const CANDIDATES = [
    'CANDIDATEID,FIRSTNAME,LASTNAME,EMAIL,DATECREATED,DATEUPDATED',
    `${IN_JOBDIVA},${FIRST},${LAST},${EMAIL},01/02/2024 10:00:00,01/02/2024 10:00:00`,
    `,${FIRST},${LAST},${EMAIL},01/02/2024 10:00:00,01/02/2024 10:00:00`,
    `no number of ${LAST},${FIRST},${LAST},${EMAIL},never,never`,
    '',
  ].join('\r\n');
  const FILES = [
    'CANDIDATEID,FILENAME,DATECREATED,PATH',
    `${IN_JOBDIVA},${FIRST} ${LAST}.txt,01/02/2024 10:00:00,resumes/${FIRST} ${LAST}.txt`,
    '',
  ].join('\r\n');

  async function openCopy(connectionId: string): Promise<{ readonly id: string; readonly uploadUrl: string }> {
    const opened = await ask(
      `mutation ($id: ID!) { importDataCopy(input: { connectionId: $id }) { ${USER_ERRORS}
         ... on DataCopyOpened { dataCopy { id uploadUrl } } } }`,
      { id: connectionId },
    );
    await upload(opened.dataCopy.uploadUrl, `of ${LAST}/candidates.csv`, CANDIDATES);
    await upload(opened.dataCopy.uploadUrl, `of ${LAST}/resumes.csv`, FILES);
    await upload(opened.dataCopy.uploadUrl, `resumes/${FIRST} ${LAST}.txt`, `The résumé of ${FIRST} ${LAST}.`);
    await upload(opened.dataCopy.uploadUrl, `${LAST}.csv`, `${FIRST},${LAST},${EMAIL}\r\n1,2,3\r\n`);
    return opened.dataCopy;
  }

  /** Imports a copy that has them in every place, and leaves another that waits. @returns Where its report is. */
  async function comeWithDataCopies(connectionId: string): Promise<string> {
    const { id } = await openCopy(connectionId);
    await ask(`mutation ($id: ID!) { startDataCopy(id: $id) { ${USER_ERRORS} } }`, { id });
    const done = await until(
      () =>
        ask('query ($id: ID!) { dataCopy(id: $id) { status statusReason refusedRowsUrl rows { refused written } } }', {
          id,
        }),
      ({ status }) => status === 'COMPLETE' || status === 'FAILED',
      60_000,
    );
    expect(done).toMatchObject({ status: 'COMPLETE', rows: { written: 2 } });
    await openCopy(connectionId);
    return done.refusedRowsUrl;
  }

  async function reportOf(url: string): Promise<string> {
    return await (await fetch(`${system.url}${url}`, { headers: await authorized() })).text();
  }

  async function whoIsCalledSo(connectionId: string): Promise<string> {
    const { nodes } = await organization.candidates(connectionId);
    return nodes.find(({ lastName }: { readonly lastName: string }) => lastName === LAST).id;
  }

  async function open(candidateId: string): Promise<void> {
    const candidate = await ask(
      'query ($id: ID!) { mirroredCandidate(id: $id) { id attachments { id } applications { id } } }',
      { id: candidateId },
    );
    for (const { id } of candidate.attachments) {
      const file = await ask('query ($id: ID!) { mirroredAttachment(id: $id) { link { state url } text { text } } }', {
        id,
      });
      expect(file.text.text).toContain(FIRST);
      await (await fetch(new URL(file.link.url, system.url))).arrayBuffer();
    }
  }

  /** Says that the candidate is a profile, which has nothing of them. */
  async function choose(candidateId: string): Promise<void> {
    const [profileId] = await organization.people([{ firstName: 'Anybody', lastName: 'Plain' }]);
    const { candidate } = await ask(
      `mutation ($id: ID!, $profileId: ID) { confirmMatch(candidateId: $id, profileId: $profileId) { ${USER_ERRORS}
         ... on MatchDecided { candidate { profile { id } } } } }`,
      { id: candidateId, profileId },
    );
    expect(candidate.profile.id).toBe(profileId);
  }

  it('is in no table, file or log line after the erasure, but for a pseudonym and keyed hashes, and does not come back', {
    timeout: 180_000,
  }, async () => {
    const exampleId = await organization.connect(SIMULATED_API_KEY, 'example', ['EXPORT', 'REDISCOVERY']);
    const jobdivaId = await connectJobDiva();
    await Promise.all([synced(exampleId), synced(jobdivaId)]);
    const remoteIds = await comeToExample(exampleId);
    // Told by a webhook, by a run of changes and by one of everything.
    await until(
      () => ask('query ($id: ID!) { connection(id: $id) { webhooks { status } } }', { id: exampleId }),
      ({ webhooks }) => webhooks.status === 'ACTIVE',
    );
    example.webhooks.tell('candidate.updated', { candidate_id: remoteIds[0] });
    await example.webhooks.settled();
    await organization.sync(exampleId, 'CHANGES');
    await organization.sync(exampleId, 'FULL');
    const report = await comeWithDataCopies(jobdivaId);
    expect(await reportOf(report)).toContain(EMAIL);
    const personId = await whoIsCalledSo(exampleId);
    await choose(personId);
    await open(personId);
    await open(await whoIsCalledSo(jobdivaId));
    await organization.sync(jobdivaId, 'CHANGES');
    // What came from elsewhere in the time of it, and stands where only faults and races bring it.
    const place = [organization.id, exampleId, remoteIds[0]];
    await asSuperuser(
      system.databaseUrl,
      `with gone as (insert into talentbridge.mirror_gone (organization_id, id, connection_id, kind, remote_id)
         values ($1, gen_random_uuid(), $2, 'candidate', $3)),
       doubt as (insert into talentbridge.sync_doubt (organization_id, id, connection_id, kind, remote_id)
         values ($1, gen_random_uuid(), $2, 'candidate', $3)),
       event as (insert into talentbridge.webhook_event
           (organization_id, subscription_id, event_key, id, connection_id, name, refs, tries, resume_at)
         select $1, s.id, '\\x01', gen_random_uuid(), $2, 'it waits', array['candidate/' || $3], 1, now() + interval '1 hour'
         from talentbridge.webhook_subscription s where s.connection_id = $2),
       issue as (insert into talentbridge.sync_issue (organization_id, id, connection_id, run_id, kind, remote_id, reason)
         values ($1, gen_random_uuid(), $2, gen_random_uuid(), 'candidate', $3, 'Its emails are none.')),
       run as (update talentbridge.sync_run set status_reason = 'Example ATS has no candidate ' || $3 || '.'
         where organization_id = $1 and connection_id = $2)
       update talentbridge.export_item set existing_id = $3, existing_url = 'https://app.example/' || $3,
         reason = 'Example ATS has no candidate ' || $3 || '. It may have been deleted there.' where organization_id = $1`,
      place,
    );
    const traces = [FIRST, LAST, EMAIL, IN_JOBDIVA, ...remoteIds];
    const tablesBefore = new Set(
      linesWith(await databaseText(system.databaseUrl), traces).map((line) => line.split(' ')[0]),
    );
    expect([...tablesBefore]).toEqual(
      expect.arrayContaining(
        [
          'attachment_text',
          'data_copy_file',
          'data_copy_refusal',
          'export_item',
          'match_verdict',
          'mirror_application',
          'mirror_attachment',
          'mirror_candidate',
          'mirror_gone',
          'mirror_read',
          'request_log_entry',
          'sync_doubt',
          'sync_issue',
          'sync_run',
          'webhook_event',
        ].map((table) => `talentbridge.${table}`),
      ),
    );
    expect(filesText(folder)).toContain(LAST);

    const { certificate } = await ask(
      `mutation ($id: ID!) { eraseCandidate(id: $id) { ${USER_ERRORS} ... on CandidateErased {
         certificate { pseudonym removed { table rows } } } } }`,
      { id: personId },
    );
    // Files, and what waits to be logged, go at once, but by themselves.
    await until(
      async () => [
        ...linesWith(await databaseText(system.databaseUrl), traces),
        ...linesWith(filesText(folder), traces),
      ],
      (lines) => lines.length === 0,
      30_000,
    );
    expect(linesWith(system.log(), traces)).toEqual([]);
    // The ATS has them still, and tells of them again.
    example.webhooks.tell('candidate.updated', { candidate_id: remoteIds[0] });
    await example.webhooks.settled();
    await until(
      async () => linesWith(await databaseText(system.databaseUrl), remoteIds),
      (lines) => lines.length === 0,
    );
    await organization.sync(exampleId, 'CHANGES');
    await organization.sync(exampleId, 'FULL');
    expect(await organization.requests(exampleId)).not.toEqual([]);
    expect(linesWith(await databaseText(system.databaseUrl), traces)).toEqual([]);
    expect(certificate.removed).toContainEqual({ table: 'mirror_candidate', rows: 2 });
    expect(certificate.removed).toContainEqual({ table: 'candidate_match', rows: 1 });
    expect(certificate.removed).toContainEqual({ table: 'match_verdict', rows: 1 });
    expect(await databaseText(system.databaseUrl)).toContain(`erased:${certificate.pseudonym}`);
    expect(await reportOf(report)).toMatch(/^"Candidates.csv","[34]",/m);
  });
});
