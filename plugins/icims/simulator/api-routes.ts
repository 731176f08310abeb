import {
  readMultipart,
  type SimulatorKit,
  type SimulatorOptions,
  withUnknownProperties,
} from '@talentbridge/testkit/simulator';
import type { Caller } from './authentication.js';
import { dateTimeOf } from './date-time.js';
import { fieldAnswer, schemaAnswer } from './person-schema.js';
import type { SimulatedJob, SimulatedPerson, SimulatedWorkflow } from './records.js';
import { accessDenied, invalid, notFound, Refusal } from './refusal.js';
import { filtersOf, type SearchType, search } from './search.js';
import type { SearchCache } from './search-cache.js';
import type { SimulatedTenant } from './tenant.js';

/** The server that routes are registered with. */
export type SimulatorApp = Parameters<SimulatorOptions['register']>[0];
/** A request as routes get it. */
export type SimulatorRequest = Parameters<typeof readMultipart>[0];

/** What routes answer from. */
export interface SimulatedWorld {
  readonly tenants: readonly SimulatedTenant[];
  readonly cache: SearchCache;
  /** Who sent a request that was let in. */
  callerOf(request: SimulatorRequest): Caller;
}

type Params<Name extends string> = { readonly Params: Readonly<Record<Name, string>> };

/** Where the vendor says that it lives, whatever the simulator's own address is. */
const PUBLIC_BASE = 'https://api.icims.com/customers';

const BASE = '/customers/:customer';
const SEARCH_TYPES: readonly SearchType[] = ['people', 'jobs', 'applicantworkflows'];

/** The part of iCIMS's API that exporting touches (iCIMS sheet §5 to §9). */
export function registerApi(app: SimulatorApp, kit: SimulatorKit, world: SimulatedWorld): void {
  const now = (): number => kit.clock.now();

  app.get(BASE, async (request) => {
    const { customerId } = world.callerOf(request).tenant;
    return withUnknownProperties({
      links: ['people', 'jobs', 'applicantworkflows', 'search', 'profiledefinitions', 'v2/lists'].map((rel) => ({
        rel,
        title: `The ${rel} of the customer.`,
        url: `${PUBLIC_BASE}/${customerId}/${rel}`,
      })),
    });
  });

  app.get<Params<'type'>>(`${BASE}/profiledefinitions/v1/:type/schema`, async (request) => {
    const { tenant, user } = world.callerOf(request);
    if (request.params.type === 'submittal') {
      const shown = WORKFLOW_MEMBERS.filter((name) => !user.hiddenWorkflowFields.has(name));
      return withUnknownProperties({
        type: 'object',
        properties: Object.fromEntries(shown.map((name) => [name, { type: 'object' }])),
      });
    }
    if (request.params.type !== 'person') throw notFound('Profile type');
    return withUnknownProperties(schemaAnswer(tenant.schema, user.hiddenFields));
  });
  app.get<Params<'field'>>(`${BASE}/profiledefinitions/v1/person/:field/schema`, async (request) => {
    const { tenant, user } = world.callerOf(request);
    const { field } = request.params;
    const found =
      Object.hasOwn(tenant.schema, field) && !user.hiddenFields.has(field) ? tenant.schema[field] : undefined;
    if (!found) throw notFound('Field');
    return withUnknownProperties(fieldAnswer(found, user.hiddenFields));
  });
  app.get(`${BASE}/search/filtersSchema`, async (request) => {
    world.callerOf(request);
    return { filters: SEARCH_TYPES.flatMap(filtersOf) };
  });
  app.get(`${BASE}/v2/lists`, async (request) => {
    const { tenant } = world.callerOf(request);
    if (!tenant.behaviour.lists) throw notFound('Endpoint');
    return withUnknownProperties({ lists: ['lists.phone_type', 'lists.applicantworkflow.status', 'lists.sources'] });
  });
  app.get<Params<'name'>>(`${BASE}/v2/lists/:name`, async (request) => {
    const { tenant } = world.callerOf(request);
    return withUnknownProperties(listPage(tenant, request.params.name, queryOf(request)['page']));
  });

  registerSearch(app, kit, world);
  registerPeople(app, kit, world);

  app.get<Params<'id'>>(`${BASE}/jobs/:id`, async (request) => {
    const { tenant } = world.callerOf(request);
    requireKnown(tenant, fieldsOf(request));
    const job = tenant.job(idOf(request.params.id, 'Job'));
    return withUnknownProperties(jobAnswer(tenant, job, fieldsOf(request)));
  });

  app.post(`${BASE}/applicantworkflows`, async (request, reply) => {
    const { tenant } = world.callerOf(request);
    const workflow = tenant.addWorkflow(jsonOf(request), now());
    return reply
      .code(201)
      .header('location', `${PUBLIC_BASE}/${tenant.customerId}/applicantworkflows/${workflow.id}`)
      .send();
  });
  app.get<Params<'id'>>(`${BASE}/applicantworkflows/:id`, async (request) => {
    const { tenant, user } = world.callerOf(request);
    const workflow = tenant.workflows.get(idOf(request.params.id, 'Workflow'));
    if (!workflow) throw notFound('Workflow');
    if (workflow.hidden) throw accessDenied('Workflow');
    requireKnown(tenant, fieldsOf(request));
    return withUnknownProperties(workflowAnswer(tenant, workflow, fieldsOf(request), user.hiddenWorkflowFields));
  });

  app.get<Params<'type' | 'id'>>(`${BASE}/linkTo/:type/:id`, async (request, reply) => {
    reply.type('text/html');
    return `<!doctype html><title>iCIMS</title><p>${request.params.type === 'jobs' ? 'Job' : 'Person'} ${idOf(request.params.id, 'Record')}</p>`;
  });
}

