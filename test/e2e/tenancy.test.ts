import { randomBytes } from 'node:crypto';
import type { LinkedInSimulator } from '@talentbridge/plugin-linkedin-recruiter/simulator';
import { type GraphQLSchema, isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asSuperuser, databaseText } from '../support/database-text.ts';
import { organizationOf } from '../support/organization-client.ts';
import { networkPlugin, startNetwork } from '../support/paired-systems.ts';
import {
  type Answer,
  type RunningSystem,
  startSystem,
  startVendors,
  type Variables,
  type Vendors,
} from '../support/running-system.ts';
import {
  argumentsBelow,
  cursorRecords,
  type Kind,
  kindOf,
  placesIn,
  validArguments,
  withValue,
} from '../support/tenancy-arguments.ts';
import { fingerprintsOf, type Holder, keyOf, rowsOf, settle } from '../support/tenancy-records.ts';
import { introspect, type RootField, rootFields, WIDE_LIMITS } from '../support/whole-operation.ts';

// The prober is made from the schema: every argument and every input field that takes an id, or a key or cursor that
// stands for a record, is called by organization B with what belongs to organization A, and with what belongs to nobody.

/** A value like this one that nobody has: a UUID keeps its time, so that nothing in sorted lists tells them apart. */
function nobodysLike(value: string): string {
  if (/^[0-9a-f-]{36}$/i.test(value)) return `${value.slice(0, 24)}${randomBytes(6).toString('hex')}`;
  return value.length === 22 ? randomBytes(16).toString('base64url') : `nobody-${randomBytes(6).toString('hex')}`;
}

const cursorOf = (value: string): string => Buffer.from(`v1:${value}`).toString('base64url');

/** An answer without what differs between any two answers: the value that was sent, new ids, times and cursors. */
function essenceOf({ status, contentType, text }: Answer, sent: string): object {
  const essence = text
    .replaceAll(new RegExp(RegExp.escape(sent), 'gi'), '<sent>')
    .replaceAll(/"((?:\w+_)?(?:cursor|startCursor|endCursor))":"[^"]*"/g, '"$1":"<cursor>"')
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, '<uuid>')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>')
    // JobScore's ids of test candidates.
    .replaceAll(/(?<![\w-])[\w-]{22}(?![\w-])/g, '<remote id>');
  return { status, contentType, body: contentType.includes('json') ? JSON.parse(essence) : essence };
}

