import { type SimulatorKit, type SimulatorOptions, withUnknownProperties } from '@talentbridge/testkit/simulator';
import type { z } from 'zod';
import { type SimulatedAccount, SOCIAL_NETWORKS } from './account.js';
import type { Deviations } from './deviations.js';
import { toEastern } from './eastern-clock.js';
import { submittalsTo } from './mirror-data.js';
import { readBody } from './read-body.js';
import type { SimulatedCandidate, SimulatedJob } from './records.js';
import { badRequest, methodNotAllowed, Refusal } from './refusal.js';
import {
  createApplicationBody,
  createCandidateBody,
  loginBody,
  searchCandidateBody,
  searchJobBody,
  searchSubmittalBody,
  updateCandidateBody,
  updateLinksBody,
  uploadResumeBody,
} from './request-bodies.js';
import { searchCandidates, searchJobs } from './search.js';
import type { Sessions, TokenPair } from './sessions.js';

/** The server that routes are registered with. */
export type SimulatorApp = Parameters<SimulatorOptions['register']>[0];

/** What routes answer from. */
export interface SimulatedWorld {
  readonly accounts: readonly SimulatedAccount[];
  readonly sessions: Sessions;
  readonly deviations: Deviations;
}

interface AuthenticateQuery {
  readonly Querystring: { readonly clientid?: string; readonly username?: string; readonly password?: string };
}

/** Logging in, in each of its variants (JobDiva sheet §2). */
export function registerLogin(app: SimulatorApp, world: SimulatedWorld): void {
  const { deviations, sessions } = world;
  const open = ({ clientid, username, password }: AuthenticateQuery['Querystring']): TokenPair => {
    if (clientid === undefined) throw badRequest('clientid parameter is missing');
    if (username === undefined || password === undefined) throw badRequest('username or password parameter is missing');
    if (!/^\d{1,15}$/.test(clientid)) throw badRequest('clientid parameter is of the wrong type');
    refuseWhereDenied(world, Number(clientid));
    return sessions.open(world.accounts, { clientId: Number(clientid), userName: username, password });
  };

  app.post('/apiv2/v2/login', async (request) => {
    if (deviations.withoutLogin) throw new Refusal(404, 'Not Found');
    const login = readBody(loginBody, request.body, () => undefined);
    refuseWhereDenied(world, login.clientId);
    return withUnknownProperties(sessions.open(world.accounts, login));
  });
  app.get<AuthenticateQuery>('/apiv2/v2/authenticate', async ({ query }, reply) => {
    const pair = open(query);
    return deviations.bareToken ? reply.type('text/plain').send(`"${pair.token}"`) : withUnknownProperties(pair);
  });
  app.get<AuthenticateQuery>('/apiv2/authenticate', async ({ query }, reply) =>
    reply.type('text/plain').send(`"${open(query).token}"`),
  );
  app.get('/apiv2/v2/refreshToken', async ({ headers }) => {
    if (deviations.withoutRefresh) throw new Refusal(404, 'Not Found');
    return withUnknownProperties(sessions.refresh(headers.authorization, deviations.tokenScheme ?? 'both'));
  });
}

/** A user who is no API user may not log in to the API. */
function refuseWhereDenied({ accounts }: SimulatedWorld, clientId: number): void {
  if (accounts.some((one) => one.clientId === clientId && one.isDenied('login'))) throw methodNotAllowed('login');
}

