import { randomUUID } from 'node:crypto';
import { SIMULATED_KEYS } from '@talentbridge/plugin-jobscore/simulator';
import { HOSTILE_STRINGS } from '@talentbridge/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type OrganizationClient, organizationOf, USER_ERRORS } from '../support/organization-client.ts';
import { type RunningSystem, startSystem, until, type Vendors } from '../support/running-system.ts';

let system: RunningSystem;
let jobscore: Vendors['jobscore'];
beforeAll(async () => {
  system = await startSystem();
  ({ jobscore } = system.vendors);
});
afterAll(() => system[Symbol.asyncDispose]());
beforeEach(() => jobscore.reset());

/** What JobScore holds of the people of an organization, by their first address. */
const arrived = ({ id }: OrganizationClient) =>
  jobscore.candidates().filter(({ email }) => email.endsWith(`@${id.slice(0, 8)}.example.com`));

const jobNamed = (title: string) => {
  const job = jobscore.account().jobs.find((one) => one.title === title);
  if (!job) throw new Error(`The simulator has no job ${title}.`);
  return job;
};

const checkNamed = (report: { readonly checks: readonly { readonly id: string }[] }, id: string) =>
  report.checks.find((check) => check.id === id);

describe('while a connection is added', () => {
  it('CON-5: a wrong key is a report that names it, and the right key heals the same connection', async () => {
    const organization = organizationOf(system);
    const connectionId = await organization.begin();
    const refused = await organization.submit(connectionId, 'nobody-knows-this-key');
    expect(refused.report).toMatchObject({ allGood: false });
    expect(checkNamed(refused.report, 'connectivity')).toMatchObject({
      status: 'FAILED',
      reason: expect.stringContaining('JobScore'),
      remedy: expect.any(String),
    });
    expect(refused.connection).toMatchObject({ status: 'SETUP', setupStep: 'VERIFY', credentials: [{ isSet: true }] });
    expect(await organization.finish(connectionId)).toMatchObject({ __typename: 'WrongState', state: 'SETUP' });

    const { report } = await organization.submit(connectionId);
    expect(report).toMatchObject({ allGood: true, complete: true });
    expect(await organization.finish(connectionId)).toMatchObject({ status: 'CONNECTED' });
  });

  it('CON-4: a key that cannot be one is refused with its field, before anything is saved or sent', async () => {
    const organization = organizationOf(system);
    const connectionId = await organization.begin();
    const before = jobscore.requests.all().length;
    for (const key of ['', 'Key: abc', '"quoted"']) {
      expect(await organization.submit(connectionId, key)).toMatchObject({
        __typename: 'InvalidInput',
        problems: [{ field: 'credentials.apiKey' }],
      });
    }
    expect(jobscore.requests.all()).toHaveLength(before);
    expect(await organization.connection(connectionId)).toMatchObject({
      setupStep: 'CREDENTIALS',
      credentials: [{ isSet: false }],
    });
  });

  it('CON-5: a missing source fails its own check, beside all the others, and is mended without entering the key again', async () => {
    const { databases } = jobscore.account();
    const [seekOut] = databases.splice(0, 1);
    if (!seekOut) throw new Error('The simulator has no databases.');
    const organization = organizationOf(system);
    const connectionId = await organization.begin();
    const { report } = await organization.submit(connectionId);
    expect(report.allGood).toBe(false);
    expect(checkNamed(report, 'export:source')).toMatchObject({
      status: 'FAILED',
      remedy: expect.stringContaining('SeekOut'),
    });
    expect(checkNamed(report, 'connectivity')).toMatchObject({ status: 'PASSED' });
    expect(report.checks.length).toBeGreaterThan(4);

    databases.push(seekOut);
    const again = await organization.ask(
      `mutation ($input: VerifyConnectionInput!) { verifyConnection(input: $input) {
         ${USER_ERRORS} ... on ConnectionVerified { report { allGood complete } } } }`,
      { input: { connectionId, testTarget: { prospect: true } } },
    );
    expect(again.report).toEqual({ allGood: true, complete: true });
    expect(await organization.finish(connectionId)).toMatchObject({ status: 'CONNECTED' });
  });

  it('CON-3: a second finishConnection says that it is finished already, and changes nothing', async () => {
    const organization = organizationOf(system);
    const connectionId = await organization.connect();
    const before = await organization.connection(connectionId);
    expect(await organization.finish(connectionId)).toMatchObject({ __typename: 'WrongState', state: 'CONNECTED' });
    expect(await organization.connection(connectionId)).toEqual(before);
  });
});