function registerSearch(app: SimulatorApp, kit: SimulatorKit, world: SimulatedWorld): void {
  const found = (request: SimulatorRequest, type: string, body: unknown): unknown => {
    const { tenant, user } = world.callerOf(request);
    // Without the group, searching is refused (iCIMS sheet §9 and §11; the status is INFERRED).
    if (!user.integrationUser)
      throw new Refusal(403, { code: 7, message: 'The user is not in the Integration User group.' });
    const known = SEARCH_TYPES.find((each) => each === type);
    if (!known) throw notFound('Search');
    const question = `${tenant.customerId} ${user.username} ${type} ${JSON.stringify(body)}`;
    return world.cache.answer(question, queryOf(request)['staleness'], kit.clock.now(), () =>
      withUnknownProperties({
        searchResults: search(tenant, known, body, user.hiddenFields).map((id) => ({
          id,
          self: `${PUBLIC_BASE}/${tenant.customerId}/${known}/${id}`,
        })),
      }),
    );
  };
  app.post<Params<'type'>>(`${BASE}/search/:type`, async (request) =>
    found(request, request.params.type, jsonOf(request)),
  );
  app.get<Params<'type'>>(`${BASE}/search/:type`, async (request) =>
    found(request, request.params.type, searchJsonOf(request)),
  );

  app.get<Params<'portal'>>(`${BASE}/search/portals/:portal`, async (request) => {
    const { tenant, user } = world.callerOf(request);
    const { portal } = request.params;
    if (!tenant.portals.has(portal)) throw notFound('Portal');
    const { staleness, searchJson } = queryOf(request);
    const question = `${tenant.customerId} ${user.username} portal ${portal} ${searchJson ?? ''}`;
    return world.cache.answer(question, staleness, kit.clock.now(), () => {
      const posted = [...tenant.jobs.values()].filter(({ portals }) => portals.includes(portal)).map(({ id }) => id);
      const shown = searchJson === undefined ? posted : narrowed(tenant, posted, searchJsonOf(request));
      // Newest first, as in the vendor's example (iCIMS sheet §7.1).
      const jobs = shown
        .toSorted((a, b) => b - a)
        .slice(0, 1000)
        .map((id) => tenant.job(id));
      return withUnknownProperties({ searchResults: jobs.map((job) => portalRow(tenant, portal, job)) });
    });
  });
}

