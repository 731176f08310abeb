import { CandidateRejectedError, isHubError, type RediscoveryCapability } from '@talentbridge/contracts';
import { exportRequest } from '@talentbridge/testkit';
import { describe, it } from 'vitest';
import { expectCaught, type FaultyPlugin } from './faulty-plugin.js';

const FAULTY: readonly FaultyPlugin[] = [
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
    'believes that the clock of the vendor is ours',
    {
      rediscovery: (good) => ({
        async pull(ctx, request) {
          return { ...(await good.pull(ctx, request)), mark: new Date(Date.now() - 60_000).toISOString() };
        },
      }),
    },
    ['rediscovery.clocks'],
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

function blame(error: unknown): never {
  if (!isHubError(error) || error.code !== 'ATS_REQUEST_REFUSED') throw error;
  throw new CandidateRejectedError('Example ATS', 'it says no');
}

describe('the conformance suite catches a plugin that', () => {
  it.for(FAULTY)('%s', expectCaught);
});
