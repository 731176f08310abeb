import { zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asSuperuser, databaseText } from '../support/database-text.ts';
import type { LookedInto } from '../support/looked-into.ts';
import { USER_ERRORS } from '../support/organization-client.ts';
import { MEMBERS, type PairedSystems, SEATS, startPairedSystems } from '../support/paired-systems.ts';
import { until } from '../support/running-system.ts';
import { throwawayFolder } from '../support/throwaway-files.ts';
import { filesText, linesWith } from '../support/traces.ts';

const ADA = MEMBERS.ada;
/** Words that stand nowhere else, so that an index keeps them whole. */
const LAST = 'Quillfeather';
const ADDRESS = 'ada@home.example';
const NOTE = 'qUoKkAoFsHaDe';

const searchIndexes = throwawayFolder();
let pair: PairedSystems;
beforeAll(async () => {
  pair = await startPairedSystems({ settings: { SEARCH_INDEX_DIR: searchIndexes } });
  await pair.giveSeat(SEATS.rita, 'rita');
}, 120_000);
afterAll(() => pair[Symbol.asyncDispose]());

const ask = (document: string, variables: Readonly<Record<string, unknown>>) =>
  pair.organization.ask(document, variables);

const found = (query: string): Promise<LookedInto> =>
  ask('query ($query: String!) { rediscoverySearch(query: $query) { ... on CandidatesFound { total } } }', { query });

/** Somebody of the ATS and the network: applied, written about, written with, exported, and answering with what they share. */
async function cameEverywhere(): Promise<readonly string[]> {
  const job = pair.system.vendors.jobscore.account().jobs.find(({ status }) => status === 'open');
  const { id } = await pair.throughAts('/candidates', { first_name: 'Ada', last_name: LAST, email: ADDRESS });
  const application = await pair.throughAts('/applications', { candidate_id: id, job_id: job?.id });
  await pair.atNetwork('/notes', { seat: SEATS.rita, member: ADA, note: NOTE, visibility: 'PUBLIC' });
  const { conversation } = await pair.atNetwork('/inmails', {
    seat: SEATS.rita,
    member: ADA,
    subject: 'A role',
    body: 'Are you looking?',
  });
  await until(
    () => pair.candidate(LAST),
    (candidate) => candidate?.networkProfile?.link?.member === ADA,
    30_000,
  );
  await pair.atNetwork('/replies', { conversation, body: 'Yes! Call me.', consent: true });
  await pair.poll();
  await pair.atNetwork('/exports', { seat: SEATS.rita, member: ADA, job: job?.title });
  await until(
    () => pair.arrivals(),
    ({ nodes }) => nodes.length >= 2 && nodes.every(({ state }: LookedInto) => state === 'ADDED'),
    30_000,
  );
  await pair.organization.sync(pair.ats, 'FULL');
  // Who left the network is remembered as well, and what a recruiter sees of all of it.
  await asSuperuser(
    pair.system.databaseUrl,
    `insert into talentbridge.network_closed_member (organization_id, connection_id, member, closed_at)
     values ($1, $2, $3, now())`,
    [pair.organization.id, pair.connectionId, ADA],
  );
  // A page of the ATS was kept when its worker died.
  await asSuperuser(
    pair.system.databaseUrl,
    `insert into talentbridge.sync_page
       (organization_id, connection_id, run_id, credential_version, began_at, requests, page)
     values ($1, $2, gen_random_uuid(), 1, now(), 1, $3)`,
    [pair.organization.id, pair.connectionId, zstdCompressSync(JSON.stringify({ candidates: [{ lastName: LAST }] }))],
  );
  await pair.candidate(LAST, 'rita', ['RECRUITER']);
  return [id, application.id];
}

describe('RED-12: somebody who is known at a network too', () => {
  it('is in no table, index or log line after the erasure, nor at the network, and does not come back', {
    timeout: 180_000,
  }, async () => {
    const remoteIds = await cameEverywhere();
    const traces = [LAST, ADDRESS, 'ada.okafor', NOTE, ADA, ADA.split(':').at(-1) ?? '', ...remoteIds];
    const inTables = async () => linesWith(await databaseText(pair.system.databaseUrl), traces);
    await until(
      () => found(LAST),
      ({ total }) => total === 1,
    );
    expect(new Set((await inTables()).map((line) => line.split(' ')[0]))).toEqual(
      new Set(
        [
          'mirror_application',
          'mirror_candidate',
          'mirror_read',
          'network_arrival',
          'network_candidate',
          'network_closed_member',
          'network_item',
          'network_link',
          'network_record',
          'new_application',
          'request_log_entry',
          'sync_page',
        ].map((table) => `talentbridge.${table}`),
      ),
    );
    expect(filesText(searchIndexes).toLowerCase()).toContain(LAST.toLowerCase());
    expect(pair.network.records().candidates.has(remoteIds[0] ?? '')).toBe(true);

    const { id } = await pair.candidate(LAST);
    const began = Date.now();
    const { certificate } = await ask(
      `mutation ($id: ID!) { eraseCandidate(id: $id) { ${USER_ERRORS} ... on CandidateErased {
         certificate { pseudonym removed { table rows } } } } }`,
      { id },
    );
    await until(
      async () => [
        ...(await inTables()),
        ...linesWith(filesText(searchIndexes), traces),
        ...linesWith(JSON.stringify([...pair.network.records().candidates.values()], null, 1), traces),
      ],
      (lines) => lines.length === 0,
      60_000,
    );
    expect(Date.now() - began).toBeLessThan(60_000);
    expect(linesWith(pair.system.log(), traces)).toEqual([]);
    expect(linesWith(JSON.stringify(certificate, null, 1), traces)).toEqual([]);

    // ATS and network have them still, and tell of them again.
    await pair.organization.sync(pair.ats, 'FULL');
    await pair.atNetwork('/notes', { seat: SEATS.rita, member: ADA, note: NOTE, visibility: 'PUBLIC' });
    await pair.poll();
    await pair.poll();
    // The ATS was asked for them by their ids, which nobody wrote down.
    expect(await pair.organization.requests(pair.ats)).toContainEqual(expect.stringContaining('[erased]'));
    expect(await pair.organization.requests(pair.connectionId)).not.toEqual([]);
    expect(await inTables()).toEqual([]);
    expect(await found(LAST)).toMatchObject({ total: 0 });
    expect(pair.network.records().candidates.has(remoteIds[0] ?? '')).toBe(false);
  });
});