/** Falls back on all rows that match: a portal is cut to the newest 1,000 afterwards. */
function narrowed(tenant: SimulatedTenant, posted: readonly number[], body: unknown): readonly number[] {
  const found: number[] = [];
  const newestFirst = posted.toSorted((a, b) => b - a);
  for (let at = 0; at < newestFirst.length && found.length < 1000; at += 1000) {
    found.push(...search(tenant, 'jobs', body, new Set(), newestFirst.slice(at, at + 1000)));
  }
  return found;
}

function registerPeople(app: SimulatorApp, kit: SimulatorKit, world: SimulatedWorld): void {
  const personOf = (request: SimulatorRequest, id: string): SimulatedPerson =>
    world.callerOf(request).tenant.person(idOf(id, 'Person'));

  app.post(`${BASE}/people`, async (request, reply) => {
    const { tenant, user } = world.callerOf(request);
    const { person, input } = tenant.addPerson(jsonOf(request), user, kit.clock.now());
    kit.creations.count(identityOf(person));
    if (input.ignored.length > 0)
      reply.header(
        'x-warning',
        input.ignored.map((name) => `4:${name}`),
      );
    return reply.code(201).header('location', `${PUBLIC_BASE}/${tenant.customerId}/people/${person.id}`).send();
  });
  app.get<Params<'id'>>(`${BASE}/people/:id`, async (request) => {
    const { tenant, user } = world.callerOf(request);
    const person = personOf(request, request.params.id);
    requireKnown(tenant, fieldsOf(request));
    return withUnknownProperties(personAnswer(tenant, person, fieldsOf(request), user.hiddenFields));
  });
  app.patch<Params<'id'>>(`${BASE}/people/:id`, async (request, reply) => {
    const { tenant, user } = world.callerOf(request);
    const { id } = personOf(request, request.params.id);
    const { ignored } = tenant.changePerson(id, jsonOf(request), user, kit.clock.now());
    if (ignored.length > 0)
      reply.header(
        'x-warning',
        ignored.map((name) => `4:${name}`),
      );
    return reply.code(204).send();
  });

  const resume = `${BASE}/people/:id/fields/resume/binary`;
  app.get<Params<'id'>>(resume, async (request, reply) => {
    const person = personOf(request, request.params.id);
    if (world.callerOf(request).user.hiddenFields.has('resume')) throw accessDenied('Field');
    // What comes as JSON is no file (iCIMS sheet §6.7, CONFIRMED).
    if (!person.resume) return withUnknownProperties({});
    return reply.type(person.resume.contentType).send(person.resume.bytes);
  });
  app.patch<Params<'id'>>(resume, async (request, reply) => {
    const { tenant } = world.callerOf(request);
    const { id } = personOf(request, request.params.id);
    const named = /^attachment;\s*filename="([^"]+)"$/.exec(String(request.headers['content-disposition'] ?? ''))?.[1];
    if (named === undefined)
      throw new Refusal(400, { code: 5, field: 'resume', message: 'resume: Content-Disposition is missing.' });
    const [file, ...others] = (await readMultipart(request)).files;
    if (!file || others.length > 0)
      throw new Refusal(400, { code: 5, field: 'resume', message: 'resume: One file is expected.' });
    if (!FILE_TYPES.test(named))
      throw new Refusal(400, { code: 5, field: 'resume', message: 'resume: The file type is not supported.' });
    tenant.putResume(id, { filename: named, contentType: file.contentType, bytes: file.bytes }, kit.clock.now());
    return reply.code(204).send();
  });
  app.route({
    method: ['POST', 'DELETE'],
    url: resume,
    handler: async () => {
      throw new Refusal(405, { code: 5, message: 'The method is not supported for this field.' });
    },
  });

  app.post<Params<'id' | 'collection'>>(`${BASE}/people/:id/fields/:collection`, async (request, reply) => {
    const { tenant, user } = world.callerOf(request);
    const { id } = personOf(request, request.params.id);
    const { collection } = request.params;
    if (user.hiddenFields.has(collection)) throw accessDenied('Field');
    if (tenant.schema[collection]?.type !== 'collection') throw notFound('Field');
    tenant.changePerson(id, { [collection]: [jsonOf(request)] }, user, kit.clock.now());
    const entries = tenant.person(id).fields.get(collection);
    const last: unknown = Array.isArray(entries) ? entries.at(-1) : undefined;
    const entry = typeof last === 'object' && last !== null && 'entry' in last ? last.entry : 0;
    const self = `${PUBLIC_BASE}/${tenant.customerId}/people/${id}/fields/${collection}/${entry}`;
    return reply.code(201).header('location', self).send();
  });
}

