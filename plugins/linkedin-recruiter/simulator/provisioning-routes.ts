import { randomBytes } from 'node:crypto';
import type { Answer, Call } from './call.js';
import { decoded } from './keys.js';
import { required } from './paging.js';
import type { Application } from './records.js';
import { badRequest, notFound, Refusal } from './refusal.js';
import { applicationPatchInput, applicationSetUpInput, readBody } from './validation.js';
import type { World } from './world.js';

/** `/provisionedApplications`: child applications, by the parent's token (LinkedIn sheet §2.3). */
export function provisionedApplications(world: World, call: Call): Answer {
  const [urn, ...rest] = call.path;
  if (rest.length > 0) throw notFound('Resource');
  if (call.method === 'POST') return urn === undefined ? create(world, call) : patch(world, call, decoded(urn));
  if (call.method !== 'GET' || urn !== undefined) throw new Refusal(405, `${call.method} is not supported here`);
  if (call.query.get('q') !== 'credentialsByUniqueForeignId')
    throw badRequest('q must be credentialsByUniqueForeignId');
  const wanted = required(call.query, 'uniqueForeignId');
  const found = children(world).filter(({ uniqueForeignId }) => uniqueForeignId === wanted);
  return { body: { elements: found.map(shown) } };
}

function create(world: World, call: Call): Answer {
  const input = readBody(applicationSetUpInput, call.body);
  if (children(world).some(({ uniqueForeignId }) => uniqueForeignId === input.uniqueForeignId)) {
    throw new Refusal(409, 'uniqueForeignId is taken');
  }
  const application: Application = {
    uniqueForeignId: input.uniqueForeignId,
    name: input.name,
    urn: `urn:li:developerApplication:${world.nextNumber()}`,
    kind: 'child',
    clientId: `78${randomBytes(6).toString('hex')}`,
    clientSecret: randomBytes(12).toString('base64url'),
    description: input.description ?? '',
    oauth2AuthorizedCallbackUrls: input.oauth2AuthorizedCallbackUrls ?? [],
    validJsSdkDomains: input.validJsSdkDomains ?? [],
    integrations: [],
  };
  world.applications.push(application);
  return { status: 201, body: shown(application) };
}

function patch(world: World, call: Call, urn: string): Answer {
  const application = children(world).find((one) => one.urn === urn);
  if (!application) throw notFound('Application');
  const { $set } = readBody(applicationPatchInput, call.body).patch;
  if ($set.validJsSdkDomains) application.validJsSdkDomains = $set.validJsSdkDomains;
  if ($set.oauth2AuthorizedCallbackUrls) {
    application.oauth2AuthorizedCallbackUrls = $set.oauth2AuthorizedCallbackUrls;
  }
  return { status: 204 };
}

function children({ applications }: World): readonly Application[] {
  return applications.filter(({ kind }) => kind === 'child');
}

/** The credentials object is INFERRED. */
function shown({ urn, clientId, clientSecret }: Application): unknown {
  return { key: urn, credentials: { client_id: clientId, client_secret: clientSecret } };
}
