import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { type SmartRecruitersSimulator, startSimulator } from '@talentbridge/plugin-smartrecruiters/simulator';
import {
  AcknowledgeRequirementsDocument,
  AttachmentLinkDocument,
  AttachmentTextDocument,
  CandidatesDocument,
  CreateConnectionDocument,
  FinishConnectionDocument,
  MirrorDocument,
  MirroredCandidateDocument,
  type MirroredCandidateQuery,
  SubmitCredentialsDocument,
} from '@talentbridge/schema';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pluginSetUp } from '../support/plugin-set-up.ts';
import { type RunningSystem, startSystem, until } from '../support/running-system.ts';
import { throwawayFolder } from '../support/throwaway-files.ts';
import { succeeded, type TypedClient, typedClient } from '../support/typed-client.ts';

const CANDIDATES = 12;
const setUp = pluginSetUp('smartrecruiters');

type Candidate = NonNullable<MirroredCandidateQuery['mirroredCandidate']>;
type File = Candidate['attachments'][number];

/** A connection of an organization of its own, whose mirror is complete. */
interface Mirrored {
  readonly organizationId: string;
  readonly connectionId: string;
  readonly run: TypedClient;
  readonly candidates: readonly Candidate[];
  /** The first file of this type, with its candidate. */
  file(contentType: string): { readonly file: File; readonly candidate: Candidate };
}

let vendor: SmartRecruitersSimulator;
beforeAll(async () => {
  vendor = await startSimulator({ rate: 0, candidates: CANDIDATES, seed: 7 });
});
afterAll(() => vendor.close());

function start(folder: string, settings: Readonly<Record<string, string>> = {}): Promise<RunningSystem> {
  return startSystem({
    further: [{ package: setUp.package, host: setUp.host, url: vendor.url }],
    pace: { smartrecruiters: {} },
    settings: { FILE_STORE: `disk:${folder}`, ...settings },
  });
}

async function mirrored(system: RunningSystem): Promise<Mirrored> {
  const organizationId = randomUUID();
  const run = typedClient(system, { organizationId, roles: ['ADMIN', 'RECRUITER'] });
  const { createConnection } = await run(CreateConnectionDocument, {
    input: { pluginId: setUp.pluginId, capabilities: ['REDISCOVERY'] },
  });
  const { id: connectionId } = succeeded(createConnection, 'Connection');
  await run(AcknowledgeRequirementsDocument, { connectionId });
  const credentials = Object.entries(setUp.credentials).map(([name, value]) => ({ name, value }));
  const { submitCredentials } = await run(SubmitCredentialsDocument, { input: { connectionId, credentials } });
  succeeded(submitCredentials, 'ConnectionVerified');
  succeeded((await run(FinishConnectionDocument, { connectionId })).finishConnection, 'Connection');
  await until(
    async () => (await run(MirrorDocument, { connectionId })).mirror,
    (state) => state.completeAt !== null && state.currentRun === null,
    60_000,
  );
  const listed = await run(CandidatesDocument, { connectionId, first: 100 });
  const candidates = await Promise.all(
    listed.candidates.nodes.map(async ({ id }) => {
      const { mirroredCandidate } = await run(MirroredCandidateDocument, { id });
      if (!mirroredCandidate) throw new Error('A candidate of the list is not there.');
      return mirroredCandidate;
    }),
  );
  return {
    organizationId,
    connectionId,
    run,
    candidates,
    file(contentType) {
      for (const candidate of candidates) {
        const file = candidate.attachments.find((one) => one.contentType === contentType);
        if (file) return { file, candidate };
      }
      throw new Error(`No candidate has a file of the type ${contentType}.`);
    },
  };
}

async function linkTo({ run }: Mirrored, id: string): Promise<string> {
  const { mirroredAttachment } = await run(AttachmentLinkDocument, { id });
  if (!mirroredAttachment?.link.url) throw new Error(`There is no link: ${JSON.stringify(mirroredAttachment)}`);
  return mirroredAttachment.link.url;
}

async function codeOf(response: Response): Promise<string> {
  const { errors } = (await response.json()) as {
    readonly errors: [{ readonly extensions: { readonly code: string } }];
  };
  return errors[0].extensions.code;
}

