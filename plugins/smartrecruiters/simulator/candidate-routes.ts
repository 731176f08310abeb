import { readMultipart, type SimulatorKit } from '@talentbridge/testkit/simulator';
import { z } from 'zod';
import type { SimulatedAccount } from './account.js';
import { readCandidate, readPersonalDetails, readSource } from './candidate-input.js';
import { type CursorPage, limitOf, linkHeader, momentOf, type Query } from './paging.js';
import type { SimulatedAttachment, SimulatedCandidate } from './records.js';
import { badRequest, Refusal } from './refusal.js';
import { type Answer, type Call, jsonOf, type RouteRegistrar, type SimulatedWorld } from './routes.js';
import { applicationOf, attachmentOf, detailsOf, summaryOf } from './views.js';

const CANDIDATE_STATUSES = [
  'LEAD',
  'NEW',
  'IN_REVIEW',
  'INTERVIEW',
  'OFFERED',
  'HIRED',
  'REJECTED',
  'WITHDRAWN',
  'TRANSFERRED',
] as const;
const ATTACHMENT_TYPES: readonly string[] = ['GENERIC_FILE', 'RESUME', 'COVER_LETTER'];

/** Limits of the Application API, taken for this one (SmartRecruiters sheet §9, INFERRED). */
const MAX_FILE_BYTES = 2 * 1024 * 1024;
const FILE_NAMES = /\.(pdf|docx?|rtf|jpe?g|png)$/i;

const statusInput = z.object({
  status: z.enum(CANDIDATE_STATUSES),
  subStatus: z.string().optional(),
  startsOn: z.string().optional(),
  reason: z.string().optional(),
});

/** Candidates, their applications and their files (SmartRecruiters sheet §5 to §9). */
export function registerCandidates(route: RouteRegistrar, kit: SimulatorKit, world: SimulatedWorld): void {
  const READ = ['candidates_read'];
  const CREATE = ['candidates_create'];
  const MANAGE = ['candidates_manage'];

  const create = ({ account, request, now }: Call, jobId?: string): Answer => {
    const input = readCandidate(jsonOf(request));
    const { candidate, isNew } = account.add(input, jobId, now);
    if (isNew) kit.creations.count(candidate.email.toLowerCase());
    return { status: 201, body: detailsOf(account, candidate) };
  };
  route('POST', '/candidates', CREATE, (call) => create(call));
  route('POST', '/jobs/:jobId/candidates', CREATE, (call) => create(call, call.param('jobId')));

  route('GET', '/candidates', READ, ({ account, query }) => {
    const page = candidatesPage(account, query, world, kit.clock.now());
    world.listed(
      account,
      page.content.map(({ id }) => id),
    );
    const content = page.content.map((candidate) => summaryOf(account, candidate));
    return { body: { ...page, content }, headers: { link: linkHeader('/candidates', page) } };
  });
  route('GET', '/candidates/:id', READ, ({ account, param }) => ({
    body: detailsOf(account, account.candidate(param('id'))),
  }));
  route('PATCH', '/candidates/:id', MANAGE, ({ account, param, request, now }) => ({
    body: detailsOf(account, account.change(param('id'), readPersonalDetails(jsonOf(request)), now)),
  }));
  route('DELETE', '/candidates/:id', MANAGE, ({ account, param }) => {
    account.remove(param('id'));
    return {};
  });

  route('GET', '/candidates/:id/jobs/:jobId', READ, ({ account, param }) => ({
    body: applicationOf(account.assignment(param('id'), param('jobId'))),
  }));
  route('PUT', '/candidates/:id/jobs/:jobId/status', MANAGE, ({ account, param, request, now }) => {
    const parsed = statusInput.safeParse(jsonOf(request));
    if (!parsed.success) throw badRequest('status is unknown');
    account.setStatus(param('id'), param('jobId'), parsed.data, now);
    return {};
  });
  route('PUT', '/candidates/:id/jobs/:jobId/source', MANAGE, ({ account, param, request, now }) => {
    account.setSource(param('id'), param('jobId'), readSource(jsonOf(request)), now);
    return {};
  });
  route('GET', '/candidates/:id/jobs/:jobId/status/history', READ, ({ account, param }) => {
    const content = account.assignment(param('id'), param('jobId')).history;
    return { body: { totalFound: content.length, content } };
  });

  route('GET', '/candidates/:id/attachments', READ, ({ account, param }) =>
    listed(account.candidate(param('id')).attachments.filter(({ jobId }) => jobId === undefined)),
  );
  route('GET', '/candidates/:id/jobs/:jobId/attachments', READ, ({ account, param }) => {
    account.assignment(param('id'), param('jobId'));
    return listed(account.candidate(param('id')).attachments.filter(({ jobId }) => jobId === param('jobId')));
  });
  route('POST', '/candidates/:id/attachments', CREATE, (call) => upload(call));
  route('POST', '/candidates/:id/jobs/:jobId/attachments', CREATE, (call) => upload(call, call.param('jobId')));
  route('GET', '/candidates/attachments/:attachmentId', READ, ({ account, param }) =>
    downloaded(account.file(param('attachmentId'))),
  );
  route('GET', '/candidates/:id/attachments/:attachmentId', READ, ({ account, param }) =>
    downloaded(account.file(param('attachmentId'), param('id'))),
  );
  route('DELETE', '/candidates/attachments/:attachmentId', MANAGE, ({ account, param, now }) => {
    account.removeFile(param('attachmentId'), now);
    return {};
  });
}

