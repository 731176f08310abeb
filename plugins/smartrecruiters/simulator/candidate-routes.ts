import { readMultipart, type SimulatorKit } from '@talentbridge/testkit/simulator';
import { z } from 'zod';
import type { SimulatedAccount } from './account.js';
import { readCandidate, readPersonalDetails } from './candidate-input.js';
import { cursorPage, linkHeader, type Query } from './paging.js';
import type { SimulatedAttachment, SimulatedCandidate } from './records.js';
import { badRequest, Refusal } from './refusal.js';
import type { Answer, Call, RouteRegistrar, SimulatedWorld } from './routes.js';
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
    const before = kit.clock.now() - world.searchLagMs;
    const page = cursorPage(found(account, query, before), query);
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
    const { status, subStatus } = parsed.data;
    account.setStatus(param('id'), param('jobId'), status, now, subStatus);
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
}

/** Those with an application who match every filter; of the values of one filter, any (SmartRecruiters sheet §5). */
function found(account: SimulatedAccount, query: Query, createdBefore: number): readonly SimulatedCandidate[] {
  const { q: [text] = [], jobId, status, subStatus: [subStatus] = [], tag, updatedAfter: [since] = [] } = query;
  // With a text, only those that it finds are looked at: accounts are large.
  const all = text === undefined || text === '' ? account.candidates() : account.search(text);
  // Without a status it means nothing (INFERRED, sheet §18).
  const wantedSubStatus = status === undefined ? undefined : subStatus;
  return all.filter(
    ({ assignments, tags, createdOn, updatedOn }) =>
      assignments.length > 0 &&
      Date.parse(createdOn) <= createdBefore &&
      (jobId === undefined || assignments.some((one) => jobId.includes(one.jobId))) &&
      (status === undefined || assignments.some((one) => status.includes(one.status))) &&
      (wantedSubStatus === undefined || assignments.some((one) => one.subStatus === wantedSubStatus)) &&
      (tag === undefined || tag.some((one) => tags.includes(one))) &&
      (since === undefined || Date.parse(updatedOn) > Date.parse(since)),
  );
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
  const attachment = account.attach(id, jobId, { name, type, contentType, size: bytes.length }, now);
  return { status: 201, body: attachmentOf(attachment) };
}

/** @throws Refusal with status 400: the server reads forms too, these routes do not. */
function jsonOf({ headers, body }: Call['request']): unknown {
  if (/^application\/json\b/i.test(headers['content-type'] ?? '')) return body;
  throw badRequest('Content type must be application/json');
}