async function stored(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  return names.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

describe('RED-8: files of mirrored candidates, fetched once somebody wants one', () => {
  const folder = throwawayFolder();
  let system: RunningSystem;
  let mirror: Mirrored;

  beforeAll(async () => {
    system = await start(folder);
  });
  beforeEach(async () => {
    mirror = await mirrored(system);
  });
  afterAll(() => system[Symbol.asyncDispose]());

  it('nothing is fetched before; a link serves the very bytes of the ATS, to be saved and never to be run', async () => {
    const { file, candidate } = mirror.file('application/pdf');
    expect(file).toMatchObject({ state: 'NOT_FETCHED', textState: 'NONE', reason: null });
    const url = new URL(await linkTo(mirror, file.id), system.url);
    const response = await fetch(url);
    expect(response.status).toBe(200);
    const bytes = Buffer.from(await response.arrayBuffer());
    const own = vendor.candidates().find(({ id }) => id === candidate.remoteId);
    expect(bytes).toEqual(vendor.account().file(own?.attachments[0]?.id ?? '').bytes);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/pdf',
      'content-length': String(bytes.length),
      'content-disposition': expect.stringMatching(/^attachment; filename="/),
      'content-security-policy': expect.stringContaining('sandbox'),
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    const head = await fetch(url, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(bytes.length)]);
    expect(await head.text()).toBe('');
  });

  it('who opened a file stands in the audit log, and the link in no log', async () => {
    const { file } = mirror.file('application/pdf');
    const url = await linkTo(mirror, file.id);
    await fetch(new URL(url, system.url), { method: 'HEAD' });
    await fetch(new URL(url, system.url));
    const events = await system.query(
      '{ auditLog(first: 20) { nodes { action subjectId actorId details } } }',
      {},
      { organizationId: mirror.organizationId, roles: ['ADMIN'] },
    );
    const opened = (events.data.auditLog.nodes as readonly { action: string }[]).filter(
      ({ action }) => action === 'attachment.open',
    );
    expect(opened).toMatchObject([{ subjectId: file.id, actorId: `user-of-${mirror.organizationId}` }]);
    expect(system.log()).toContain('/files/attachments/[token]');
    expect(system.log()).not.toContain(url.slice('/files/attachments/'.length));
  });

  it.each(['application/pdf', 'application/rtf'])('RED-5: the text of a file is read: %s', async (contentType) => {
    const { file, candidate } = mirror.file(contentType);
    const { mirroredAttachment } = await mirror.run(AttachmentTextDocument, { id: file.id });
    expect(mirroredAttachment?.text).toMatchObject({ state: 'STORED', textState: 'READ', reason: null });
    expect(mirroredAttachment?.text.text).toContain(candidate.emails[0]);
    const again = await mirror.run(MirroredCandidateDocument, { id: candidate.id });
    expect(again.mirroredCandidate?.attachments.find(({ id }) => id === file.id)).toMatchObject({
      state: 'STORED',
      textState: 'READ',
    });
  });

  it('RED-8: a text in whatever encoding is served byte for byte, and read', async () => {
    const account = vendor.account();
    const [somebody] = account.candidates();
    const words = 'Zoë — welds since 2004';
    const texts = [
      { contentType: 'text/plain', bytes: Buffer.from(`\ufeff${words}`, 'utf16le') },
      // As windows-1252 has the dash.
      { contentType: 'text/plain; charset=windows-1252', bytes: Buffer.from(words.replace('—', '\u0097'), 'latin1') },
    ];
    const ids = texts.map((text, index) => {
      const upload = { name: `note ${index}.txt`, type: 'GENERIC_FILE', ...text };
      return account.attach(somebody?.id ?? '', undefined, upload, vendor.clock.iso()).id;
    });
    const own = await mirrored(system);
    for (const { contentType, bytes } of texts) {
      const { file } = own.file(contentType);
      const { mirroredAttachment } = await own.run(AttachmentTextDocument, { id: file.id });
      expect(mirroredAttachment?.text, contentType).toMatchObject({ textState: 'READ', text: words });
      const response = await fetch(`${system.url}${await linkTo(own, file.id)}`);
      expect(Buffer.from(await response.arrayBuffer()).equals(bytes), contentType).toBe(true);
    }
    for (const id of ids) account.removeFile(id, vendor.clock.iso());
  });

  it('CON-7: a link that was changed, or is for another organization, opens nothing', async () => {
    const { file } = mirror.file('application/pdf');
    const token = (await linkTo(mirror, file.id)).split('/').at(-1) ?? '';
    const [signed = '', seal = ''] = token.split('.');
    const ticket = JSON.parse(Buffer.from(signed, 'base64url').toString());
    const stranger = await mirrored(system);
    const forged = (changes: object): string =>
      `${Buffer.from(JSON.stringify({ ...ticket, ...changes })).toString('base64url')}.${seal}`;
    for (const bad of [
      forged({ o: stranger.organizationId }),
      forged({ e: ticket.e + 3_600_000 }),
      forged({ k: 'other' }),
      `${token}x`,
      `${token.slice(0, -1)}`,
      signed,
      'nonsense',
    ]) {
      const response = await fetch(`${system.url}/files/attachments/${bad}`);
      expect([response.status, await codeOf(response)]).toEqual([403, 'FILE_LINK_INVALID']);
    }
    const asked = await stranger.run(AttachmentLinkDocument, { id: file.id });
    expect(asked.mirroredAttachment).toBeNull();
  });

  it('RED-12: whoever is erased leaves neither file nor text, and their links end', async () => {
    const { file, candidate } = mirror.file('application/pdf');
    await mirror.run(AttachmentTextDocument, { id: file.id });
    const url = await linkTo(mirror, file.id);
    expect((await stored(folder)).filter((name) => name.startsWith(file.id))).toHaveLength(1);
    const erased = await system.query(
      `mutation ($id: ID!) { eraseCandidate(id: $id) { ... on CandidateErased { certificate { removed { table rows } } } } }`,
      { id: candidate.id },
      { organizationId: mirror.organizationId, roles: ['ADMIN'] },
    );
    expect(erased.data.eraseCandidate.certificate.removed).toEqual(
      expect.arrayContaining([
        { table: 'attachment_text', rows: 1 },
        { table: 'attachment_content', rows: 1 },
      ]),
    );
    expect((await fetch(new URL(url, system.url))).status).toBe(404);
    await until(
      () => stored(folder),
      (names) => !names.some((name) => name.startsWith(file.id)),
    );
  });

  it('a connection that is removed takes its files along', async () => {
    const { file } = mirror.file('application/rtf');
    const url = await linkTo(mirror, file.id);
    await system.query(
      'mutation ($id: ID!) { removeConnection(connectionId: $id) { __typename } }',
      { id: mirror.connectionId },
      { organizationId: mirror.organizationId, roles: ['ADMIN'] },
    );
    expect((await fetch(new URL(url, system.url))).status).toBe(404);
    await until(
      () => stored(folder),
      (names) => !names.some((name) => name.startsWith(file.id)),
    );
  });

  it('while Rediscovery is off, no link is good', async () => {
    const { file } = mirror.file('application/pdf');
    const url = await linkTo(mirror, file.id);
    const as = { organizationId: mirror.organizationId, roles: ['ADMIN'] } as const;
    const turn = (enabled: boolean) =>
      system.query(
        'mutation ($input: SetCapabilityInput!) { setCapability(input: $input) { __typename } }',
        { input: { pluginId: setUp.pluginId, capability: 'REDISCOVERY', enabled } },
        as,
      );
    await turn(false);
    const refused = await fetch(new URL(url, system.url));
    expect([refused.status, await codeOf(refused)]).toEqual([403, 'CAPABILITY_OFF']);
    await turn(true);
    expect((await fetch(new URL(url, system.url))).status).toBe(200);
  });

  it('a file that the ATS does not have any more is gone, and says so', async () => {
    const { file, candidate } = mirror.file('application/pdf');
    const own = vendor.candidates().find(({ id }) => id === candidate.remoteId);
    const lost = own?.attachments.find(({ contentType }) => contentType === 'application/pdf');
    vendor.account().removeFile(lost?.id ?? '', new Date().toISOString());
    const { mirroredAttachment } = await mirror.run(AttachmentLinkDocument, { id: file.id });
    expect(mirroredAttachment?.link).toMatchObject({ state: 'GONE', url: null, reason: expect.any(String) });
  });
});

describe('RED-8: files of mirrored candidates, fetched as soon as they are listed', () => {
  it('every file is stored and read without anybody asking', async () => {
    await using system = await start(throwawayFolder(), { FETCH_FILES: 'eager' });
    const mirror = await mirrored(system);
    const files = await until(
      async () => {
        const answers = await Promise.all(
          mirror.candidates.map(({ id }) => mirror.run(MirroredCandidateDocument, { id })),
        );
        return answers.flatMap(({ mirroredCandidate }) => mirroredCandidate?.attachments ?? []);
      },
      (all) => all.every(({ textState }) => textState !== 'NONE'),
      60_000,
    );
    expect(files.length).toBeGreaterThan(CANDIDATES / 2);
    expect(new Set(files.map(({ state }) => state))).toEqual(new Set(['STORED']));
    expect(files.filter(({ textState }) => textState === 'READ').length).toBeGreaterThan(CANDIDATES / 2);
  });
});
