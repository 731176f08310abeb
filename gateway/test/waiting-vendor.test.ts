import { createRequire } from 'node:module';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { asSuperuser } from '../../test/support/database-text.ts';
import { until } from '../../test/support/running-system.ts';
import {
  type Answer,
  ERRORS,
  type ExportWorld,
  startExportWorld,
  type TestOrganization,
} from './support/export-world.js';

/** The copy that the hub's pool sends its statements with. */
const pg: typeof import('pg') = createRequire(import.meta.resolve('@mikro-orm/postgresql'))('pg');

const AT_ONCE = 20;
/** Requests that one process has under way at one host at most. */
const SOCKETS = 8;

// Each asks the ATS for something, and the database for something else beside it and after it.
const LIVE_JOBS = `query ($id: ID!) { jobs(connectionId: $id) { source nodes { id title } }
  connections { totalCount nodes { id name } } exports { totalCount } }`;
const PREFLIGHT = `query ($id: ID!) { exportPreflight(connectionId: $id) { tags { missing } } connections { totalCount } }`;
const VERIFY = `mutation ($id: ID!) { verifyConnection(input: { connectionId: $id, testTarget: { prospect: true } }) {
  ... on ConnectionVerified { connection { id status } } } }`;
const PREVIEW = `mutation ($input: PreviewExportInput!) { previewExport(input: $input) { ${ERRORS} } }`;
const FILE = `query ($id: ID!) { mirroredAttachment(id: $id) { state filename link { state url } text { text } state }
  connections { totalCount } }`;
const FILES = `query ($id: ID!) { candidates(connectionId: $id, first: 50) { nodes { attachments { id } } } }`;
const RUNS = `query ($id: ID!) { mirror(connectionId: $id) { completeAt } }`;
const ORDINARY = `query ($id: ID!) { connection(id: $id) { id name status plugin { displayName } } exports { totalCount nodes { id } }
  connections { totalCount nodes { id } } requestLog(connectionId: $id) { totalCount nodes { path } } }`;