const FILE_TYPES = /\.(pdf|docx?|rtf|txt|png|jpe?g)$/i;

/** What a person is counted by: the address, or the id where there is none. */
function identityOf({ id, fields }: SimulatedPerson): string {
  const email = fields.get('email');
  return typeof email === 'string' ? email.toLowerCase() : `person ${id}`;
}

/** Statuses come five to a page, so that a client has to turn pages (iCIMS sheet §5: paged; the form of `next` is INFERRED). */
const NODES_PER_PAGE = 5;

function listPage(tenant: SimulatedTenant, name: string, page = '1'): unknown {
  const nodes =
    name === 'lists.applicantworkflow.status'
      ? tenant.statuses
      : name === 'lists.sources'
        ? (tenant.sources ?? []).map((value, index) => ({ id: `C${700 + index}`, value, hidden: false }))
        : name === 'lists.phone_type'
          ? ['Home', 'Mobile', 'Work', 'Fax'].map((value, index) => ({ id: `D8300${index + 1}`, value, hidden: false }))
          : undefined;
  if (!nodes || !tenant.behaviour.lists) throw notFound('List');
  const number = /^[1-9]\d*$/.test(page) ? Number(page) : 1;
  const end = number * NODES_PER_PAGE;
  const next = end < nodes.length ? `${PUBLIC_BASE}/${tenant.customerId}/v2/lists/${name}?page=${number + 1}` : null;
  return { nodes: nodes.slice(end - NODES_PER_PAGE, end), next };
}

function portalRow({ customerId }: SimulatedTenant, portal: string, job: SimulatedJob): unknown {
  const slug = job.jobtitle.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return {
    id: job.id,
    self: `${PUBLIC_BASE}/${customerId}/portals/${portal}/${job.id}`,
    portalUrl: `https://careers-example.icims.com/jobs/${job.id}/${slug}/job`,
    updatedDate: dateTimeOf(job.updatedAt),
  };
}

function jobAnswer(
  { customerId }: SimulatedTenant,
  job: SimulatedJob,
  fields: ReadonlySet<string> | undefined,
): unknown {
  const values: Readonly<Record<string, unknown>> = {
    jobtitle: job.jobtitle,
    jobid: job.jobid,
    folder: { ...job.folder, formattedvalue: job.folder.value },
    joblocation: { id: 5, companyid: 6, value: job.joblocation },
    positioncategory: job.positioncategory && { ...job.positioncategory, formattedvalue: job.positioncategory.value },
    recruiter: job.recruiter && {
      id: job.recruiter.id,
      value: job.recruiter.name,
      profile: `${PUBLIC_BASE}/${customerId}/people/${job.recruiter.id}`,
    },
    createddate: dateTimeOf(job.createdAt),
    updateddate: dateTimeOf(job.updatedAt),
  };
  return Object.fromEntries(
    Object.entries(values).filter(([name, value]) => value !== undefined && (fields === undefined || fields.has(name))),
  );
}