describe('in an order', () => {
  it('EXP-2: a closed job is refused by name, and nothing is sent', async () => {
    const organization = organizationOf(system);
    const connectionId = await organization.connect();
    const profileIds = await organization.people(2);
    const jobId = jobNamed('Office Manager').id;
    const refused = await organization.order({ connectionId, profileIds, target: { jobId } });
    expect(refused).toMatchObject({ __typename: 'JobNotOpen', code: 'JOB_NOT_OPEN', jobId });
    expect(arrived(organization)).toEqual([]);
  });

  it('EXP-6: a job that closes under way fails the candidates with the reason, and a retry after it opens completes them', async () => {
    const organization = organizationOf(system);
    const connectionId = await organization.connect();
    const profileIds = await organization.people(4);
    const job = jobNamed('Backend Engineer');
    // The job list is kept for a minute: once asked for, the order does not see that the job closes.
    await organization.ask('query ($id: ID!) { jobs(connectionId: $id) { nodes { id } } }', { id: connectionId });
    job.status = 'closed';
    const { id } = await organization.order({ connectionId, profileIds, target: { jobId: job.id } });
    const ended = await organization.untilExport(id, 'COMPLETE');
    expect(ended.counts).toMatchObject({ total: 4, failed: 4 });
    for (const item of ended.items.nodes) {
      expect(item).toMatchObject({ code: 'JOB_NOT_OPEN', reason: expect.stringContaining('JobScore') });
      expect(item.remedy).toBeTruthy();
    }

    job.status = 'open';
    await organization.ask(`mutation ($id: ID!) { retryExport(exportId: $id) { ${USER_ERRORS} } }`, { id });
    expect((await organization.untilExport(id, 'COMPLETE')).counts).toMatchObject({ created: 4, failed: 0 });
    expect(arrived(organization)).toHaveLength(4);
    for (const { applications } of arrived(organization)) {
      expect(applications).toMatchObject([{ job_id: job.id }]);
    }
  });

  it('EXP-8: an unknown tag is a warning, and the rest of the candidate goes out', async () => {
    const organization = organizationOf(system);
    const connectionId = await organization.connect();
    const profileIds = await organization.people([{ tags: ['GoLang', 'Nobody knows this'] }]);
    const { id } = await organization.order({ connectionId, profileIds });
    const { items } = await organization.untilExport(id, 'COMPLETE');
    expect(items.nodes).toMatchObject([
      { outcome: 'CREATED', warnings: [{ field: 'TAGS', message: expect.stringContaining('Nobody knows this') }] },
    ]);
    expect(arrived(organization)).toMatchObject([{ tags: ['golang'] }]);
  });

  it('EXP-4: a candidate without an email fails with the remedy while the others go out, and goes out with a dummy one', async () => {
    const organization = organizationOf(system);
    const connectionId = await organization.connect();
    const profileIds = await organization.people([{}, { emails: [] }, { emails: [{ address: 'hidden@example.com' }] }]);
    const first = await organization.order({ connectionId, profileIds });
    const ended = await organization.untilExport(first.id, 'COMPLETE');
    expect(ended.counts).toMatchObject({ created: 1, failed: 2 });
    for (const item of ended.items.nodes.slice(1)) {
      expect(item).toMatchObject({ outcome: 'FAILED', code: 'REQUIRED_FIELD_MISSING', remedy: expect.any(String) });
    }

    const second = await organization.order({ connectionId, profileIds, generateDummyEmails: true });
    expect((await organization.untilExport(second.id, 'COMPLETE')).counts).toMatchObject({ created: 2, skipped: 1 });
    const dummies = jobscore.candidates().filter(({ last_name }) => last_name === `Last${organization.id.slice(0, 8)}`);
    expect(dummies.map(({ email }) => email).filter((email) => /^no-email--?\d+@/.test(email))).toHaveLength(2);
    expect(JSON.stringify(jobscore.candidates())).not.toContain('hidden@example.com');
  });

  it('EXP-6: a key that belongs to another order is refused and names that order; the same order answers the same export', async () => {
    const organization = organizationOf(system);
    const connectionId = await organization.connect();
    const [one, two] = await organization.people(2);
    const idempotencyKey = randomUUID();
    const first = await organization.order({ connectionId, profileIds: [one], idempotencyKey });
    expect(await organization.order({ connectionId, profileIds: [two], idempotencyKey })).toMatchObject({
      __typename: 'InvalidInput',
      problems: [{ field: 'idempotencyKey', message: expect.stringContaining(first.id) }],
    });
    expect((await organization.order({ connectionId, profileIds: [one], idempotencyKey })).id).toBe(first.id);
    await organization.untilExport(first.id, 'COMPLETE');
    expect(arrived(organization)).toHaveLength(1);
  });

  it('CON-2: a capability that is off is a typed refusal that says who can switch it on', async () => {
    const organization = organizationOf(system);
    const connectionId = await organization.connect();
    const profileIds = await organization.people(1);
    await organization.ask(
      `mutation ($input: SetCapabilityInput!) { setCapability(input: $input) { ${USER_ERRORS} } }`,
      { input: { pluginId: 'jobscore', capability: 'EXPORT', enabled: false } },
    );
    expect(await organization.order({ connectionId, profileIds })).toMatchObject({
      __typename: 'CapabilityOff',
      code: 'CAPABILITY_OFF',
      pluginId: 'jobscore',
      capability: 'EXPORT',
      switchedOnBy: 'ADMIN',
    });
    expect(arrived(organization)).toEqual([]);
  });
});

