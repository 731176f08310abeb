import {
  readMultipart,
  type SimulatorKit,
  type SimulatorOptions,
  withUnknownProperties,
} from '@talentbridge/testkit/simulator';
import { z } from 'zod';
import type { SimulatedAccount } from './account.js';
import { authenticate, type Caller } from './authentication.js';
import { readCandidate } from './candidate-input.js';
import type { Deviations, MissablePart } from './deviations.js';
import { DISPOSITIONS } from './hiring-words.js';
import { isPublished, postingOf } from './job-posting.js';
import { type ItemList, newestFirst, pageOf, type Query, shuffled } from './paging.js';
import { EVENT_TYPES, type SimulatedApplication, type SimulatedJob } from './records.js';
import { notFound, Refusal } from './refusal.js';

/** The server that routes are registered with. */
export type SimulatorApp = Parameters<SimulatorOptions['register']>[0];
type SimulatorRequest = Parameters<typeof readMultipart>[0];

/** What routes answer from. */
export interface SimulatedWorld {
  readonly accounts: readonly SimulatedAccount[];
  readonly deviations: Deviations;
}

interface WithId {
  readonly Params: { readonly id: string };
}

const applicationInput = z.object({ candidate_id: z.string(), job_id: z.string() });
const noteInput = z.object({ body: z.string().trim().min(1), private: z.boolean().default(false) });
const webhookInput = z.object({
  target_url: z.string().refine(isReceiver, 'must be an https address'),
  event_types: z.array(z.enum(EVENT_TYPES)).min(1),
});

/** The largest file (JobScore sheet §4.7, INFERRED). */
const MAX_FILE_BYTES = 10 * 1024 * 1024;
const FILE_TYPES = /\.(pdf|docx?|txt|rtf)$/i;