/** What a person shows: fields with values that the user may see (iCIMS sheet §6.5). */
function personAnswer(
  tenant: SimulatedTenant,
  person: SimulatedPerson,
  fields: ReadonlySet<string> | undefined,
  hidden: ReadonlySet<string>,
): unknown {
  const asked = fields ?? new Set(['firstname', 'lastname', 'email', 'folder']);
  const values: readonly (readonly [string, unknown])[] = [
    ...person.fields,
    ['folder', { ...person.folder, formattedvalue: person.folder.value }],
    ['updateddate', dateTimeOf(person.updatedAt)],
    ['createddate', dateTimeOf(person.createdAt)],
    // How a file looks in a profile is not public: its name is as good as any.
    ...(person.resume ? [['resume', { filename: person.resume.filename }] as const] : []),
  ];
  const self = `${PUBLIC_BASE}/${tenant.customerId}/people/${person.id}`;
  return {
    ...Object.fromEntries(values.filter(([name]) => asked.has(name) && !hidden.has(name))),
    links: [{ rel: 'self', title: 'The current profile being viewed.', url: self }],
  };
}

/** Members of a recruiting workflow (iCIMS sheet §8). */
const WORKFLOW_MEMBERS = [
  'baseprofile',
  'associatedprofile',
  'status',
  'source',
  'sourcename',
  'createddate',
  'updateddate',
] as const;

/** What a workflow shows: without `fields` the members that were seen in recordings (iCIMS sheet §8). */
function workflowAnswer(
  tenant: SimulatedTenant,
  workflow: SimulatedWorkflow,
  fields: ReadonlySet<string> = new Set(WORKFLOW_MEMBERS.slice(0, 5)),
  hidden: ReadonlySet<string> = new Set(),
): unknown {
  const { jobId, personId, source, sourcename, status, createdAt, updatedAt } = workflow;
  const base = `${PUBLIC_BASE}/${tenant.customerId}`;
  const name = ['firstname', 'lastname'].map((field) => tenant.people.get(personId)?.fields.get(field)).join(' ');
  const values: Readonly<Record<(typeof WORKFLOW_MEMBERS)[number], unknown>> = {
    baseprofile: { id: jobId, value: tenant.jobs.get(jobId)?.jobtitle, profile: `${base}/jobs/${jobId}` },
    associatedprofile: { id: personId, value: name, profile: `${base}/people/${personId}` },
    status: { ...status, formattedvalue: status.value },
    source,
    sourcename,
    createddate: dateTimeOf(createdAt),
    updateddate: dateTimeOf(updatedAt),
  };
  const shown = Object.entries(values).filter(
    ([member, value]) => value !== undefined && fields.has(member) && !hidden.has(member),
  );
  return { ...Object.fromEntries(shown), links: [] };
}

function idOf(text: string, type: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw notFound(type);
  return Number(text);
}

function queryOf({ query }: SimulatorRequest): Readonly<Record<string, string | undefined>> {
  const values: Readonly<Record<string, unknown>> = typeof query === 'object' && query !== null ? { ...query } : {};
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? value : undefined]),
  );
}

function fieldsOf(request: SimulatorRequest): ReadonlySet<string> | undefined {
  const { fields } = queryOf(request);
  return fields === undefined ? undefined : new Set(fields.split(','));
}

/** Fields of which nothing public says that a profile has them. */
const UNDOCUMENTED = ['createddate', 'resume'];

function requireKnown({ behaviour }: SimulatedTenant, fields: ReadonlySet<string> | undefined): void {
  const unknown = UNDOCUMENTED.find((field) => behaviour.strictFields && fields?.has(field));
  if (unknown !== undefined) throw invalid('fields', `There is no field ${unknown}.`);
}

function searchJsonOf(request: SimulatorRequest): unknown {
  try {
    return JSON.parse(queryOf(request)['searchJson'] ?? '{}');
  } catch {
    throw new Refusal(400, { code: 5, message: 'An unknown parsing error occurred' });
  }
}

/** @throws Refusal with status 415: forms are no JSON. */
function jsonOf({ headers, body }: SimulatorRequest): unknown {
  if (/^application\/json\b/i.test(headers['content-type'] ?? '')) return body;
  throw new Refusal(415, { code: 5, message: 'Content type must be application/json' });
}
