import { type Answer, batchMethodOf, type Call, entitiesByKey, forEachKey, keysOf, writeEach } from './call.js';
import { type Key, PLAIN_KEYS } from './keys.js';
import { required } from './paging.js';
import type { Application, Integration } from './records.js';
import { invalid, notFound } from './refusal.js';
import { configurationInput, nameInput, readRecord } from './validation.js';
import type { World } from './world.js';

/** `/atsIntegrations` and their configuration (LinkedIn sheet §3.1 to §3.3). */
export function integrations(world: World, call: Call): Answer {
  const kind = world.keys('integration', call.versioned);
  const [parent, sub, ...rest] = call.path;
  if (parent !== undefined) {
    if (sub !== 'configurations' || rest.length > 0) throw notFound('Resource');
    return configurations(world, call, integrationAt(call.application, kind.fromText(parent)));
  }
  if (call.method === 'GET' && call.query.get('q') === 'request') {
    const found = world.statusRequests.get(required(call.query, 'requestId'));
    if (found?.application !== call.application) throw notFound('Request');
    return { body: { elements: found.integrations.map((one) => shown(one, call.versioned)) } };
  }
  const method = batchMethodOf(call, ['batch_partial_update', 'batch_get']);
  if (method === 'batch_partial_update') {
    return writeEach(kind, entitiesByKey(call, kind), (key, value) => {
      const integration = integrationAt(call.application, key);
      integration.name = readRecord(nameInput, value).patch.$set.integrationName;
      if (integration.status === 'REQUESTED') integration.status = 'PARTNER_READY';
    });
  }
  // Not by key: `elements`, as after a notification (LinkedIn sheet §3.3, INFERRED). What is not there is left out.
  const found = keysOf(call, kind).flatMap((key) => {
    const integration = find(call.application, key);
    return integration ? [shown(integration, call.versioned)] : [];
  });
  return { body: { elements: found } };
}

/** The values that each type of integration takes (LinkedIn sheet §3.2, CONFIRMED). */
const VALUES: Readonly<Record<string, { readonly key: string; readonly only?: string }[]>> = {
  ONE_CLICK_EXPORT: [{ key: 'CALLBACK_URL' }, { key: 'JOB_POSTING_VIEWERS', only: 'ALL_PRODUCT_USERS' }],
  IN_ATS_INDICATOR: [{ key: 'APPLICATION_VIEWERS', only: 'ALL_PRODUCT_USERS' }],
};

function configurations(world: World, call: Call, { type, context, configuration }: Integration): Answer {
  const method = batchMethodOf(call, ['batch_update', 'batch_get', 'batch_delete']);
  if (method === 'batch_update') {
    return writeEach(PLAIN_KEYS, entitiesByKey(call, PLAIN_KEYS), ({ identity }, value) => {
      const { string } = readRecord(configurationInput, value).configurationValue;
      const known = VALUES[type]?.find(({ key }) => key === identity);
      if (!known) throw invalid(`${type} has no configuration ${identity}`);
      if (known.only !== undefined && known.only !== string) throw invalid(`${identity} must be ${known.only}`);
      if (identity === 'CALLBACK_URL') demandOwnAddress(world, call.application, context, string);
      configuration.set(identity, string);
    });
  }
  return forEachKey(PLAIN_KEYS, keysOf(call, PLAIN_KEYS), ({ identity }) => {
    const value = configuration.get(identity);
    if (value === undefined) throw notFound('Configuration');
    if (method === 'batch_get') return { configurationValue: { string: value } };
    configuration.delete(identity);
    return undefined;
  });
}

/** An address is of one customer alone, over TLS and port 443 unless it is on this machine (LinkedIn sheet §3.2). */
function demandOwnAddress(world: World, application: Application, context: string, address: string): void {
  const url = URL.parse(address);
  if (!url) throw invalid('CALLBACK_URL is no address');
  const isHere = url.hostname === '127.0.0.1' || url.hostname === 'localhost' || url.hostname === '[::1]';
  if (!isHere && (url.protocol !== 'https:' || (url.port !== '' && url.port !== '80'))) {
    throw invalid('CALLBACK_URL must be https on port 443');
  }
  if (isHere && !/^https?:$/.test(url.protocol)) throw invalid('CALLBACK_URL must be https');
  const isTaken = world.applications.some((other) =>
    other.integrations.some(
      (one) => one.configuration.get('CALLBACK_URL') === address && (other !== application || one.context !== context),
    ),
  );
  if (isTaken) throw invalid('CALLBACK_URL is used by another customer');
}

function find(application: Application, { parts }: Key): Integration | undefined {
  return application.integrations.find(
    ({ context, type }) => context === parts['integrationContext'] && type === parts['integrationType'],
  );
}

function integrationAt(application: Application, key: Key): Integration {
  const found = find(application, key);
  if (!found) throw notFound('Integration');
  return found;
}

function shown({ context, type, name, status }: Integration, versioned: boolean): unknown {
  return {
    integrationContext: context,
    integrationType: type,
    tenantType: 'RECRUITER',
    ...(versioned ? {} : { dataProvider: 'ATS' }),
    integrationName: name ?? null,
    status,
  };
}