/** JobScore's API v2 as the fact sheet describes it (JobScore sheet §3 and §4). */
export function registerApi(app: SimulatorApp, kit: SimulatorKit, world: SimulatedWorld): void {
  const callerOf = ({ headers }: SimulatorRequest): Caller => authenticate(world.accounts, headers);
  const accountOf = (request: SimulatorRequest): SimulatedAccount => callerOf(request).account;
  const listOf = (request: SimulatorRequest, items: ItemList<object>): unknown => {
    if (world.deviations.withoutPaging) return withUnknownProperties({ items: items.slice(0, items.length) });
    const { items: page, resources, pages } = pageOf(items, queryOf(request));
    const meta = { pagination: { resources, pages } };
    return withUnknownProperties(world.deviations.withoutPageMeta ? { items: page } : { items: page, meta });
  };
  const list = (request: SimulatorRequest, items: readonly { readonly id: string }[]): unknown =>
    listOf(request, shuffled(items));
  /** What an account may lack answers as if there were no such address (JobScore sheet §9a). */
  const offered = (part: MissablePart): void => {
    if (world.deviations.notOffered?.includes(part)) throw notFound('Page');
  };

  app.get('/v2/users/me', async (request) => withUnknownProperties(callerOf(request).user));
  app.get('/v2/users', async (request) => {
    const { users } = accountOf(request);
    if (world.deviations.withoutUserList)
      throw new Refusal(403, { code: 'forbidden', message: 'Not allowed to list users' });
    return list(request, users);
  });
  app.get<WithId>('/v2/users/:id', async (request) => {
    const user = accountOf(request).users.find(({ id }) => id === request.params.id);
    if (!user) throw notFound('User');
    return withUnknownProperties(user);
  });

  app.get('/v2/jobs', async (request) => {
    const { status } = queryOf(request);
    const account = accountOf(request);
    const found = account.jobs
      .filter((job) => status === undefined || job.status === status)
      .map((job) => posted(account, job));
    return world.deviations.newestFirst ? listOf(request, newestFirst(found)) : list(request, found);
  });
  app.get<WithId>('/v2/jobs/:id', async (request) => {
    const account = accountOf(request);
    return withUnknownProperties(posted(account, account.job(request.params.id)));
  });
  app.get<WithId>('/v2/jobs/:id/workflow_stages', async (request) => {
    const account = accountOf(request);
    return list(request, account.stagesOf(account.job(request.params.id).id));
  });
  app.get('/v2/sources/databases', async (request) => list(request, accountOf(request).databases));
  app.get('/v2/tags', async (request) => list(request, accountOf(request).tags));

  app.get('/v2/disposition_codes', async (request) => {
    accountOf(request);
    offered('disposition_codes');
    return list(request, Object.values(DISPOSITIONS).flat());
  });

  app.get('/v2/candidates', async (request) => {
    const { email, updated_since } = queryOf(request);
    const found = accountOf(request).listCandidates({
      email: world.deviations.withoutEmailFilter ? undefined : email?.toLowerCase(),
      since: world.deviations.withoutUpdatedSince ? undefined : updated_since,
    });
    return listOf(request, found);
  });
  app.post('/v2/candidates', async (request, reply) => {
    const account = accountOf(request);
    const input = readCandidate(jsonOf(request), namesOf(account));
    const candidate = account.addCandidate(input, kit.clock.iso());
    kit.creations.count(candidate.email.toLowerCase());
    return reply.code(201).send(withUnknownProperties(candidate));
  });
  app.get<WithId>('/v2/candidates/:id', async (request) =>
    withUnknownProperties(accountOf(request).folder(request.params.id).candidate),
  );
  app.patch<WithId>('/v2/candidates/:id', async (request) => {
    const account = accountOf(request);
    const before = account.folder(request.params.id).candidate;
    const changed = readCandidate(
      { ...before, ...z.record(z.string(), z.unknown()).parse(jsonOf(request)) },
      namesOf(account),
    );
    return withUnknownProperties(account.changeCandidate(before.id, changed, kit.clock.iso()));
  });

  app.post('/v2/applications', async (request, reply) => {
    const account = accountOf(request);
    const { candidate_id, job_id } = applicationInput.parse(jsonOf(request));
    const mayRepeat = world.deviations.withRepeatedApplications ?? false;
    const application = account.apply({ candidate_id, job_id, mayRepeat }, kit.clock.iso());
    return reply.code(201).send(withUnknownProperties(application));
  });
  app.get<WithId>('/v2/applications/:id', async (request) => {
    offered('applications');
    return withUnknownProperties(accountOf(request).application(request.params.id));
  });
  app.get<WithId>('/v2/candidates/:id/applications', async (request) => {
    const { applications } = accountOf(request).folder(request.params.id);
    offered('applications');
    const shown = shuffled(applications).map((application) =>
      world.deviations.withoutDispositionNames ? withoutDispositionName(application) : application,
    );
    return withUnknownProperties({ applications: shown });
  });

  app.post<WithId>('/v2/candidates/:id/documents', async (request, reply) => {
    const account = accountOf(request);
    const { id } = account.folder(request.params.id).candidate;
    const { fields, files } = await readMultipart(request);
    const [file] = files;
    if (file?.name !== 'file') throw new Refusal(422, { code: 'invalid', field: 'file', message: 'file is required' });
    if (file.bytes.length > MAX_FILE_BYTES) {
      throw new Refusal(413, { code: 'too_large', field: 'file', message: 'File is larger than 10 MB' });
    }
    if (!FILE_TYPES.test(file.filename)) {
      throw new Refusal(415, { code: 'unsupported', field: 'file', message: 'File type is not supported' });
    }
    const { document_type: documentType = 'other' } = fields;
    const { filename, contentType, bytes } = file;
    const document = account.addDocument(id, { filename, contentType, documentType, bytes }, kit.clock.iso());
    return reply.code(201).send(withUnknownProperties(document));
  });
  app.get<WithId>('/v2/candidates/:id/documents', async (request) => {
    const { documents } = accountOf(request).folder(request.params.id);
    offered('documents');
    return list(request, documents);
  });
  app.get<WithId>('/v2/documents/:id', async (request, reply) => {
    const account = accountOf(request);
    const document = account.document(request.params.id);
    if (world.deviations.documentsAsFiles) return reply.type(document.content_type).send(account.file(document.id));
    return withUnknownProperties({ ...document, url: `https://api.jobscore.com/v2/documents/${document.id}/file` });
  });
  app.get<WithId>('/v2/documents/:id/file', async (request, reply) => {
    const account = accountOf(request);
    const document = account.document(request.params.id);
    return reply.type(document.content_type).send(account.file(document.id));
  });

  app.get<WithId>('/v2/candidates/:id/notes', async (request) => {
    const { notes } = accountOf(request).folder(request.params.id);
    offered('notes');
    return list(request, notes.map(withoutOwner));
  });
  app.post<WithId>('/v2/candidates/:id/notes', async (request, reply) => {
    const { account, user: author } = callerOf(request);
    account.folder(request.params.id);
    offered('notes');
    const note = account.addNote(request.params.id, { ...noteInput.parse(jsonOf(request)), author }, kit.clock.iso());
    return reply.code(201).send(withUnknownProperties(withoutOwner(note)));
  });
  app.get<WithId>('/v2/candidates/:id/interviews', async (request) => {
    const { interviews } = accountOf(request).folder(request.params.id);
    offered('interviews');
    return list(request, interviews.map(withoutOwner));
  });

  app.get('/v2/webhooks', async (request) => {
    const { webhooks } = accountOf(request);
    offered('webhooks');
    return list(request, webhooks);
  });
  app.post('/v2/webhooks', async (request, reply) => {
    const account = accountOf(request);
    offered('webhooks');
    const { target_url, event_types } = webhookInput.parse(jsonOf(request));
    return reply.code(201).send(withUnknownProperties(account.addWebhook(target_url, event_types, kit.clock.iso())));
  });
  app.delete<WithId>('/v2/webhooks/:id', async (request, reply) => {
    const account = accountOf(request);
    offered('webhooks');
    account.removeWebhook(request.params.id);
    return reply.code(204).send();
  });
}