/** Search and write (JobDiva sheet §6). */
export function registerApi(app: SimulatorApp, kit: SimulatorKit, world: SimulatedWorld): void {
  const { deviations } = world;
  const post = <Schema extends z.ZodType>(
    method: string,
    schema: Schema,
    act: (account: SimulatedAccount, body: z.output<Schema>) => unknown,
  ): void => {
    app.post(`/apiv2/jobdiva/${method}`, async (request, reply) => {
      const account = world.sessions.accountOf(request.headers.authorization, deviations.tokenScheme ?? 'both');
      if (account.isDenied(method)) throw methodNotAllowed(method);
      const body = readBody(schema, request.body, (field) => account.ignoredFields.push({ method, field }));
      return reply.type('application/json').send(JSON.stringify(act(account, body)));
    });
  };

  post('searchCandidateProfile', searchCandidateBody, (account, { createdDate, ...filters }) => {
    const dated = createdDate === undefined || deviations.withoutCreatedDate ? {} : { createdDate };
    return searchCandidates(account, { ...filters, ...dated }).map((one) => withUnknownProperties(candidateRow(one)));
  });
  post('createCandidate', createCandidateBody, (account, body) => {
    const candidate = account.createCandidate(body, kit.clock.now());
    kit.creations.count(identityOf(candidate));
    return candidate.id;
  });
  post('updateCandidateProfile', updateCandidateBody, (account, body) => {
    account.updateCandidate(body, kit.clock.now());
    return true;
  });
  post('updateCandidateSNLinks', updateLinksBody, (account, body) => {
    account.updateLinks(body, kit.clock.now());
    return true;
  });
  post('uploadResume', uploadResumeBody, (account, body) => {
    const { candidateId, created } = account.uploadResume(body, kit.clock.now());
    if (created) kit.creations.count(identityOf(created));
    return candidateId;
  });
  post('createJobApplication', createApplicationBody, (account, body) => {
    account.apply(body, kit.clock.now());
    return true;
  });
  post('SearchJob', searchJobBody, (account, body) =>
    searchJobs(account, body, { ignoreOffset: deviations.withoutOffset ?? false }).map((job) =>
      withUnknownProperties(jobRow(job)),
    ),
  );
  post('searchSubmittal', searchSubmittalBody, (account, { jobid, candidateid }) => {
    if (jobid === undefined) throw badRequest('jobid parameter is missing');
    return submittalsTo(account, jobid)
      .filter((one) => candidateid === undefined || one.candidateId === candidateid)
      .slice(0, deviations.mostSubmittals)
      .map((one) =>
        withUnknownProperties({
          'submittal id': one.id,
          'job id in jd': one.jobId,
          'candidate id in jd': one.candidateId,
          'submittal status': one.state,
          'submittal date': toEastern(one.submittedAt),
          'recruited by id': one.userId,
        }),
      );
  });
  app.get('/apiv2/jobdiva/getSocialNetworkTypes', async ({ headers }) => {
    world.sessions.accountOf(headers.authorization, deviations.tokenScheme ?? 'both');
    return SOCIAL_NETWORKS.map((name) => withUnknownProperties({ name }));
  });
}

/** Who was created, for proof of "exactly once". */
function identityOf({ email, firstName, lastName }: SimulatedCandidate): string {
  return email === '' ? `${firstName} ${lastName}`.toLowerCase() : email.toLowerCase();
}

/** Keys in lower case with spaces in them (JobDiva sheet §6, unverified). */
function candidateRow(candidate: SimulatedCandidate): Readonly<Record<string, unknown>> {
  const phones = Object.fromEntries(candidate.phones.map(({ phone }, index) => [`phone ${index + 1}`, phone]));
  return {
    id: candidate.id,
    'first name': candidate.firstName,
    'middle initial': '',
    'last name': candidate.lastName,
    email: candidate.email,
    'alternate email': candidate.alternateemail,
    address1: candidate.address1,
    address2: candidate.address2,
    city: candidate.city,
    state: candidate.state,
    zipcode: candidate.zipCode,
    country: candidate.countryid,
    ...phones,
  };
}

function jobRow(job: SimulatedJob): Readonly<Record<string, unknown>> {
  return {
    id: job.id,
    'reference #': job.reference,
    'job title': job.title,
    company: job.company,
    'job status': job.status,
    'job type': 'Contract',
    city: job.city,
    state: job.state,
    'issue date': toEastern(Date.UTC(2026, 0, 15, 15)),
    'users(last name | first name | role(s))': 'Moss | Rita | Recruiter',
  };
}