describe('anywhere', () => {
  const operations: readonly (readonly [document: string, argument: string])[] = [
    ['query ($id: ID!) { connection(id: $id) { id } }', 'id'],
    ['query ($id: ID!) { export(id: $id) { id } }', 'id'],
    ['query ($id: ID!) { profile(id: $id) { id } }', 'id'],
    ['query ($id: ID!) { jobs(connectionId: $id) { nodes { id } } }', 'connectionId'],
    ['query ($id: ID!) { exports(connectionId: $id) { nodes { id } } }', 'connectionId'],
    ['query ($id: ID!) { requestLog(connectionId: $id) { nodes { id } } }', 'connectionId'],
    [`mutation ($id: ID!) { removeConnection(connectionId: $id) { ${USER_ERRORS} } }`, 'connectionId'],
    [`mutation ($id: ID!) { retryExport(exportId: $id) { ${USER_ERRORS} } }`, 'exportId'],
    [
      `mutation ($id: ID!) { exportCandidates(input: { connectionId: $id, target: { prospect: true }, idempotencyKey: "0123456789" }) { ${USER_ERRORS} } }`,
      'connectionId',
    ],
    [
      `mutation ($id: ID!) { revealContacts(input: { profileIds: [$id], kinds: [EMAIL], idempotencyKey: "bad-input-1" }) { ${USER_ERRORS} } }`,
      'profileIds[0]',
    ],
    [
      `mutation ($id: ID!) { settleExportItem(input: { itemId: $id, verdict: NOT_ARRIVED }) { ${USER_ERRORS} } }`,
      'itemId',
    ],
  ];
  it.each(operations.map(([document, argument]) => ({ document, argument, field: /{ (\w+)\(/.exec(document)?.[1] })))(
    'API-1: $field refuses a malformed id by the name of its argument',
    async ({ document, argument }) => {
      const organization = organizationOf(system);
      for (const id of ['42', '', "'; drop table talentbridge.connection; --", '\u0000', 'x'.repeat(10_000)]) {
        const { status, errors } = await organization.answer(document, { id });
        expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
        expect(status).toBeLessThan(500);
      }
    },
  );

  it('DIR-1: a file with broken rows loses only those, and says which and why', async () => {
    const organization = organizationOf(system);
    const importing = (format: string, content: string) =>
      organization.ask(
        `mutation ($format: ImportFormat!, $content: String!) { importProfiles(format: $format, content: $content) {
           ${USER_ERRORS} ... on ProfilesImported { created updated refused refusedRows { line hint reasons { field message } } } } }`,
        { format, content },
      );
    expect(
      await importing(
        'NDJSON',
        [
          '{"key":"good-1","firstName":"Ada","lastName":"Good"}',
          '{"key":"broken", "firstName": ',
          '{"key":"nameless","emails":[]}',
          '{"key":"bad-mail","firstName":"Bad","lastName":"Mail","emails":[{"address":"not an address"}]}',
          '{"key":"good-2","fullName":"Bo Good"}',
        ].join('\n'),
      ),
    ).toMatchObject({ created: 2, refused: 3, refusedRows: [{ line: 2 }, { line: 3 }, { line: 4, hint: 'bad-mail' }] });
    expect(
      await importing('CSV', 'key,firstName,lastName\ncsv-1,Cy,Good\nnameless,,\ncsv-2,"Unfinished'),
    ).toMatchObject({ created: 1, refused: 2 });
    for (const [format, content] of [
      ['JSON_RESUME', '{"basics": {"name": "Cut'],
      ['JSON_RESUME', 'no JSON at all'],
      ['CSV', 'nothing,that,is,known\n1,2,3,4'],
      ['CSV', ''],
      ['CSV', '\u0000\u0001\u0002PK\u0003\u0004'],
    ] as const) {
      const answer = await importing(format, content);
      if (answer.__typename === 'ProfilesImported') expect(answer).toMatchObject({ created: 0 });
      else expect(answer).toMatchObject({ __typename: 'InvalidInput', message: expect.any(String) });
    }
    const listed = await organization.ask('{ profiles { totalCount } }');
    expect(listed.totalCount).toBe(3);
  });

  it('DIR-1: a file that is uploaded answers in the same way, with the refused rows as a table on request', async () => {
    const organization = organizationOf(system);
    const authorization = `Bearer ${await system.token({ organizationId: organization.id, roles: ['ADMIN'] })}`;
    const upload = (format: string, body: string | Uint8Array<ArrayBuffer>, accept = 'application/json') =>
      fetch(`${system.url}/imports/profiles?format=${format}`, {
        method: 'POST',
        headers: { authorization, accept, 'content-type': 'application/octet-stream' },
        body,
      });
    const rows = 'key,firstName,lastName\nup-1,Una,Good\nnameless,,\n';
    expect(await (await upload('CSV', rows)).json()).toMatchObject({ created: 1, refused: 1 });
    expect(await (await upload('CSV', rows, 'text/csv')).text()).toMatch(/3/);
    const notUtf8 = await upload('CSV', Uint8Array.from([0x6b, 0x65, 0x79, 0x0a, 0xff, 0xfe, 0x0a]));
    expect(notUtf8.status).toBeLessThan(500);
    const unknown = await upload('XLSX', rows);
    expect([unknown.status, await unknown.json()]).toMatchObject([
      400,
      { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
    ]);
  });

  it('EXP-8: hostile texts reach JobScore and come back as they were', async () => {
    const organization = organizationOf(system);
    const connectionId = await organization.connect();
    // Names are cleaned of control characters on the way in, and PostgreSQL takes no lone surrogates.
    const texts = HOSTILE_STRINGS.filter(({ text, name }) => text.isWellFormed() && name !== 'very long');
    const profileIds = await organization.people(
      texts.map(({ text }) => ({ workExperience: [{ employer: text, title: text }], location: { city: text } })),
    );
    const stored = await organization.ask(
      'query { profiles(first: 100) { nodes { id location { city } workExperience { employer title } } } }',
    );
    const preview = await organization.ask(
      `mutation ($input: PreviewExportInput!) { previewExport(input: $input) { ${USER_ERRORS} ... on ExportPreview {
         candidates { profileId record { address { city } workExperience { employer title } } } } } }`,
      { input: { connectionId, profileIds } },
    );
    const { id } = await organization.order({ connectionId, profileIds });
    expect((await organization.untilExport(id, 'COMPLETE')).counts).toMatchObject({ created: texts.length });
    for (const [index, profileId] of profileIds.entries()) {
      const profile = stored.nodes.find((one: { readonly id: string }) => one.id === profileId);
      const shown = preview.candidates[index].record;
      const [experience] = profile.workExperience;
      const there = arrived(organization).find(({ email }) => email.startsWith(`person-${index}@`));
      expect(shown).toEqual({ address: { city: profile.location.city }, workExperience: [experience] });
      expect(there?.home_city).toBe(profile.location.city);
      expect(there?.employers?.[0]).toMatchObject({
        employer_name: experience.employer,
        titles: [{ title: experience.title }],
      });
      // What the directory makes of a text is spacing and controls, nothing else.
      const essence = (text: string) => text.normalize('NFC').replace(/[\s\p{Cc}\p{Cf}]+/gu, '');
      expect(essence(experience.employer)).toBe(essence(texts[index]?.text ?? ''));
    }
  });
});

describe('when the vendor turns away', () => {
  it('CON-6: credentials revoked under way pause the export with the reason, and new ones complete it without duplicates', async () => {
    const organization = organizationOf(system);
    const connectionId = await organization.connect();
    const profileIds = await organization.people(12);
    jobscore.faults.add({ method: 'POST', path: '/v2/candidates', fault: { kind: 'delay', ms: 60 } });
    const { id } = await organization.order({ connectionId, profileIds });
    await until(
      () => arrived(organization).length,
      (count) => count >= 3,
    );
    jobscore.revokeApiKeys();

    const paused = await organization.untilExport(id, 'PAUSED');
    const attention = await until(
      () => organization.connection(connectionId),
      ({ status }) => status === 'NEEDS_ATTENTION',
    );
    expect(attention.attentionReason).toMatch(/JobScore/);
    expect(paused.statusReason).toBe(attention.attentionReason);
    expect(paused.counts.remaining).toBeGreaterThan(0);
    expect(paused.counts.failed).toBe(0);
    expect(await organization.order({ connectionId, profileIds })).toMatchObject({
      __typename: 'WrongState',
      state: 'NEEDS_ATTENTION',
    });

    const [key] = jobscore.account().keys;
    if (key) jobscore.account().keys.push({ ...key, token: 'a-new-key-of-exampleco', revoked: false });
    const healed = await organization.ask(
      `mutation ($input: UpdateConnectionInput!) { updateConnection(input: $input) {
         ${USER_ERRORS} ... on ConnectionUpdated { connection { status attentionReason } report { allGood } } } }`,
      {
        input: {
          connectionId,
          credentials: [{ name: 'apiKey', value: 'a-new-key-of-exampleco' }],
          testTarget: { prospect: true },
        },
      },
    );
    expect(healed).toMatchObject({
      connection: { status: 'CONNECTED', attentionReason: null },
      report: { allGood: true },
    });
    expect((await organization.untilExport(id, 'COMPLETE')).counts).toMatchObject({ created: 12, remaining: 0 });
    expect(arrived(organization)).toHaveLength(12);
    expect(new Set(arrived(organization).map(({ email }) => email)).size).toBe(12);
  });

  it('CON-6: a key that is exchanged while an export runs lets it go on, even when the old one is revoked at once', async () => {
    const organization = organizationOf(system);
    const connectionId = await organization.connect();
    const profileIds = await organization.people(12);
    jobscore.faults.add({ method: 'POST', path: '/v2/candidates', fault: { kind: 'delay', ms: 100 } });
    const { id } = await organization.order({ connectionId, profileIds });
    await until(
      () => arrived(organization).length,
      (count) => count >= 2,
    );
    const [key] = jobscore.account().keys;
    if (key) jobscore.account().keys.push({ ...key, token: 'a-new-key-of-exampleco', revoked: false });
    const updated = await organization.ask(
      `mutation ($input: UpdateConnectionInput!) { updateConnection(input: $input) {
         ${USER_ERRORS} ... on ConnectionUpdated { connection { status } } } }`,
      { input: { connectionId, credentials: [{ name: 'apiKey', value: 'a-new-key-of-exampleco' }] } },
    );
    expect(updated.connection.status).toBe('CONNECTED');
    if (key) key.revoked = true;
    const ended = await organization.untilExport(id, 'COMPLETE', 'PAUSED');
    expect(ended).toMatchObject({ status: 'COMPLETE', counts: { created: 12, failed: 0, unclear: 0 } });
    expect(arrived(organization)).toHaveLength(12);
    expect(await organization.connection(connectionId)).toMatchObject({ status: 'CONNECTED', attentionReason: null });
  });

  it('EXP-12: a key of another account pauses what was ordered for the first, so that nobody is taken for exported where they are not', async () => {
    const organization = organizationOf(system);
    const connectionId = await organization.connect();
    const profileIds = await organization.people(10);
    const hurry = jobscore.faults.add({
      method: 'POST',
      path: '/v2/candidates',
      authorization: SIMULATED_KEYS.user,
      fault: { kind: 'delay', ms: 2_000 },
    });
    const { id } = await organization.order({ connectionId, profileIds });
    await until(
      () => arrived(organization).length,
      (count) => count >= 2,
    );
    const enter = (apiKey: string) =>
      organization.ask(
        `mutation ($input: UpdateConnectionInput!) { updateConnection(input: $input) {
           ${USER_ERRORS} ... on ConnectionUpdated { connection { status } } } }`,
        { input: { connectionId, credentials: [{ name: 'apiKey', value: apiKey }], testTarget: { prospect: true } } },
      );
    expect(await enter(SIMULATED_KEYS.secondAccountUser)).toMatchObject({ connection: { status: 'CONNECTED' } });
    hurry();
    const paused = await until(
      () => organization.export(id),
      ({ status, statusReason }) => status === 'PAUSED' && /another account/.test(statusReason),
    );
    expect(paused.counts.remaining).toBeGreaterThan(0);
    const anew = await organization.order({ connectionId, profileIds });
    expect((await organization.untilExport(anew.id, 'COMPLETE')).counts).toMatchObject({ created: 10 });

    await enter(SIMULATED_KEYS.user);
    expect((await organization.untilExport(id, 'COMPLETE')).counts).toMatchObject({ created: 10 });
    for (const account of ['exampleco', 'samplecorp']) {
      const emails = arrived(organization).flatMap((one) => (one.account === account ? [one.email] : []));
      expect([account, emails.length, new Set(emails).size]).toEqual([account, 10, 10]);
    }
  });

  it.each([
    ['a closed job was chosen for its test candidate', () => jobNamed('Office Manager').id, undefined],
    ['JobScore is away for a moment', () => jobNamed('Backend Engineer').id, '/v2/jobs'],
  ])(
    'CON-6: a verification that fails because %s says so, and leaves connection and exports alone',
    async (_why, jobOf, away) => {
      const organization = organizationOf(system);
      const connectionId = await organization.connect();
      const profileIds = await organization.people(10);
      jobscore.faults.add({ method: 'POST', path: '/v2/candidates', fault: { kind: 'delay', ms: 60 } });
      if (away) jobscore.faults.add({ path: away, fault: { kind: 'status', status: 500 } });
      const { id } = await organization.order({ connectionId, profileIds });
      const verified = await organization.ask(
        `mutation ($input: VerifyConnectionInput!) { verifyConnection(input: $input) {
         ${USER_ERRORS} ... on ConnectionVerified { connection { status } report { allGood checks { status remedy } } } } }`,
        { input: { connectionId, testTarget: { jobId: jobOf() } } },
      );
      expect(verified).toMatchObject({ connection: { status: 'CONNECTED' }, report: { allGood: false } });
      const failed = verified.report.checks.filter(({ status }: { readonly status: string }) => status === 'FAILED');
      for (const { remedy } of failed) expect(remedy).toBeTruthy();
      expect(await organization.untilExport(id, 'COMPLETE', 'PAUSED')).toMatchObject({
        status: 'COMPLETE',
        counts: { created: 10 },
      });
    },
  );

  it('EXP-12: an export that meets an outage says what it waits for, and then sends everybody once', async () => {
    const organization = organizationOf(system);
    const connectionId = await organization.connect();
    const profileIds = await organization.people(3);
    const restored = jobscore.faults.add({ path: '/v2/tags', fault: { kind: 'status', status: 503 } });
    const { id } = await organization.order({ connectionId, profileIds });
    const waiting = await until(
      () => organization.export(id),
      ({ statusReason }) => statusReason !== null,
    );
    expect(waiting).toMatchObject({ status: 'RUNNING', statusReason: expect.stringContaining('503') });
    restored();
    const complete = await organization.untilExport(id, 'COMPLETE');
    expect(complete).toMatchObject({ statusReason: null, counts: { created: 3 } });
    expect(arrived(organization)).toHaveLength(3);
  });

  it('CON-7: removal ends also while the vendor is down, and the history stays', async () => {
    const organization = organizationOf(system);
    const connectionId = await organization.connect();
    const profileIds = await organization.people(1);
    const { id } = await organization.order({ connectionId, profileIds });
    await organization.untilExport(id, 'COMPLETE');
    jobscore.faults.add({ fault: { kind: 'dropBeforeWrite' } });
    expect(await organization.remove(connectionId)).toMatchObject({
      status: expect.stringMatching(/REMOVING|REMOVED/),
    });
    const gone = await until(
      () => organization.connection(connectionId),
      ({ status }) => status === 'REMOVED',
    );
    expect(gone.credentials).toMatchObject([{ isSet: false }]);
    expect(await organization.export(id)).toMatchObject({ status: 'COMPLETE', counts: { created: 1 } });
    const { nodes } = await organization.ask('{ connections { nodes { id } } }');
    expect(nodes).toEqual([]);
    expect(await organization.remove(connectionId)).toMatchObject({ __typename: 'NotFound' });
  });

  it('CON-7: removal while an export runs stops it, says of everybody what is known, and sends nothing more', async () => {
    const organization = organizationOf(system);
    const connectionId = await organization.connect();
    const profileIds = await organization.people(10);
    const slow = { kind: 'delay', ms: 2_000 } as const;
    const hurry = jobscore.faults.add({ method: 'POST', path: '/v2/candidates', fault: slow });
    const { id } = await organization.order({ connectionId, profileIds });
    await until(
      () => arrived(organization).length,
      (count) => count >= 2,
    );
    await organization.remove(connectionId);
    hurry();
    const stopped = await organization.untilExport(id, 'STOPPED');
    await until(
      () => organization.connection(connectionId),
      ({ status }) => status === 'REMOVED',
    );
    const { created, failed, unclear, remaining, total } = stopped.counts;
    expect({ total, remaining, sum: created + failed + unclear }).toEqual({ total: 10, remaining: 0, sum: 10 });
    for (const item of stopped.items.nodes.filter(
      ({ outcome }: { readonly outcome: string }) => outcome !== 'CREATED',
    )) {
      expect(item).toMatchObject({ code: 'CONNECTION_REMOVED', remedy: expect.any(String) });
    }
    // Whoever is there is told as created, or as unclear: never as failed.
    const failedKeys = stopped.items.nodes
      .filter(({ outcome }: { readonly outcome: string }) => outcome === 'FAILED')
      .map(({ profileId }: { readonly profileId: string }) => profileIds.indexOf(profileId));
    // What was on its way when the connection was removed has its answer now.
    await until(
      () => jobscore.requests.all(),
      (requests) => requests.every(({ status }) => status !== undefined),
    );
    const there = arrived(organization).map(({ email }) => Number(/^person-(\d+)@/.exec(email)?.[1]));
    expect(failedKeys.filter((index: number) => there.includes(index))).toEqual([]);
    expect(there.length).toBeLessThanOrEqual(created + unclear);
    // The history can still be settled, as the remedy says.
    for (const { id: itemId, outcome } of stopped.items.nodes) {
      if (outcome !== 'UNCLEAR') continue;
      const settled = await organization.ask(
        `mutation ($input: SettleExportItemInput!) { settleExportItem(input: $input) {
           ${USER_ERRORS} ... on ExportItemSettled { item { outcome } } } }`,
        { input: { itemId, verdict: 'ARRIVED', remoteId: 'as-an-admin-saw' } },
      );
      expect(settled).toMatchObject({ item: { outcome: 'CREATED' } });
    }
  });
});

it('CON-5: a key of another account answers for that account, not for the first', async () => {
  const organization = organizationOf(system);
  const first = await organization.connect();
  const second = await organization.connect(SIMULATED_KEYS.secondAccountUser);
  const profileIds = await organization.people(1);
  for (const connectionId of [first, second]) {
    const { id } = await organization.order({ connectionId, profileIds });
    expect((await organization.untilExport(id, 'COMPLETE')).counts).toMatchObject({ created: 1, skipped: 0 });
  }
  expect(arrived(organization).map(({ account }) => account)).toEqual(['exampleco', 'samplecorp']);
});