/** HTTPS alone, except on this machine, where tests listen. */
function isReceiver(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (protocol === 'http:' && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname));
}

/** A job with its posting (INFERRED: the sheet has one in the feed alone). Without addresses while it is not published. */
function posted(account: SimulatedAccount, job: SimulatedJob) {
  const { description, detail_url, apply_url } = postingOf(account, job);
  const addresses = isPublished(job) ? { detail_url, apply_url } : { detail_url: null, apply_url: null };
  return { ...job, description, ...addresses };
}

/** Whose a note or an interview is, its address says. */
function withoutOwner<Part extends { readonly candidate_id: string }>({ candidate_id: _, ...part }: Part) {
  return part;
}

function withoutDispositionName(application: SimulatedApplication): object {
  const { disposition } = application;
  return { ...application, disposition: disposition && { id: disposition.id } };
}

function namesOf({ databases, tags }: SimulatedAccount): {
  readonly databases: readonly string[];
  readonly tags: readonly string[];
} {
  return { databases: databases.map(({ name }) => name), tags: tags.map(({ name }) => name) };
}

const queryValues = z.record(z.string(), z.union([z.string(), z.array(z.string()).transform((values) => values[0])]));

function queryOf({ query }: SimulatorRequest): Query {
  return queryValues.catch({}).parse(query);
}

/** @throws Refusal with status 415: the server reads forms too, JobScore's JSON routes do not. */
function jsonOf({ headers, body }: SimulatorRequest): unknown {
  if (/^application\/json\b/i.test(headers['content-type'] ?? '')) return body;
  throw new Refusal(415, { code: 'unsupported', message: 'Content type must be application/json' });
}