describe('while an ATS takes its time', () => {
  let world: ExportWorld;
  let mirrored: TestOrganization;
  let live: TestOrganization;
  let fileIds: readonly string[];

  beforeAll(async () => {
    world = await startExportWorld({ poolSize: 2 });
    live = await world.organization();
    mirrored = await world.organization({
      capabilities: ['EXPORT', 'REDISCOVERY'],
      prepare: (acme) => {
        acme.people = Array.from({ length: AT_ONCE }, (_, index) => ({
          remoteId: `person-${index}`,
          firstName: 'Ada',
          lastName: `Byron${index}`,
          emails: [],
          phones: [],
          socialUrls: [],
          workExperience: [],
          education: [],
          tags: [],
          updatedAt: '2026-01-01T00:00:00.000Z',
          applications: [],
          attachments: [{ remoteId: `file-${index}`, filename: 'resume.txt', kind: 'resume' }],
        }));
      },
    });
    const { connectionId: id } = mirrored;
    await until(
      () => mirrored.ask(RUNS, { id }, 'ADMIN'),
      ({ data }) => data.mirror.completeAt !== null,
      30_000,
    );
    const { data } = await mirrored.ask(FILES, { id }, 'ADMIN');
    fileIds = data.candidates.nodes.flatMap((node: { attachments: { id: string }[] }) =>
      node.attachments.map((file) => file.id),
    );
  });
  afterAll(() => world[Symbol.asyncDispose]());
  afterEach(() => vi.restoreAllMocks());

  /** Keeps the ATS from answering: `asked` says how often it was asked, `answer` lets it answer. */
  function holdUp({ acme }: TestOrganization): { readonly asked: () => number; readonly answer: () => void } {
    const held = Promise.withResolvers<void>();
    let asked = 0;
    acme.beforeAnswering = () => {
      asked += 1;
      return held.promise;
    };
    return {
      asked: () => asked,
      answer: () => {
        acme.beforeAnswering = async () => undefined;
        held.resolve();
      },
    };
  }

  /** Connections of the pool that somebody keeps without asking the database anything. */
  async function keptConnections(): Promise<number> {
    const [row] = await asSuperuser(
      world.databaseUrl,
      `select count(*)::int as kept from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`,
    );
    return Number(row?.['kept']);
  }

  /** Asks the same of an organization many times at once, and something ordinary while all of them wait. */
  async function askedAtOnce(
    org: TestOrganization,
    asked: number,
    ask: (index: number) => Promise<Answer>,
  ): Promise<readonly Answer[]> {
    const ats = holdUp(org);
    const answers = Promise.all(Array.from({ length: AT_ONCE }, (_, index) => ask(index)));
    try {
      await until(
        async () => ats.asked(),
        (count) => count >= asked,
        10_000,
      );
      await until(keptConnections, (kept) => kept === 0, 5_000);
      const { data } = await org.ask(ORDINARY, { id: org.connectionId }, 'ADMIN');
      expect(data.connection.status).toBe('CONNECTED');
    } finally {
      ats.answer();
    }
    return await answers;
  }

  it('lists of jobs keep no connection to the database', async () => {
    const { connectionId: id } = live;
    for (const { data, errors } of await askedAtOnce(live, 1, () => live.ask(LIVE_JOBS, { id }, 'ADMIN'))) {
      expect(errors).toBeUndefined();
      expect(data).toMatchObject({ jobs: { source: 'LIVE' }, connections: { totalCount: 1 } });
      expect(data.jobs.nodes).toHaveLength(3);
    }
  });

  it('neither do preflights', async () => {
    const { connectionId: id } = live;
    for (const { errors } of await askedAtOnce(live, SOCKETS, () => live.ask(PREFLIGHT, { id }, 'ADMIN'))) {
      expect(errors).toBeUndefined();
    }
  });

  it('nor verifications', async () => {
    const { connectionId: id } = live;
    for (const { data, errors } of await askedAtOnce(live, SOCKETS, () => live.ask(VERIFY, { id }, 'ADMIN'))) {
      expect(errors).toBeUndefined();
      expect(data.verifyConnection.connection.status).toBe('CONNECTED');
    }
  });

  it('nor previews', async () => {
    const profileIds = await live.people([{}, {}]);
    const input = { connectionId: live.connectionId, profileIds };
    for (const { data, errors } of await askedAtOnce(live, SOCKETS, () => live.ask(PREVIEW, { input }, 'ADMIN'))) {
      expect(errors).toBeUndefined();
      expect(data.previewExport).toMatchObject({ __typename: 'ExportPreview' });
    }
  });

  it('CON-7: nor links to files and their texts', async () => {
    const answers = await askedAtOnce(mirrored, SOCKETS, (index) =>
      mirrored.ask(FILE, { id: fileIds[index] }, 'ADMIN'),
    );
    for (const { errors } of answers) expect(errors).toBeUndefined();
    // A link waits for its file ten seconds at most: where this machine stood still, some come only now.
    for (const id of fileIds) {
      const asked = async () => (await mirrored.ask(FILE, { id }, 'ADMIN')).data.mirroredAttachment;
      await expect.poll(asked).toMatchObject({
        link: { state: 'STORED' },
        text: { text: expect.stringMatching(/^The text of file-\d+\.$/) },
      });
    }
  });

  it('an operation that waits for nothing else reads everything in one transaction', async () => {
    const sent = vi.spyOn(pg.Client.prototype, 'query');
    const counts: number[] = [];
    for (let tries = 0; tries < 5; tries += 1) {
      sent.mockClear();
      const { errors } = await live.ask(ORDINARY, { id: live.connectionId }, 'ADMIN');
      expect(errors).toBeUndefined();
      const begun = sent.mock.calls.filter(([statement]) => /^start transaction.* read only$/.test(textOf(statement)));
      counts.push(begun.length);
    }
    // Jobs that run beside it may begin some of their own, never fewer.
    expect(Math.min(...counts)).toBe(1);
  });
});

function textOf(statement: unknown): string {
  return typeof statement === 'string' ? statement : String((statement as { readonly text?: unknown }).text);
}