describe.each(['filtersOnly', 'rowSecurityOnly'] as const)('with one wall between organizations, %s', (isolation) => {
  let vendors: Vendors;
  let simulated: LinkedInSimulator;
  let system: RunningSystem;
  let schema: GraphQLSchema;
  let fields: readonly RootField[];
  let a: Holder;
  let b: Holder;
  let rowsBefore: string;
  let fingerprints: readonly string[];

  beforeAll(async () => {
    vendors = await startVendors({ tags: ['golang'] });
    simulated = await startNetwork();
    const further = networkPlugin(simulated);
    const pace = { 'linkedin-recruiter': {} };
    const seeding = await startSystem({ vendors, further, pace });
    a = await settle(seeding, simulated, 'exampleco');
    b = await settle(seeding, simulated, 'samplecorp');
    await seeding[Symbol.asyncDispose]();
    const dump = await databaseText(seeding.databaseUrl);
    rowsBefore = rowsOf(dump, a.organization);
    fingerprints = fingerprintsOf(a, rowsBefore, rowsOf(dump, b.organization), vendors);
    // Another process of the same deployment, with one wall alone. Without a worker, so that nothing changes by itself.
    const { databaseUrl, encryptionKeys } = seeding;
    system = await startSystem({
      vendors,
      further,
      pace,
      databaseUrl,
      encryptionKeys,
      isolation,
      worker: false,
      settings: WIDE_LIMITS,
    });
    a = { ...a, client: organizationOf(system, a.organization) };
    b = { ...b, client: organizationOf(system, b.organization) };
    schema = await introspect(system, { organizationId: b.organization, roles: ['ADMIN'] });
    fields = rootFields(schema);
  });
  afterAll(async () => {
    await system[Symbol.asyncDispose]();
    await vendors[Symbol.asyncDispose]();
    await simulated.close();
  });

  const ask = (field: RootField, variables: Variables, holder: Holder, operator = false) => {
    const roles = operator
      ? (['ADMIN', 'RECRUITER', 'OPERATOR'] as const)
      : (['ADMIN', 'RECRUITER', 'VIEWER'] as const);
    const send = field.kind === 'subscription' ? system.follow : system.query;
    return send(field.document, variables, { organizationId: holder.organization, roles });
  };
  const seenOfA = (text: string) => fingerprints.filter((print) => text.toLowerCase().includes(print.toLowerCase()));
  const idFields = () => fields.filter(({ args }) => args.some((argument) => placesIn(argument).length > 0));
  /** What B sends in a place: the value of A's and a value of nobody's, in every form that could make a difference. */
  const valuesOf = (
    field: RootField,
    kind: Exclude<Kind, object>,
  ): readonly (readonly [foreign: string, nobodys: string])[] => {
    if (kind === 'cursor') {
      const record = a[cursorRecords[field.name] ?? 'connection'];
      return [[cursorOf(record), cursorOf(nobodysLike(record))]];
    }
    const foreign = a[kind];
    const nobodys = nobodysLike(foreign);
    const isUuid = foreign.length === 36;
    return [[foreign, nobodys], ...(isUuid ? ([[foreign.toUpperCase(), nobodys.toUpperCase()]] as const) : [])];
  };

  it('API-1: the organizations hold what another could see, and the search for it finds it', async () => {
    expect(fingerprints.length).toBeGreaterThan(30);
    for (const table of [
      'connection',
      'profile',
      'project',
      'export',
      'export_item',
      'contact_reveal',
      'contact_reveal_item',
      'audit_event',
      'request_log_entry',
      'credential',
      'mirror_candidate',
      'mirror_job',
      'mirror_application',
      'mirror_attachment',
      'attachment_content',
      'attachment_text',
      'candidate_match',
      'match_verdict',
      'mirror_erasure',
      'sync_run',
      'data_copy',
      'system_pair',
      'network_integration',
      'network_seat',
      'network_record',
      'network_arrival',
    ]) {
      expect(rowsBefore).toContain(`talentbridge.${table} `);
    }
    const answers = await Promise.all(
      ['connections', 'profiles', 'projects', 'contactReveals', 'exports', 'auditLog', 'organizationTags'].map(
        async (name) => {
          const field = fields.find((one) => one.name === name);
          return field ? (await ask(field, {}, a)).text : '';
        },
      ),
    );
    for (const answer of answers) expect(seenOfA(answer)).not.toEqual([]);
  });

  it('API-1: this test knows every argument of the schema that takes an id, and how to call its field', () => {
    const unknown = idFields().flatMap((field) => [
      ...(validArguments[field.name] ? [] : [`${field.name}: add it to validArguments`]),
      ...field.args
        .flatMap((argument) => placesIn(argument))
        .filter((place) => kindOf(field, place) === undefined)
        .map((place) => `${field.name}(${place.path.join('.')}): add it to kinds`),
    ]);
    const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
    const below = Object.values(schema.getTypeMap())
      .filter((type) => isObjectType(type) && !type.name.startsWith('__') && !roots.includes(type))
      .flatMap((type) => (isObjectType(type) ? Object.values(type.getFields()).map((field) => ({ type, field })) : []))
      .flatMap(({ type, field }) =>
        field.args.flatMap((argument) => placesIn(argument).map(({ name }) => `${type.name}.${field.name}(${name}:)`)),
      );
    expect(unknown).toEqual([]);
    expect(below).toEqual(argumentsBelow);
  });

  it("API-1: another organization's ids answer exactly like ids that do not exist, on every field", async () => {
    let probes = 0;
    for (const field of idFields()) {
      const valid = validArguments[field.name];
      if (!valid) continue;
      for (const place of field.args.flatMap((argument) => placesIn(argument))) {
        const kind = kindOf(field, place);
        if (kind === undefined || typeof kind === 'object') continue;
        for (const [foreign, nobodys] of valuesOf(field, kind)) {
          const send = (value: string) => ask(field, withValue(valid(b), place.path, value) as Variables, b);
          const theirs = await send(foreign);
          const nobody = await send(nobodys);
          const where = `${field.name}(${place.path.join('.')}: ${foreign})`;
          expect(essenceOf(theirs, foreign), where).toEqual(essenceOf(nobody, nobodys));
          expect(seenOfA(theirs.text.replaceAll(new RegExp(RegExp.escape(foreign), 'gi'), '<sent>')), where).toEqual(
            [],
          );
          // It got as far as looking for the record.
          expect(nobody.text, where).not.toMatch(/BAD_USER_INPUT|GRAPHQL_VALIDATION_FAILED|INTERNAL_SERVER_ERROR/);
          probes += 1;
        }
        // A job that is not there fails the verification: B's connection is mended for the next probe.
        if (kind === 'job') await b.client.submit(b.connection, keyOf(b.organization));
      }
    }
    expect(probes).toBeGreaterThan(50);
    // Nothing of A's was changed by all that, not even a time.
    expect(rowsOf(await databaseText(system.databaseUrl), a.organization)).toBe(rowsBefore);
  });

  it('API-1: the database itself confines each table that names an organization', async () => {
    const tables = await asSuperuser(
      system.databaseUrl,
      `select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as forced,
         array(select p.polname::text from pg_policy p
           where p.polrelid = c.oid and p.polpermissive and (p.polroles = '{0}' or 'talentbridge_application'::regrole = any(p.polroles))) as policies
       from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'organization_id'
       where c.relnamespace = 'talentbridge'::regnamespace and c.relkind in ('r', 'p')`,
    );
    expect(tables.length).toBeGreaterThan(30);
    // Whatever else a policy of the application lets through would be let through beside it.
    const open = tables.filter(({ forced, policies }) => !forced || String(policies) !== 'organization');
    expect(open).toEqual([]);
  });

  it('API-1: a search explains nobody of another organization', async () => {
    for (const [name, argument] of [
      ['rediscoverySearch', 'candidateId'],
      ['profileSearch', 'profileId'],
    ] as const) {
      const type = name === 'profileSearch' ? 'ProfilesFound' : 'CandidatesFound';
      const document = `query ($id: ID) { ${name} { ... on ${type} { explanation(${argument}: $id) { query matched } } } }`;
      const explain = (id: string) =>
        system.query(document, { id }, { organizationId: b.organization, roles: ['ADMIN'] });
      const record = a[name === 'profileSearch' ? 'profile' : 'candidate'];
      const nobodys = nobodysLike(record);
      const theirs = await explain(record);
      expect(essenceOf(theirs, record), name).toEqual(essenceOf(await explain(nobodys), nobodys));
      expect(theirs.text, name).toContain('NOT_FOUND');
    }
  });

  it("API-1: a profile of another organization among one's own answers exactly like one that does not exist", async () => {
    for (const name of ['previewExport', 'exportCandidates', 'revealContacts']) {
      const field = fields.find((one) => one.name === name);
      if (!field) throw new Error(`The schema has no ${name}.`);
      const input = validArguments[name]?.(b)['input'] as Variables;
      const send = (profile: string) => ask(field, { input: { ...input, profileIds: [b.profile, profile] } }, b);
      const nobodys = nobodysLike(a.profile);
      expect(essenceOf(await send(a.profile), a.profile), name).toEqual(essenceOf(await send(nobodys), nobodys));
    }
  });

  it('API-1: lists show nothing of another organization, to members and to its operator', async () => {
    for (const field of fields.filter(({ kind }) => kind === 'query')) {
      for (const operator of [false, true]) {
        const answer = await ask(field, validArguments[field.name]?.(b) ?? {}, b, operator);
        expect(answer.errors, `${field.name}: ${answer.text}`).toBeUndefined();
        expect(seenOfA(answer.text), field.name).toEqual([]);
      }
    }
    for (const name of [
      'connections',
      'profiles',
      'projects',
      'contactReveals',
      'exports',
      'auditLog',
      'organizationTags',
    ]) {
      const field = fields.find((one) => one.name === name);
      if (field)
        expect((await ask(field, {}, b)).text, name).toMatch(
          new RegExp(`${b.mark}|${b.connection}|${b.export}|${b.contactReveal}`),
        );
    }
  });

  it('API-1: an organization that nobody has used sees nothing at all', async () => {
    const client = organizationOf(system);
    const nobody = { ...b, client, organization: client.id };
    for (const field of fields.filter(
      ({ kind, args }) => kind === 'query' && args.every(({ name }) => name === 'first' || name === 'after'),
    )) {
      const { text } = await ask(field, {}, nobody);
      expect(seenOfA(text), field.name).toEqual([]);
      expect(text, field.name).not.toContain(b.mark);
    }
    for (const list of ['connections', 'profiles', 'projects', 'contactReveals', 'exports', 'auditLog']) {
      expect(await client.ask(`{ ${list} { totalCount nodes { id } } }`)).toEqual({ totalCount: 0, nodes: [] });
    }
  });

  it('API-1: a subscription shows its own record', async () => {
    const { export: exportId, contactReveal: contactRevealId } = b;
    for (const [name, id] of [
      ['exportProgress', exportId],
      ['contactRevealProgress', contactRevealId],
      ['syncProgress', b.syncRun],
    ] as const) {
      const field = fields.find((one) => one.name === name);
      if (!field) throw new Error(`The schema has no ${name}.`);
      const own = await ask(field, { exportId, contactRevealId, connectionId: b.connection }, b);
      expect(own.text, name).toContain(id);
    }
  });

  // Last, because it changes and removes what the others look at.
  it('API-1: every one of these calls works for the organization that the records belong to', async () => {
    const last = ['eraseCandidate', 'retryExport', 'settleExportItem', 'unpairSystems', 'removeConnection'];
    const ordered = idFields().toSorted((one, other) => last.indexOf(one.name) - last.indexOf(other.name));
    for (const field of ordered.filter(({ kind }) => kind !== 'subscription')) {
      const answer = await ask(field, validArguments[field.name]?.(a) ?? {}, a, true);
      expect(answer.errors, `${field.name}: ${answer.text}`).toBeUndefined();
      expect(answer.text, field.name).not.toMatch(/NOT_FOUND|INVALID_INPUT|JOB_NOT_OPEN/);
      expect(Object.values(answer.data), field.name).not.toEqual([null]);
    }
  });
});
