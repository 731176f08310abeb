import { globSync, readFileSync } from 'node:fs';
import {
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asSuperuser, databaseText } from '../support/database-text.ts';
import type { LookedInto } from '../support/looked-into.ts';
import { organizationOf } from '../support/organization-client.ts';
import { MEMBERS, type PairedSystems, SEATS, startPairedSystems } from '../support/paired-systems.ts';
import { type Answer, type Asker, until, type Variables } from '../support/running-system.ts';
import { throwawayFolder } from '../support/throwaway-files.ts';
import { introspect, type RootField, rootFields, WIDE_LIMITS } from '../support/whole-operation.ts';

// The prober is made from the schema: whatever can be asked is asked, with everything below it, by everybody, and nobody may
// find more of what recruiters wrote at the network than the rule gives them.

/** What recruiters and members write, each with a word that stands nowhere else and begins as no other does: an index would keep it whole. */
const TEXTS = {
  publicNote: 'qUoKkAoFsHaDe',
  privateNote: 'wOmBaTiNdUsK',
  publicSubject: 'aXoLoTlAtNoOn',
  publicMessage: 'pAnGoLiNoFrAiN',
  privateSubject: 'nArWhAlInIcE',
  privateMessage: 'tApIrAtDaWnS',
  reply: 'oCeLoTiNmOsS',
  strangersReply: 'gEcKoOnSlAtE',
} as const;

type TextName = keyof typeof TEXTS;

const ALL = Object.keys(TEXTS) as readonly TextName[];
/** What its author alone reads. */
const PRIVATE: ReadonlySet<TextName> = new Set(['privateNote', 'privateSubject', 'privateMessage']);
const PUBLIC = ALL.filter((name) => !PRIVATE.has(name));

/** Somebody who asks, and what the rule gives them. */
interface Reader {
  readonly name: string;
  readonly as: Omit<Asker, 'organizationId'>;
  readonly reads: readonly TextName[];
  /** Of another organization. */
  readonly isStranger?: true;
}

const RECRUITER = ['RECRUITER'] as const;

/** Those who may read come first: what they were shown may not be kept for those who come after. */
const READERS: readonly Reader[] = [
  { name: 'the owner', as: { userId: 'rita', roles: RECRUITER }, reads: ALL },
  { name: 'another seat of the contract', as: { userId: 'tariq', roles: RECRUITER }, reads: PUBLIC },
  { name: 'a viewer with a seat of the contract', as: { userId: 'tariq', roles: ['VIEWER'] }, reads: PUBLIC },
  { name: 'a seat of another contract', as: { userId: 'nina', roles: RECRUITER }, reads: [] },
  { name: 'a recruiter without a seat', as: { userId: 'rick', roles: RECRUITER }, reads: [] },
  { name: 'a viewer', as: { userId: 'vera', roles: ['VIEWER'] }, reads: [] },
  { name: 'an admin', as: { userId: 'anna', roles: ['ADMIN', 'RECRUITER', 'OPERATOR'] }, reads: [] },
  {
    name: 'the owner’s name elsewhere',
    as: { userId: 'rita', roles: ['ADMIN', 'RECRUITER'] },
    reads: [],
    isStranger: true,
  },
];

/** The rule for those who lose their seats: nothing. */
const closed = ({ reads: _, ...reader }: Reader): Reader => ({ ...reader, reads: [] });

let pair: PairedSystems;
let schema: GraphQLSchema;
let fields: readonly RootField[];
/** With which arguments a field is asked, by field: those from which texts can be reached. What is missing here fails the test. */
let reaching: Readonly<Record<string, readonly Variables[]>>;
/** Ids of records, for arguments of that name. */
let ids: Readonly<Record<string, readonly string[]>>;
const searchIndexes = throwawayFolder();
/** Every text in every form that it can have in answers, files and tables. */
const formsOf = (text: string): readonly string[] => [
  text,
  Buffer.from(text).toString('hex'),
  // What depends on the neighbours is cut off.
  ...[0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset), Buffer.from(text)])
      .toString('base64')
      .slice(Math.ceil((offset * 8) / 6), -4),
  ),
];

