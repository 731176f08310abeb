import {
  type CandidateHistory,
  CandidateRejectedError,
  type CopyRow,
  type CopyRows,
  isHubError,
  type RediscoveryCapability,
} from '@talentbridge/contracts';
import { type CheckName, exportRequest, type PluginSubject, runCheck } from '@talentbridge/testkit';
import { describe, expect, it } from 'vitest';
import plugin from '../../src/index.js';
import { subject } from '../subject.js';
import { type Sabotage, sabotaged } from './sabotage.js';

const FAULTY: readonly (readonly [what: string, Sabotage, caughtBy: readonly CheckName[]])[] = [
  [
    'forgets the cursor and lists the first page alone',
    { export: (good) => ({ listJobs: async (ctx, query) => ({ items: (await good.listJobs(ctx, query)).items }) }) },
    ['jobs.many-pages'],
  ],
  [
    'asks for the first page over and over',
    { export: (good) => ({ listJobs: (ctx, { cursor: _lost, ...query }) => good.listJobs(ctx, query) }) },
    ['jobs.many-pages'],
  ],
  [
    'lists a job twice',
    {
      export: (good) => ({
        async listJobs(ctx, query) {
          const page = await good.listJobs(ctx, query);
          return { ...page, items: [...page.items, ...page.items.slice(0, 1)] };
        },
      }),
    },
    ['jobs.one', 'jobs.full-page'],
  ],
  [
    'invents an idempotency key for every try',
    {
      export: (good) => ({
        exportCandidate: (ctx, request) => good.exportCandidate(ctx, { ...request, itemId: crypto.randomUUID() }),
      }),
    },
    ['ambiguity.fail-after', 'ambiguity.drop-after', 'ambiguity.hang-after', 'ambiguity.absorbs-repeats'],
  ],
  [
    'ignores `existing` and creates again',
    {
      export: (good) => ({
        exportCandidate: (ctx, { existing, ...request }) =>
          good.exportCandidate(ctx, existing ? { ...request, itemId: crypto.randomUUID() } : request),
      }),
    },
    ['ambiguity.completes-existing', 'failures.later-step'],
  ],
  [
    'finds any candidate of the same person',
    {
      export: (good) => {
        let last: string | undefined;
        return {
          async exportCandidate(ctx, request) {
            const receipt = await good.exportCandidate(ctx, request);
            last = receipt.remoteId;
            return receipt;
          },
          findExported: async (ctx, request) =>
            (await good.findExported?.(ctx, request)) ?? (last === undefined ? undefined : { remoteId: last }),
        };
      },
    },
    ['ambiguity.earlier-candidate', 'ambiguity.not-these'],
  ],
  [
    'says that nothing was written without asking',
    { export: () => ({ findExported: async () => undefined }) },
    ['ambiguity.fail-after', 'ambiguity.truncated', 'ambiguity.not-these'],
  ],
  [
    'hides that the candidate arrived when a later step fails',
    {
      export: (good) => ({
        exportCandidate: (ctx, request) =>
          good.exportCandidate(ctx, request).catch((error: Error) => {
            throw error.name === 'ExportInterruptedError' ? error.cause : error;
          }),
      }),
    },
    ['failures.later-step', 'failures.later-refusal'],
  ],
  [
    'throws errors of its own',
    {
      export: (good) => ({
        exportCandidate: (ctx, request) =>
          good.exportCandidate(ctx, request).catch((error: Error) => {
            throw new Error(error.message);
          }),
      }),
    },
    ['failures.401', 'failures.403', 'failures.422', 'failures.429', 'failures.500', 'failures.time-out'],
  ],
  [
    'loses how long to wait',
    {
      export: (good) => ({
        listJobs: (ctx, query) =>
          good.listJobs(ctx, query).catch((error: unknown) => {
            if (isHubError(error)) Reflect.set(error, 'retryAfterMs', undefined);
            throw error;
          }),
      }),
    },
    ['failures.429-seconds', 'failures.429-date'],
  ],
  [
    'puts the person into the error',
    {
      export: (good) => ({
        exportCandidate: (ctx, request) =>
          good.exportCandidate(ctx, request).catch((error: Error) => {
            error.message += ` (${request.candidate.emails[0]})`;
            throw error;
          }),
      }),
    },
    ['failures.silent-on-people'],
  ],
  [
    'leaves the résumé out',
    {
      export: (good) => ({
        exportCandidate: (ctx, { resume: _lost, ...request }) => good.exportCandidate(ctx, request),
      }),
    },
    ['export.resume', 'export.concurrent'],
  ],
  [
    'leaves the job out',
    {
      export: (good) => ({
        exportCandidate: (ctx, request) => good.exportCandidate(ctx, { ...request, target: { kind: 'prospect' } }),
      }),
    },
    ['export.job', 'export.closed-job', 'export.unknown-job'],
  ],
  [
    'replaces a name that nobody made up',
    {
      export: ({ addContact }) =>
        addContact
          ? {
              addContact: (ctx, addition) =>
                addContact(ctx, { ...addition, madeUp: { firstName: 'Ada', lastName: 'Moss' } }),
            }
          : {},
    },
    ['export.contact-made-up'],
  ],
  [
    'adds half of the contact data, and says that it is all',
    {
      export: ({ addContact }) =>
        addContact ? { addContact: (ctx, addition) => addContact(ctx, { ...addition, phones: [] }) } : {},
    },
    ['export.contact'],
  ],
  [
    'tidies up names',
    {
      export: (good) => ({
        exportCandidate(ctx, request) {
          const lastName = request.candidate.lastName.normalize('NFC').replace(/[^\P{C}\n]/gu, '');
          return good.exportCandidate(ctx, { ...request, candidate: { ...request.candidate, lastName } });
        },
      }),
    },
    ['export.hostile-strings'],
  ],
  [
    'claims to take more than it sends',
    {
      export: (good) => ({
        fields: good.fields.map((field) => (field.name === 'emails' ? { ...field, maxCount: 5 } : field)),
      }),
    },
    ['export.limits'],
  ],
  [
    'does not say that it needs a last name',
    {
      export: (good) => ({
        fields: good.fields.map((field) => (field.name === 'lastName' ? { ...field, required: false } : field)),
      }),
    },
    ['export.required'],
  ],
  [
    'claims to need what it does not',
    {
      export: (good) => ({
        fields: good.fields.map((field) => (field.name === 'phones' ? { ...field, required: true } : field)),
      }),
    },
    ['export.required'],
  ],
  [
    'answers something that is no plain data',
    {
      export: (good) => ({
        listJobs: async (ctx, query) => ({ ...(await good.listJobs(ctx, query)), at: new Date() }),
      }),
    },
    ['jobs.one'],
  ],
  [
    'calls every permission granted',
    {
      permissions: (good) => ({
        check: async (ctx, capabilities) =>
          (await good.check(ctx, capabilities)).map((result) => ({ ...result, status: 'granted' as const })),
      }),
    },
    ['permissions.missing', 'permissions.outage'],
  ],
  [
    'names no remedy',
    {
      permissions: (good) => ({
        check: async (ctx, capabilities) =>
          (await good.check(ctx, capabilities)).map(({ remedy: _lost, ...result }) => result),
      }),
    },
    ['permissions.missing'],
  ],
  [
    'mirrors the first page alone',
    {
      rediscovery: (good) => ({
        async pull(ctx, request) {
          const { cursor: _lost, ...page } = await good.pull(ctx, request);
          return page;
        },
      }),
    },
    ['rediscovery.everything', 'rediscovery.full-page'],
  ],
  [
    'loses the applications of candidates',
    {
      rediscovery: (good) => ({
        async pull(ctx, request) {
          const page = await good.pull(ctx, request);
          return { ...page, candidates: page.candidates.map(({ applications: _lost, ...candidate }) => candidate) };
        },
      }),
    },
    ['rediscovery.everything', 'rediscovery.changes', 'rediscovery.changed-during'],
  ],
  [
    'loses the social links of candidates',
    {
      rediscovery: (good) => ({
        async pull(ctx, request) {
          const page = await good.pull(ctx, request);
          return { ...page, candidates: page.candidates.map((candidate) => ({ ...candidate, socialUrls: [] })) };
        },
      }),
    },
    ['rediscovery.everything'],
  ],
  [
    'keeps its place in memory instead of in the cursor',
    {
      rediscovery: (good) => {
        let place: string | undefined;
        return {
          async pull(ctx, { cursor, ...request }) {
            const page = await good.pull(ctx, cursor === undefined || !place ? request : { ...request, cursor: place });
            place = page.cursor;
            return page.cursor === undefined ? page : { ...page, cursor: `${Math.random()}` };
          },
        };
      },
    },
    ['rediscovery.page-again', 'rediscovery.500'],
  ],
  [
    'takes a page that the vendor did not answer for an empty one',
    {
      rediscovery: (good) => ({
        pull: (ctx, request) =>
          good.pull(ctx, request).catch(() => ({ candidates: [], jobs: [], applications: [], gone: [], mark: '' })),
      }),
    },
    [
      'rediscovery.500',
      'rediscovery.dropped',
      'rediscovery.truncated',
      'rediscovery.html',
      'rediscovery.401',
      'rediscovery.429',
      'rediscovery.time-out',
    ],
  ],
  [
    'skips a later page that the vendor did not answer',
    {
      rediscovery: (good) => ({
        pull: (ctx, request) =>
          good.pull(ctx, request).catch((error: unknown) => {
            if (!request.cursor?.includes('"at"')) throw error;
            return { candidates: [], jobs: [], applications: [], gone: [], mark: '' };
          }),
      }),
    },
    ['rediscovery.500'],
  ],
  [
    'takes the mark when the run ends',
    {
      rediscovery: (good) => ({
        pull: async (ctx, request) => ({
          ...(await good.pull(ctx, request)),
          mark: new Date(Date.now() + 1).toISOString(),
        }),
      }),
    },
    ['rediscovery.changed-during', 'rediscovery.deleted-during'],
  ],
  [
    'reads everything again instead of what changed',
    { rediscovery: (good) => ({ pull: (ctx, request) => good.pull(ctx, { ...request, kind: 'all' }) }) },
    ['rediscovery.changes-only', 'rediscovery.deleted'],
  ],
  [
    'finds that nothing ever changes',
    {
      rediscovery: (good) => ({
        pull: (ctx, request) =>
          good.pull(ctx, request.kind === 'all' ? request : { ...request, since: '2999-01-01T00:00:00.000Z' }),
      }),
    },
    [
      'rediscovery.changes',
      'rediscovery.changed-job',
      'rediscovery.added',
      'rediscovery.deleted',
      'rediscovery.changed-during',
    ],
  ],
  [
    'forgets who was deleted',
    { rediscovery: (good) => ({ pull: async (ctx, request) => ({ ...(await good.pull(ctx, request)), gone: [] }) }) },
    ['rediscovery.deleted', 'rediscovery.deleted-during'],
  ],
  [
    'takes for gone whom a run of changes does not bring',
    {
      rediscovery: (good) => {
        const known = new Set<string>();
        return {
          async pull(ctx, request) {
            const page = await good.pull(ctx, request);
            for (const { remoteId } of page.candidates) known.add(remoteId);
            if (request.kind === 'all') return page;
            const brought = new Set(page.candidates.map(({ remoteId }) => remoteId));
            const missing = [...known].filter((remoteId) => !brought.has(remoteId));
            return { ...page, gone: missing.map((remoteId) => ({ kind: 'candidate' as const, remoteId })) };
          },
        };
      },
    },
    ['rediscovery.changes', 'rediscovery.deleted'],
  ],
  [
    'takes for gone what it could not read',
    {
      rediscovery: (good) => ({
        read: (ctx, references) =>
          good.read(ctx, references).catch(() => ({ candidates: [], jobs: [], applications: [], gone: references })),
      }),
    },
    ['rediscovery.read-unclear'],
  ],
  [
    'reads what is gone as if nothing had been asked',
    { rediscovery: (good) => ({ read: async (ctx, some) => ({ ...(await good.read(ctx, some)), gone: [] }) }) },
    ['rediscovery.read'],
  ],
  [
    'writes the last candidate into its cursor',
    {
      rediscovery: (good) => {
        const hidden = (cursor: string, by: string) => Buffer.from(JSON.stringify({ cursor, by })).toString('base64');
        const inner = ({ cursor, ...request }: Parameters<RediscoveryCapability['pull']>[1]) =>
          cursor === undefined ? request : { ...request, cursor: JSON.parse(atob(cursor)).cursor };
        return {
          async pull(ctx, request) {
            const page = await good.pull(ctx, inner(request));
            const by = page.candidates.at(-1)?.emails[0] ?? '';
            return page.cursor === undefined ? page : { ...page, cursor: hidden(page.cursor, by) };
          },
        };
      },
    },
    ['rediscovery.silent-cursors'],
  ],
  [
    'leaves something behind in the ATS',
    {
      rediscovery: (good, exporter) => ({
        async pull(ctx, request) {
          await exporter?.exportCandidate(ctx, exportRequest());
          return good.pull(ctx, request);
        },
      }),
    },
    ['rediscovery.reads-only'],
  ],
  [
    'stamps records with the time of the download',
    {
      rediscovery: (good) => ({
        async pull(ctx, request) {
          const page = await good.pull(ctx, request);
          const updatedAt = new Date(performance.timeOrigin + performance.now() * 1000).toISOString();
          return { ...page, candidates: page.candidates.map((candidate) => ({ ...candidate, updatedAt })) };
        },
      }),
    },
    ['rediscovery.same-again', 'rediscovery.page-again'],
  ],
  [
    'tidies up the names that it reads',
    {
      rediscovery: (good) => ({
        async pull(ctx, request) {
          const page = await good.pull(ctx, request);
          const tidy = (name = '') => name.normalize('NFC').replace(/[^\P{C}\n]/gu, '');
          return { ...page, candidates: page.candidates.map((one) => ({ ...one, lastName: tidy(one.lastName) })) };
        },
      }),
    },
    ['rediscovery.hostile-strings'],
  ],
  [
    'reads files as text',
    {
      rediscovery: (good) => ({
        async fetchAttachment(ctx, attachment) {
          const file = await good.fetchAttachment?.(ctx, attachment);
          const text = new TextDecoder().decode(file?.bytes);
          return { filename: attachment.filename, contentType: 'text/plain', bytes: new TextEncoder().encode(text) };
        },
      }),
    },
    ['rediscovery.attachment', 'rediscovery.attachment-as-it-is'],
  ],
  [
    'lets text be decoded on its way',
    {
      http: (good) => ({
        async send(ctx, { answer: _untouched, ...request }) {
          const response = await good.send(ctx, request);
          const isFile = request.url.endsWith('/resume') && response.status === 200;
          return isFile && !response.bytes ? { ...response, bytes: new TextEncoder().encode(response.text) } : response;
        },
      }),
    },
    ['rediscovery.attachment-as-it-is'],
  ],
  [
    'takes a file for unreadable that is too large',
    { http: (good) => ({ send: (ctx, { maxBytes: _lost, ...request }) => good.send(ctx, request) }) },
    ['rediscovery.attachment-too-large'],
  ],
  [
    'believes that a read may have written',
    {
      http: (good) => ({
        async send(ctx, request) {
          const { effect: _lost, ...response } = await good.send(ctx, request);
          return response;
        },
      }),
    },
    ['rediscovery.500'],
  ],
  [
    'blames a candidate for a list that is refused',
    {
      export: (good) => ({ listJobs: (ctx, query) => good.listJobs(ctx, query).catch(blame) }),
      rediscovery: (good) => ({ pull: (ctx, request) => good.pull(ctx, request).catch(blame) }),
    },
    ['failures.read-refused', 'rediscovery.refused'],
  ],
  [
    'tells private notes',
    history((read) => ({
      notes: [...read.notes, ...read.notes.map((note) => ({ ...note, remoteId: `${note.remoteId}+` }))],
    })),
    ['rediscovery.history'],
  ],
  [
    'loses who wrote a note',
    history((read) => ({ notes: read.notes.map((note) => ({ ...note, author: { firstName: '', lastName: '' } })) })),
    ['rediscovery.history'],
  ],
  [
    'makes up an id each time',
    history((read) => ({ stageChanges: read.stageChanges.map((one) => ({ ...one, remoteId: crypto.randomUUID() })) })),
    ['rediscovery.history'],
  ],
  [
    'names two stages alike',
    history((read) => ({ stageChanges: read.stageChanges.map((one) => ({ ...one, remoteId: 'change' })) })),
    ['rediscovery.history-sound'],
  ],
  [
    'tells times as it likes',
    history((read) => ({ notes: read.notes.map((note) => ({ ...note, createdAt: 'June 2024' })) })),
    ['rediscovery.history-sound'],
  ],
  [
    'mixes up applications',
    history((read) => ({ notes: read.notes.map((note) => ({ ...note, applicationRemoteId: 'c-000001-job-1' })) })),
    ['rediscovery.history-sound'],
  ],
  [
    'takes somebody who is gone, or cannot be read, for somebody without a history',
    {
      rediscovery: (good) => ({
        readHistory: (ctx, remoteId) =>
          Promise.resolve(good.readHistory?.(ctx, remoteId) ?? NO_HISTORY).catch(() => NO_HISTORY),
      }),
    },
    ['rediscovery.history-gone', 'rediscovery.history-unclear'],
  ],
  [
    'loses the last row of a data copy',
    rowsRead((read) => read.slice(0, -1)),
    ['rediscovery.copy-whole', 'rediscovery.copy-by-row'],
  ],
  [
    'leaves rows out that it refuses',
    rowsRead((read) => read.filter(({ kind }) => kind !== 'refused')),
    ['rediscovery.copy-odd-cells'],
  ],
  [
    'refuses rows that it could read',
    rowsRead((read) =>
      read.map((row) =>
        row.kind === 'candidate' && row.candidate.firstName === 'Ada' ? { kind: 'refused', reason: 'No name.' } : row,
      ),
    ),
    ['rediscovery.copy-whole'],
  ],
  [
    'fails at the first row that it cannot read',
    rowsRead((read) => {
      if (read.some(({ kind }) => kind === 'refused')) throw new TypeError('What is this?');
      return read;
    }),
    ['rediscovery.copy-odd-cells'],
  ],
  [
    'repeats what it refuses',
    rowsRead((read, { rows }) =>
      read.map((row, at) =>
        row.kind === 'refused' ? { ...row, reason: `${row.reason} It was ${rows[at]?.join(', ')}.` } : row,
      ),
    ),
    ['rediscovery.copy-odd-cells'],
  ],
  [
    'takes paths as they stand',
    rowsRead((read, { columns, rows }) =>
      read.map((row, at) => {
        if (row.kind !== 'refused' || row.header !== 'path') return row;
        const path = rows[at]?.[columns.indexOf('path')] ?? '';
        const attachment = { remoteId: 'resume', kind: 'resume' as const, filename: 'a.pdf' };
        return { kind: 'attachment', attachment: { candidateRemoteId: 'c', path, attachment } };
      }),
    ),
    ['rediscovery.copy-paths'],
  ],
  [
    'reads a row by the one before it',
    rowsRead((read) => {
      const [first] = read;
      return read.map((row) =>
        row.kind === 'candidate' && first?.kind === 'candidate'
          ? { ...row, candidate: { ...row.candidate, tags: [first.candidate.remoteId] } }
          : row,
      );
    }),
    ['rediscovery.copy-by-row'],
  ],
  [
    'remembers the header of a data copy',
    {
      rediscovery: (good) => {
        let columns: readonly string[] = [];
        return {
          readCopyHeader(ctx, header) {
            columns = header.columns;
            return good.readCopyHeader?.(ctx, header) ?? nothing();
          },
          readCopyRows: (ctx, { rows, table }) => good.readCopyRows?.(ctx, { table, columns, rows }) ?? nothing(),
        };
      },
    },
    ['rediscovery.copy-by-row'],
  ],
  [
    'asks the vendor about the rows of a data copy',
    {
      rediscovery: (good) => ({
        async readCopyRows(ctx, rows) {
          await good.pull(ctx, { kind: 'all' });
          return good.readCopyRows?.(ctx, rows) ?? nothing();
        },
      }),
    },
    ['rediscovery.copy-by-row'],
  ],
  [
    'fails at a file that is none of a data copy',
    {
      rediscovery: (good) => ({
        async readCopyHeader(ctx, header) {
          const table = await good.readCopyHeader?.(ctx, header);
          return table?.kind === 'table' ? table : nothing();
        },
      }),
    },
    ['rediscovery.copy-header'],
  ],
  [
    'leaves columns out that it does not know',
    {
      rediscovery: (good) => ({
        async readCopyHeader(ctx, header) {
          const table = (await good.readCopyHeader?.(ctx, header)) ?? nothing();
          return table.kind === 'table'
            ? { ...table, columns: table.columns.filter(({ field }) => field !== undefined) }
            : table;
        },
      }),
    },
    ['rediscovery.copy-header'],
  ],
  [
    'reads headers of data copies and no rows',
    {
      // As a plugin in plain JavaScript may.
      rediscovery: () => Object.fromEntries([['readCopyRows', undefined]]),
    },
    ['rediscovery.copy-whole'],
  ],
  [
    'does not list the files of a candidate',
    {
      rediscovery: (good) => ({
        async pull(ctx, request) {
          const page = await good.pull(ctx, request);
          return { ...page, candidates: page.candidates.map(({ attachments: _lost, ...candidate }) => candidate) };
        },
      }),
    },
    ['rediscovery.attachment'],
  ],
];

