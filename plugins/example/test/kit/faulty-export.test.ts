import { isHubError } from '@talentbridge/contracts';
import { describe, it } from 'vitest';
import { expectCaught, type FaultyPlugin } from './faulty-plugin.js';

const FAULTY: readonly FaultyPlugin[] = [
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
    'takes `existing` for there, whatever became of it',
    {
      export: (good) => ({
        exportCandidate: async (ctx, request) =>
          request.existing
            ? { ...request.existing, outcome: 'UPDATED', warnings: [] }
            : await good.exportCandidate(ctx, request),
      }),
    },
    ['ambiguity.existing-gone', 'ambiguity.existing-unaddressed'],
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
];

describe('the conformance suite catches a plugin that', () => {
  it.for(FAULTY)('%s', expectCaught);
});