/** A page of those with an application who match every filter; of the values of one filter, any (SmartRecruiters sheet §5). */
function candidatesPage(
  account: SimulatedAccount,
  query: Query,
  { cursors, pageOverlap, searchLagMs }: SimulatedWorld,
  now: number,
): CursorPage<SimulatedCandidate> {
  const { q: [text] = [] } = query;
  const limit = limitOf(query);
  const { content, positions, more, total } = account.list({
    limit,
    after: cursors.read(query),
    changedAfter: momentOf(query, 'updatedAfter'),
    matches: filterOf(query, searchLagMs > 0 ? now - searchLagMs : undefined),
    among: text === undefined || text === '' ? undefined : account.search(text),
  });
  const last = positions.at(-1 - Math.min(pageOverlap, content.length - 1));
  return {
    limit,
    offset: 0,
    ...(more && last !== undefined ? { nextPageId: cursors.write(query, last) } : {}),
    totalFound: total,
    content,
  };
}

/** @param knownUntil What happened later than this, in milliseconds since the epoch, the list does not know yet. */
function filterOf(
  query: Query,
  knownUntil: number | undefined,
): ((candidate: SimulatedCandidate) => boolean) | undefined {
  const { jobId, status, subStatus: [subStatus] = [], tag, updatedAfter } = query;
  if (jobId === undefined && status === undefined && tag === undefined && knownUntil === undefined) return undefined;
  // Without a status it means nothing (INFERRED, sheet §18).
  const wantedSubStatus = status === undefined ? undefined : subStatus;
  return ({ assignments, tags, createdOn, updatedOn }) =>
    (knownUntil === undefined || Date.parse(updatedAfter === undefined ? createdOn : updatedOn) <= knownUntil) &&
    (jobId === undefined || assignments.some((one) => jobId.includes(one.jobId))) &&
    (status === undefined || assignments.some((one) => status.includes(one.status))) &&
    (wantedSubStatus === undefined || assignments.some((one) => one.subStatus === wantedSubStatus)) &&
    (tag === undefined || tag.some((one) => tags.includes(one)));
}

function downloaded({ file: { contentType }, bytes }: ReturnType<SimulatedAccount['file']>): Answer {
  return { file: { contentType, bytes } };
}

function listed(attachments: readonly SimulatedAttachment[]): Answer {
  return { body: { totalFound: attachments.length, content: attachments.map(attachmentOf) } };
}

async function upload({ account, param, request, now }: Call, jobId?: string): Promise<Answer> {
  const id = param('id');
  if (jobId === undefined) account.candidate(id);
  else account.assignment(id, jobId);
  const { fields, files } = await readMultipart(request);
  const { attachmentType: type } = fields;
  if (type === undefined || !ATTACHMENT_TYPES.includes(type)) throw badRequest('attachmentType is unknown');
  const file = files.find(({ name }) => name === 'file');
  if (!file) throw badRequest('file is required');
  if (file.bytes.length > MAX_FILE_BYTES) throw new Refusal(400, 'FILE_UPLOAD_ERROR', 'The file is larger than 2 MB');
  if (!FILE_NAMES.test(file.filename)) throw new Refusal(400, 'FILE_UPLOAD_ERROR', 'Files of this type are not taken');
  const { filename: name, contentType, bytes } = file;
  const attachment = account.attach(id, jobId, { name, type, contentType, bytes }, now);
  return { status: 201, body: attachmentOf(attachment) };
}