/** A plugin that makes something else of the rows of a data copy. */
function rowsRead(other: (read: readonly CopyRow[], rows: CopyRows) => readonly CopyRow[]): Sabotage {
  return {
    rediscovery: (good) => ({
      async readCopyRows(ctx, rows) {
        return other((await good.readCopyRows?.(ctx, rows)) ?? [], rows);
      },
    }),
  };
}

const NO_HISTORY: CandidateHistory = { notes: [], stageChanges: [], feedback: [] };

/** A plugin that makes something else of histories. */
function history(other: (read: CandidateHistory) => Partial<CandidateHistory>): Sabotage {
  return {
    rediscovery: (good) => ({
      async readHistory(ctx, candidateRemoteId) {
        const read = (await good.readHistory?.(ctx, candidateRemoteId)) ?? NO_HISTORY;
        return { ...read, ...other(read) };
      },
    }),
  };
}

function blame(error: unknown): never {
  if (!isHubError(error) || error.code !== 'ATS_REQUEST_REFUSED') throw error;
  throw new CandidateRejectedError('Example ATS', 'it says no');
}

function nothing(): never {
  throw new Error('There is nothing to go on with.');
}

describe('the conformance suite catches a plugin that', () => {
  it.for(FAULTY)('%s', async ([, sabotage, caughtBy]) => {
    for (const name of caughtBy) {
      const outcome = await runCheck(sabotaged(sabotage), subject, name).catch(() => 'caught');
      expect(outcome, name).toBe('caught');
    }
  });
});

it('the conformance suite asks to take a skip away that is not needed', async () => {
  const skips = { 'jobs.none': 'We believe that it fails.' } as const;
  await expect(runCheck(plugin, { ...subject, skips }, 'jobs.none')).rejects.toThrow('take it off the skips');
});

it('the conformance suite tells why a check was skipped', async () => {
  const needy: PluginSubject = { ...subject, skips: { 'jobs.one': 'The vendor loses its first job.' } };
  const faulty = sabotaged({ export: () => ({ listJobs: async () => ({ items: [] }) }) });
  expect(await runCheck(faulty, needy, 'jobs.one')).toEqual({
    kind: 'skipped',
    reason: 'The vendor loses its first job.',
  });
  expect(await runCheck(plugin, subject, 'export.tags')).toMatchObject({ kind: 'skipped' });
});
