import {
  type LinkedInSimulator,
  type LinkedInSimulatorOptions,
  SIMULATED_APPLICATIONS,
  startSimulator,
} from '../simulator/index.js';

/** The contexts of the first customer. */
export const ORGANIZATION = 'urn:li:organization:1234';
export const CONTRACT = 'urn:li:contract:42';

/** What the API answers. */
export interface Asked {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it asked for.
  readonly json: any;
}

/** One request. */
export interface Ask {
  readonly body?: unknown;
  /** `x-restli-method`. */
  readonly restli?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: that of the first customer. */
  readonly token?: string;
}

/** A simulator, and requests to it as the first customer's application. */
export interface StartedLinkedIn extends AsyncDisposable {
  readonly simulator: LinkedInSimulator;
  ask(method: string, path: string, wish?: Ask): Promise<Asked>;
  get(path: string): Promise<Asked>;
  /** A batch of upserts of records by key. */
  put(path: string, entities: Readonly<Record<string, unknown>>): Promise<Asked>;
  /** Drives the Recruiter's side. */
  control(path: string, body?: unknown): Promise<Asked>;
  token(application?: { readonly clientId: string; readonly clientSecret: string }): Promise<string>;
}

/** Starts a simulator with a token for the first customer. */
export async function start(options: LinkedInSimulatorOptions = {}): Promise<StartedLinkedIn> {
  const simulator = await startSimulator({ members: 50, ...options });
  const token: StartedLinkedIn['token'] = async (application = SIMULATED_APPLICATIONS.exampleco) => {
    const { clientId, clientSecret } = application;
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
    });
    const response = await fetch(`${simulator.url}/oauth/v2/accessToken`, { method: 'POST', body });
    const { access_token } = (await response.json()) as { readonly access_token: string };
    return access_token;
  };
  const own = await token();
  const ask: StartedLinkedIn['ask'] = async (method, path, { body, restli, headers = {}, token: other } = {}) => {
    const response = await fetch(`${simulator.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${other ?? own}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(restli === undefined ? {} : { 'x-restli-method': restli }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return answerOf(response);
  };
  return {
    simulator,
    ask,
    token,
    get: (path) => ask('GET', path),
    put: (path, entities) => {
      const keys = Object.keys(entities);
      // A plain id may hold any characters.
      const isCompound = keys.every((key) => key.includes('&dataProvider='));
      const query = keys.map((key, index) => (isCompound ? idsOf(key, index) : `ids=${encodeURIComponent(key)}`));
      return ask('PUT', `${path}?${query.join('&')}`, { body: { entities }, restli: 'batch_update' });
    },
    control: async (path, body = {}) => {
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
      return answerOf(await fetch(`${simulator.url}/_sim${path}`, init));
    },
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}

/** A simulator whose first customer has everything enabled. The callback address is one where nobody listens. */
export async function startEnabled(
  options: LinkedInSimulatorOptions = {},
  callbackUrl = 'http://127.0.0.1:9/hooks/exampleco',
): Promise<StartedLinkedIn> {
  const linkedIn = await start(options);
  await enable(linkedIn, callbackUrl);
  return linkedIn;
}

/** Walks the steps of section 3, up to "enabled". */
export async function enable({ ask, put, control, simulator }: StartedLinkedIn, callbackUrl: string): Promise<void> {
  const { clientId } = SIMULATED_APPLICATIONS.exampleco;
  await control('/recruiter/onboarding', { clientId, contract: CONTRACT });
  const entities = Object.fromEntries(
    TYPES.map((type) => [integrationKey(type), { patch: { $set: { integrationName: `Example Co ${type}` } } }]),
  );
  const query = Object.keys(entities).map(idsOf).join('&');
  await ask('POST', `/v2/atsIntegrations?${query}`, { body: { entities }, restli: 'batch_partial_update' });
  const values = {
    CALLBACK_URL: { configurationValue: { string: callbackUrl } },
    JOB_POSTING_VIEWERS: { configurationValue: { string: 'ALL_PRODUCT_USERS' } },
  };
  await put(`/v2/atsIntegrations/${integrationKey('ONE_CLICK_EXPORT')}/configurations`, values);
  await put(`/v2/atsIntegrations/${integrationKey('IN_ATS_INDICATOR')}/configurations`, {
    APPLICATION_VIEWERS: { configurationValue: { string: 'ALL_PRODUCT_USERS' } },
  });
  for (const type of TYPES) {
    await control('/recruiter/integrations', { clientId, type, context: contextOf(type), status: 'ENABLED' });
  }
  await simulator.pushes.settled();
}

export const TYPES = ['ONE_CLICK_EXPORT', 'IN_ATS_INDICATOR', 'PROFILE_PLUGIN', 'CSA_API'] as const;

/** The context of a type of integration. */
export function contextOf(type: (typeof TYPES)[number]): string {
  return type === 'CSA_API' ? CONTRACT : ORGANIZATION;
}

export function integrationKey(type: (typeof TYPES)[number]): string {
  return `integrationContext=${contextOf(type)}&integrationType=${type}&tenantType=RECRUITER&dataProvider=ATS`;
}

export function candidateKey(id: string): string {
  return `atsCandidateId=${encodeURIComponent(id)}&dataProvider=ATS&integrationContext=${ORGANIZATION}`;
}

export function applicationKey(id: string): string {
  return `atsJobApplicationId=${encodeURIComponent(id)}&dataProvider=ATS&integrationContext=${ORGANIZATION}`;
}

/** A compound key as it stands in a query: `ids[0].a=1&ids[0].b=2`. */
export function idsOf(key: string, index = 0): string {
  return key
    .split('&')
    .map((part) => `ids[${index}].${part}`)
    .join('&');
}

export const CANDIDATE = {
  atsCreatedAt: 1_748_350_930_000,
  atsLastModifiedAt: 1_748_350_950_000,
  firstName: 'Ada',
  lastName: 'Okafor',
  emailAddresses: ['Ada@Home.example'],
  phoneNumbers: [],
  addresses: [],
  externalProfileUrl: 'https://ats.example/candidates/C-1',
};

export const APPLICATION = {
  atsCandidateId: 'C-1',
  atsJobPostingId: 'JOB-1',
  atsJobPostingName: 'Backend Engineer',
  atsCreatedAt: 1_748_350_970_000,
  atsLastModifiedAt: 1_748_350_970_000,
  candidateEmail: 'ada@home.example',
  firstName: 'Ada',
  lastName: 'Okafor',
  source: 'Referral',
  dispositionReason: '',
};

export const JOB = {
  integrationContext: ORGANIZATION,
  externalJobPostingId: 'JOB-1',
  title: 'Backend Engineer',
  description: 'Text',
  location: 'Oakland, CA',
  availability: 'PRIVATE_TO_ATS_INTEGRATION',
  state: 'LISTED',
  companyApplyUrl: 'https://careers.example/jobs/1',
  listedAt: 1_748_350_930_000,
};

async function answerOf(response: Response): Promise<Asked> {
  const text = await response.text();
  return { status: response.status, json: text === '' ? undefined : JSON.parse(text) };
}