/** The names of the texts that stand somewhere. */
function textsIn(place: string): readonly TextName[] {
  const lower = place.toLowerCase();
  return ALL.filter((name) => formsOf(TEXTS[name]).some((form) => lower.includes(form.toLowerCase())));
}

/** Whether a field leads to what was written, through whatever lies between. */
function reaches(type: GraphQLNamedType, seen: Set<GraphQLNamedType> = new Set()): boolean {
  if (type.name === 'NetworkText') return true;
  if (seen.has(type)) return false;
  seen.add(type);
  if (isUnionType(type)) return type.getTypes().some((member) => reaches(member, seen));
  return isObjectType(type) && Object.values(type.getFields()).some((field) => reaches(getNamedType(field.type), seen));
}

/** The names of all fields from which texts can be reached. */
function reachingFields(): readonly string[] {
  return [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((root) =>
    Object.values(root?.getFields() ?? {})
      .filter((field) => reaches(getNamedType(field.type)))
      .map(({ name }) => name),
  );
}

async function ask(field: RootField, variables: Variables, { as, isStranger, reads }: Reader): Promise<Answer> {
  const asker = { ...as, organizationId: isStranger ? pair.ats : pair.organization.id };
  if (field.kind !== 'subscription') return pair.system.query(field.document, variables, asker);
  // What is told of before comes at once: later where the machine stands still meanwhile.
  const isToCome = field.name === 'newApplications' && reads.length > 0;
  for (let ms = 300; ; ms *= 5) {
    const answer = await pair.system.follow(field.document, variables, asker, ms);
    if (!isToCome || ms > 5_000 || textsIn(answer.text).length > 0) return answer;
  }
}

const fieldOf = (name: string): RootField => {
  const found = fields.find((field) => field.name === name);
  if (!found) throw new Error(`The schema has no ${name}.`);
  return found;
};

/** Every combination of what a query may be asked with; the ids of records are the organization's own. */
function variablesOf({ name, args }: RootField): readonly Variables[] {
  const known = reaching[name];
  if (known) return known;
  let combinations: readonly Variables[] = [{}];
  for (const argument of args) {
    const values = ids[argument.name] ?? (isRequiredArgument(argument) && argument.name === 'query' ? [''] : []);
    if (values.length === 0) continue;
    combinations = combinations.flatMap((one) => values.map((value) => ({ ...one, [argument.name]: value })));
  }
  return combinations;
}

/** The network tells of the seats of its own contract alone; whatever else is there is closed when it is looked at. */
async function giveForeignSeat(): Promise<void> {
  await asSuperuser(
    pair.system.databaseUrl,
    `insert into talentbridge.network_seat as s (organization_id, connection_id, seat_id, contract_id, first_name, last_name, active,
       seen_at, user_id, confirmed, connected_at)
     values ($1, $2, 'urn:li:seat:558', 'urn:li:contract:44', 'Nina', 'Holt', true, now(), 'nina', true, now())
     on conflict (organization_id, connection_id, seat_id) do update set active = true`,
    [pair.organization.id, pair.connectionId],
  );
}

beforeAll(async () => {
  pair = await startPairedSystems({
    logLevel: 'trace',
    settings: { ...WIDE_LIMITS, SEARCH_INDEX_DIR: searchIndexes },
  });
  const { organization, system, connectionId, ats } = pair;
  await pair.giveSeat(SEATS.rita, 'rita');
  await pair.giveSeat(SEATS.tariq, 'tariq');
  await giveForeignSeat();
  const { bo, mira } = MEMBERS;
  const seat = SEATS.rita;
  await pair.atNetwork('/notes', { seat, member: bo, note: `Is ${TEXTS.publicNote}.` });
  await pair.atNetwork('/notes', { seat, member: bo, note: `Is ${TEXTS.privateNote}.`, visibility: 'PRIVATE' });
  const send = (member: string, subject: string, body: string, visibility = 'PUBLIC') =>
    pair.atNetwork('/inmails', { seat, member, subject, body, visibility });
  const { conversation } = await send(bo, TEXTS.publicSubject, `Are you ${TEXTS.publicMessage}?`);
  await pair.atNetwork('/replies', { conversation, body: `I am ${TEXTS.reply}.`, consent: false });
  await send(bo, TEXTS.privateSubject, `Are you ${TEXTS.privateMessage}?`, 'PRIVATE');
  const stranger = await send(mira, 'Hello', 'Are you there?');
  await pair.atNetwork('/replies', { conversation: stranger.conversation, body: TEXTS.strangersReply, consent: false });
  await pair.poll();
  const { nodes } = await until(
    () => pair.arrivals(),
    ({ nodes: [first] }) => first?.candidate != null,
    30_000,
  );
  const candidate = await pair.candidate('Quispe-a');
  // Somebody whose match waits for review, whose application is new, and who is in an export.
  const [profileId] = await organization.people([
    { firstName: 'Zebulon', lastName: 'Quartz', emails: [{ address: candidate.emails[0], revealed: true }] },
  ]);
  await until(
    () => organization.ask('{ matchesToReview(first: 5) { totalCount } }'),
    ({ totalCount }) => totalCount > 0,
    30_000,
  );
  const job = await pair.atAts('/jobs', { title: 'Harbour Pilot' });
  await pair.throughAts('/applications', { candidate_id: candidate.remoteId, job_id: job.id });
  await until(
    () => organization.ask('{ recentApplications { id } }'),
    (applications) => applications.length > 0,
    30_000,
  );
  await organization.sync(ats, 'FULL');

  const candidateIds = [candidate.id, nodes[0].candidate.id];
  const arrivalIds = nodes.map(({ id }: { readonly id: string }) => id);
  ids = {
    connectionId: [ats, connectionId],
    id: [...candidateIds, ats, connectionId, profileId ?? ''],
    candidateId: candidateIds,
  };
  const each = (name: string, values: readonly string[]) => values.map((value) => ({ [name]: value }));
  reaching = {
    candidates: each('connectionId', [ats]),
    matchesToReview: [{}],
    mirroredCandidate: each('id', candidateIds),
    recentApplications: [{}],
    rediscoverySearch: [{}],
    systemConnection: each('connectionId', [connectionId]),
    systemConnections: [{}],
    confirmMatch: each('candidateId', candidateIds),
    linkProfile: [{ input: { candidateId: candidate.id, member: bo } }],
    pairSystems: [{ input: { connectionId, atsConnectionId: ats } }],
    refreshSystemConnection: each('connectionId', [connectionId]),
    retryArrival: each('arrivalId', arrivalIds),
    settleArrival: arrivalIds.map((arrivalId: string) => ({ input: { arrivalId } })),
    undoMatch: each('candidateId', candidateIds),
    newApplications: [{ since: new Date(0).toISOString() }],
    systemConnectionChanged: each('connectionId', [connectionId]),
    // These take away what the others look at: they come last.
    unlinkProfile: each('candidateId', [candidate.id]),
    unpairSystems: each('connectionId', [connectionId]),
  };
  schema = await introspect(system, { organizationId: organization.id, roles: ['ADMIN'] });
  fields = rootFields(schema);
}, 180_000);
afterAll(() => pair[Symbol.asyncDispose]());

const LAST = ['unlinkProfile', 'unpairSystems'];

/** Asks everything that changes nothing, as one reader; answers what texts were found, by field. */
async function probe(reader: Reader): Promise<ReadonlyMap<string, ReadonlySet<TextName>>> {
  const found = new Map<string, Set<TextName>>();
  const look = async (field: RootField, variables: Variables): Promise<void> => {
    const { text, status } = await ask(field, variables, reader);
    expect(status, `${field.name}: ${text}`).toBeLessThan(500);
    for (const name of textsIn(text)) found.get(field.name)?.add(name);
  };
  const followed: Promise<void>[] = [];
  for (const field of fields) {
    if (LAST.includes(field.name) || (field.kind === 'mutation' && !reaching[field.name])) continue;
    found.set(field.name, new Set());
    for (const variables of variablesOf(field)) {
      // Subscriptions, which come last, are followed for a while: all of them for the same.
      if (field.kind === 'subscription') followed.push(look(field, variables));
      else await look(field, variables);
    }
  }
  await Promise.all(followed);
  return found;
}

describe('RSC-6: who reads what was written at the network', () => {
  it('the search for a text finds it in every form', () => {
    for (const name of ALL) {
      for (const form of formsOf(TEXTS[name])) expect(textsIn(`before ${form} after`)).toEqual([name]);
    }
    expect(textsIn('nothing of the kind')).toEqual([]);
  });

  it('this test knows every field of the schema from which texts can be reached', () => {
    const unknown = reachingFields().filter((name) => !reaching[name]);
    expect(unknown, 'fields to be added to `reaching`').toEqual([]);
    expect(reachingFields().length).toBeGreaterThan(10);
  });

  it.each(READERS)(
    '$name reads what the rule gives, on every field',
    async (reader) => {
      const found = await probe(reader);
      const allowed = new Set(reader.reads);
      for (const [field, texts] of found) expect([...texts.difference(allowed)], field).toEqual([]);
      // Whoever may read does: the prober looked where the texts are.
      for (const name of ['candidates', 'mirroredCandidate']) {
        expect(found.get(name)?.size, name).toBe(reader.reads.length);
      }
      if (reader.reads.length === 0) return;
      for (const name of ['rediscoverySearch', 'recentApplications', 'newApplications', 'matchesToReview']) {
        expect(found.get(name), name).toContain('publicNote');
      }
      for (const name of ['systemConnection', 'systemConnections']) {
        expect(found.get(name), name).toContain('strangersReply');
      }
    },
    180_000,
  );

  it('everybody else sees that it exists, when, who wrote it, and whom to ask', async () => {
    await giveForeignSeat();
    for (const { as, reads, isStranger } of READERS) {
      if (isStranger) continue;
      const { networkProfile } = await pair.candidate('Quispe-a', as.userId, as.roles);
      expect(networkProfile.counts).toEqual({ notes: 2, inMails: 3 });
      const items = [...networkProfile.notes, ...networkProfile.inMails];
      expect(items).toHaveLength(5);
      const refused = items.filter(({ content }: LookedInto) => content.__typename === 'NetworkTextRefused');
      expect(refused).toHaveLength(5 - (reads.length === 0 ? 0 : reads.length === ALL.length ? 5 : 3));
      for (const { content, createdAt } of refused) {
        expect(content).toMatchObject({ authorName: expect.stringMatching(/\S/), askWhom: 'Rita Moss' });
        expect(content.message).toMatch(/Rita Moss/);
        expect(Date.parse(content.writtenAt)).toBe(Date.parse(createdAt));
      }
      const codes: readonly string[] = [...new Set<string>(refused.map(({ content }: LookedInto) => content.code))];
      const expected = { rita: [], tariq: ['PRIVATE'], nina: ['OTHER_CONTRACT'] }[as.userId ?? ''] ?? ['SEAT_NEEDED'];
      expect(codes, as.userId).toEqual(expected);
    }
  });

  it('no search finds anybody by it, not even the owner', async () => {
    for (const name of ALL) {
      for (const root of ['rediscoverySearch', 'profileSearch']) {
        const type = root === 'profileSearch' ? 'ProfilesFound' : 'CandidatesFound';
        const found = await pair.as('rita')(
          `query ($query: String!) { ${root}(query: $query) { ... on ${type} { ${type === 'ProfilesFound' ? 'profiles' : 'candidates'} { totalCount } } } }`,
          { query: TEXTS[name] },
        );
        expect(Object.values(found), name).toEqual([{ totalCount: 0 }]);
      }
    }
  });

  it('who read whose is in the audit log, and what they read is not', async () => {
    const { nodes } = await pair.organization.ask(
      '{ auditLog(first: 100) { nodes { action actorId subjectType subjectId details } } }',
    );
    expect(textsIn(JSON.stringify(nodes))).toEqual([]);
    const rows = await asSuperuser(
      pair.system.databaseUrl,
      `select distinct actor_id as "actorId" from talentbridge.audit_event where action = 'networkItem.read' and organization_id = $1 order by 1`,
      [pair.organization.id],
    );
    expect(rows.map(({ actorId }) => actorId)).toEqual(['rita', 'tariq']);
  });

  it('whoever loses the seat reads nothing from then on', async () => {
    const [rita, tariq] = READERS;
    if (!rita || !tariq) throw new Error('Nobody has a seat.');
    await pair.atNetwork(`/seats/${SEATS.tariq}`, { state: 'REMOVED' });
    await pair.refresh();
    for (const texts of (await probe(closed(tariq))).values()) expect([...texts]).toEqual([]);
    const stillReads = await probe(rita);
    expect(stillReads.get('candidates')?.size).toBe(ALL.length);
    await pair.as('rita')('mutation ($input: DisconnectSeatInput!) { disconnectSeat(input: $input) { __typename } }', {
      input: { connectionId: pair.connectionId, seatId: `urn:li:seat:${SEATS.rita}` },
    });
    for (const texts of (await probe(closed(rita))).values()) expect([...texts]).toEqual([]);
  }, 180_000);

  it('no table, log, index or figure has it in clear', async () => {
    const { system } = pair;
    const metrics = await (await fetch(`${system.url}/metrics`)).text();
    const files = globSync('**/*', { cwd: searchIndexes, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(`${entry.parentPath}/${entry.name}`, 'latin1'));
    const places = {
      database: await databaseText(system.databaseUrl),
      log: system.log(),
      metrics,
      'search indexes': files.join('\n'),
    };
    for (const [place, text] of Object.entries(places)) {
      expect(text.length, place).toBeGreaterThan(1000);
      expect(textsIn(text), place).toEqual([]);
    }
    // What was looked through is what it should be.
    expect(places.database).toMatch(/talentbridge\.network_text .*sealed/);
    expect(places.database).toContain('talentbridge.request_log_entry');
    expect(places['search indexes'].includes('quispe')).toBe(true);
  });

  it('what takes them away shows nothing on its way, and leaves nothing', async () => {
    for (const name of LAST) {
      for (const reader of READERS) {
        if (reader.as.roles.includes('OPERATOR') || reader.isStranger) continue;
        for (const variables of reaching[name] ?? []) {
          expect(textsIn((await ask(fieldOf(name), variables, reader)).text), name).toEqual([]);
        }
      }
    }
    await pair.organization.ask('mutation ($id: ID!) { unpairSystems(connectionId: $id) { __typename } }', {
      id: pair.connectionId,
    });
    const left = await asSuperuser(
      pair.system.databaseUrl,
      'select (select count(*)::int from talentbridge.network_item) as items, (select count(*)::int from talentbridge.network_text) as texts',
    );
    expect(left).toEqual([{ items: 0, texts: 0 }]);
  });
});

it('RSC-6: somebody of another organization finds none of it', async () => {
  const other = organizationOf(pair.system);
  const { text } = await other.answer('query ($id: ID!) { mirroredCandidate(id: $id) { id } }', {
    id: ids['candidateId']?.[0],
  });
  expect(text).toContain('null');
});
