import { migrateHub } from '@talentbridge/hub';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { freshDatabase } from '../../../../../../test/support/postgres.ts';
import { type MatchingDatabase, openMatchingDatabase } from './matching-world.ts';

let kept: MatchingDatabase;
beforeAll(async () => {
  kept = await openMatchingDatabase(await freshDatabase());
});
afterAll(() => kept[Symbol.asyncDispose]());

const page = (name: string) => ({ network: 'linkedin', url: `https://www.linkedin.com/in/${name}` }) as const;

/** Somebody whom evidence alone tells. */
const ada = {
  firstName: 'Ada',
  lastName: 'Example',
  emails: [],
  phones: [],
  workExperience: [
    { employer: 'Northwind', title: 'Engineer', startDate: '2019-03', current: true },
    { employer: 'Bright Harbor', title: 'Analyst', startDate: '2015-01', current: false },
  ],
  education: [{ school: 'University of Turin', degree: 'MSc', major: 'Physics', graduationDate: '2014' }],
};

const strangers = Array.from({ length: 30 }, (_, number) => ({
  key: `stranger-${number}`,
  firstName: `Given${String.fromCharCode(97 + number)}`,
  lastName: `Family${String.fromCharCode(97 + number)}`,
  workExperience: [{ employer: `Employer ${number}`, title: 'Clerk', current: true }],
}));

describe('RED-4: who is who, in the mirror', () => {
  it('candidates are matched by themselves after they came, and profiles after they came', async () => {
    const { ats, mirror, profiles, match, isQueued, rows } = await kept.world();
    const [known = ''] = await profiles([
      { key: 'one', firstName: 'Ada', lastName: 'Example', socialUrls: [page('ada')] },
    ]);
    ats.addCandidate({ remoteId: 'a', ...ada, socialUrls: [page('ADA/?trk=x')] });
    ats.addCandidate({ remoteId: 'b', firstName: 'Grace', lastName: 'Hopper', socialUrls: [page('grace')] });
    await mirror.workOff();
    expect(await isQueued()).toBe(true);
    await match();
    expect(await rows()).toMatchObject({ a: { profileId: known, decision: 'MATCHED', basis: 'LINKEDIN' } });
    expect(Object.keys(await rows())).toEqual(['a']);

    const [later = ''] = await profiles([
      { key: 'two', firstName: 'Grace', lastName: 'Hopper', socialUrls: [page('grace')] },
    ]);
    await match();
    expect(await rows()).toMatchObject({ a: { profileId: known }, b: { profileId: later, decision: 'MATCHED' } });
  });

  it('a page that stands in the résumé counts, where the ATS has none', async () => {
    const { ats, mirror, profiles, sync, match, rows, idOf } = await kept.world();
    const [id = ''] = await profiles([
      { key: 'one', firstName: 'Ada', lastName: 'Example', socialUrls: [page('ada-1')] },
    ]);
    ats.addCandidate({
      remoteId: 'a',
      firstName: 'Ada',
      lastName: 'Example',
      emails: [],
      phones: [],
      workExperience: [],
    });
    await sync();
    expect(Object.values(await rows()).map(({ basis }) => basis)).not.toContain('LINKEDIN');
    const candidateId = await idOf('a');
    await mirror.write(async (tx) => {
      await tx.rows(
        `insert into talentbridge.attachment_text (organization_id, attachment_id, text)
         select f.organization_id, f.id, $1 from talentbridge.mirror_attachment f where ${tx.own('f')}`,
        [
          'Ada Example\nTurin · linkedin.com/in/Ada-1, www.github.com/ada\nReferences: https://www.linkedin.com/in/somebody-else',
        ],
      );
      await tx.rows(
        `insert into talentbridge.mirror_change (organization_id, connection_id, change, ids)
         values ($1, $2, 'CANDIDATES_WRITTEN', array[$3::uuid])`,
        [tx.organizationId, mirror.connectionId, candidateId],
      );
    });
    await match();
    expect(await rows()).toMatchObject({ a: { profileId: id, decision: 'MATCHED', basis: 'LINKEDIN' } });
  });

  it('a placeholder address of ours matches nobody', async () => {
    const { ats, profiles, sync, rows } = await kept.world();
    await profiles([
      { key: 'one', firstName: 'Ada', lastName: 'Example', emails: [{ address: 'no-email-7@dummy.example' }] },
    ]);
    ats.addCandidate({
      remoteId: 'a',
      firstName: 'Ada',
      lastName: 'Example',
      emails: ['no-email-7@dummy.example'],
      phones: [],
      workExperience: [],
    });
    await sync();
    expect(Object.values(await rows()).map(({ basis }) => basis)).not.toContain('EMAIL');
  });

  it('whom nobody can be told from, because many have the address, is matched to nobody, and it is known why', async () => {
    const { ats, mirror, matching, profiles, sync, match, rows, idOf } = await kept.world();
    const emails = [{ address: 'desk7@agency.example' }];
    await profiles(
      strangers.flatMap((one) => [
        { ...one, emails },
        { ...one, key: `${one.key}-too`, lastName: 'Other', emails },
      ]),
    );
    ats.addCandidate({
      remoteId: 'a',
      firstName: 'Ada',
      lastName: 'Example',
      emails: ['desk7@agency.example'],
      workExperience: [],
    });
    await sync();
    const id = await idOf('a');
    const why = () => mirror.look((scope) => matching.unmatched(scope, [id]));
    expect(await why()).toEqual(new Map([[id, 'SHARED_CONTACT']]));
    expect(await mirror.look((scope) => matching.of(scope, [id]))).toEqual(new Map());
    const counts = await mirror.look((scope) => matching.counts(scope, [mirror.connectionId]));
    expect(counts.get(mirror.connectionId)).toEqual({ automatic: 0, confirmed: 0, toReview: 0 });
    ats.changeCandidate('a', { emails: [] });
    await mirror.next();
    await match();
    expect(await why()).toEqual(new Map());
    expect(await rows()).toEqual({});
  });

  it('a changed candidate is decided anew, and one who went leaves nothing', async () => {
    const { ats, mirror, profiles, sync, match, rows } = await kept.world();
    await profiles([{ key: 'one', firstName: 'Ada', lastName: 'Example', socialUrls: [page('ada')] }]);
    const gone = ats.addCandidate({ remoteId: 'a', ...ada, socialUrls: [page('ada')] });
    ats.addCandidate({ remoteId: 'b', ...ada, firstName: 'Bea', lastName: 'Sample' });
    await sync();
    expect(Object.keys(await rows())).toEqual(['a']);
    ats.changeCandidate('b', { firstName: 'Ada', lastName: 'Example', socialUrls: [page('ada')] });
    ats.delete('candidate', gone);
    await mirror.next();
    await match();
    expect(Object.keys(await rows())).toEqual(['b']);
  });

  it('a deleted profile leaves nobody matched with it', async () => {
    const { ats, mirror, profiles, sync, match, rows } = await kept.world();
    const [id = ''] = await profiles([
      { key: 'one', firstName: 'Ada', lastName: 'Example', socialUrls: [page('ada')] },
    ]);
    ats.addCandidate({ remoteId: 'a', ...ada, socialUrls: [page('ada')] });
    await sync();
    await mirror.write((tx) => tx.rows(`delete from talentbridge.profile p where ${tx.own('p')} and p.id = $1`, [id]));
    await match();
    expect(await rows()).toEqual({});
  });

  it('of two candidates with one profile by history alone neither is guessed, until one of them goes', async () => {
    const { ats, mirror, profiles, sync, match, rows } = await kept.world();
    await profiles([...strangers, { key: 'one', ...ada }]);
    ats.addCandidate({ remoteId: 'a', ...ada });
    await sync();
    expect(await rows()).toMatchObject({ a: { decision: 'MATCHED', basis: 'EVIDENCE' } });
    ats.addCandidate({ remoteId: 'b', ...ada });
    await mirror.next();
    await match();
    expect(await rows()).toMatchObject({
      a: { decision: 'REVIEW', reason: 'CLAIMED_TWICE' },
      b: { decision: 'REVIEW', reason: 'CLAIMED_TWICE' },
    });
    ats.delete('candidate', 'b');
    await mirror.next();
    await match();
    expect(await rows()).toMatchObject({ a: { decision: 'MATCHED', reason: null } });
  });

  it('tells whoever keeps something of a candidate, once, and is not woken by it', async () => {
    const { ats, mirror, profiles, sync, match, isQueued, idOf } = await kept.world();
    await profiles([{ key: 'one', firstName: 'Ada', lastName: 'Example', socialUrls: [page('ada')] }]);
    ats.addCandidate({ remoteId: 'a', ...ada, socialUrls: [page('ada')] });
    await sync();
    const told = () =>
      mirror.look((scope) =>
        scope.read((tx) =>
          tx.rows<{ ids: readonly string[] }>(
            `select c.ids from talentbridge.mirror_change c where ${tx.own('c')} and c.change = 'CANDIDATES_MATCHED'`,
          ),
        ),
      );
    expect(await told()).toEqual([{ ids: [await idOf('a')] }]);
    expect(await isQueued()).toBe(false);
    ats.changeCandidate('a', { source: 'Elsewhere' });
    await mirror.next();
    await match();
    expect(await told()).toHaveLength(1);
    expect(await isQueued()).toBe(false);
  });
});

describe('RED-4: what a person says', () => {
  it('confirmed is matched, whatever evidence says, and stays so over re-syncs and a new connection to the account', async () => {
    const first = await kept.world();
    const { ats, mirror, matching, profiles, sync, rows, idOf, organizationId } = first;
    await profiles([...strangers, { key: 'one', ...ada }]);
    const [other = ''] = await profiles([{ key: 'two', firstName: 'Somebody', lastName: 'Else' }]);
    ats.addCandidate({ remoteId: 'a', ...ada });
    await sync();
    const id = await idOf('a');
    const chosen = await mirror.look((scope) => matching.confirm(scope, id, other));
    expect(chosen).toMatchObject({ profileId: other, decision: 'MATCHED', decidedBy: 'PERSON' });
    ats.changeCandidate('a', { source: 'Elsewhere' });
    await mirror.next('FULL');
    await first.match();
    expect(await rows()).toMatchObject({ a: { profileId: other, decision: 'MATCHED', decidedBy: 'PERSON' } });

    const again = await kept.world({ organizationId });
    again.ats.addCandidate({ remoteId: 'a', ...ada });
    await again.sync();
    expect(await mirror.look((scope) => matching.of(scope, [id]))).not.toEqual(new Map());
    const theirs = await again.idOf('a');
    expect((await again.mirror.look((scope) => matching.of(scope, [theirs]))).get(theirs)).toMatchObject({
      profileId: other,
      decidedBy: 'PERSON',
    });
  });

  it('undone is never offered again, but for somebody who chooses it', async () => {
    const { ats, mirror, matching, profiles, sync, match, rows, idOf } = await kept.world();
    const [id = ''] = await profiles([
      { key: 'one', firstName: 'Ada', lastName: 'Example', socialUrls: [page('ada')] },
    ]);
    ats.addCandidate({ remoteId: 'a', ...ada, socialUrls: [page('ada')] });
    await sync();
    const candidate = await idOf('a');
    expect(await mirror.look((scope) => matching.reject(scope, candidate))).toBeUndefined();
    expect(await rows()).toEqual({});
    await match();
    await mirror.next('FULL');
    await mirror.look((scope) => matching.rematch(scope));
    await match();
    expect(await rows()).toEqual({});
    await mirror.look((scope) => matching.confirm(scope, candidate, id));
    await match();
    expect(await rows()).toMatchObject({ a: { profileId: id, decidedBy: 'PERSON', basis: 'LINKEDIN' } });
  });

  it('a confirmed claim settles the doubt about the others', async () => {
    const { ats, mirror, matching, profiles, sync, match, rows, idOf } = await kept.world();
    await profiles([...strangers, { key: 'one', ...ada }]);
    ats.addCandidate({ remoteId: 'a', ...ada });
    ats.addCandidate({ remoteId: 'b', ...ada });
    await sync();
    const candidate = await idOf('a');
    await mirror.look((scope) => matching.confirm(scope, candidate));
    await match();
    expect(await rows()).toMatchObject({
      a: { decision: 'MATCHED', decidedBy: 'PERSON' },
      b: { decision: 'REVIEW', reason: 'CLAIMED_TWICE' },
    });
    const toReview = await mirror.look((scope) => matching.toReview(scope, { first: 10 }));
    expect(toReview.items.map(({ candidateId }) => candidateId)).toEqual([await idOf('b')]);
    const counts = await mirror.look((scope) => matching.counts(scope, [mirror.connectionId]));
    expect(counts.get(mirror.connectionId)).toEqual({ automatic: 0, confirmed: 1, toReview: 1 });
  });

  it('a person’s word beats the page of another, who is shown; chosen for both, both are told', async () => {
    const { ats, mirror, matching, profiles, sync, match, rows, idOf } = await kept.world();
    const [id = ''] = await profiles([
      { key: 'one', firstName: 'Ada', lastName: 'Example', socialUrls: [page('ada')] },
    ]);
    ats.addCandidate({ remoteId: 'a', ...ada, socialUrls: [page('ada')] });
    ats.addCandidate({ remoteId: 'b', ...ada, firstName: 'Somebody', lastName: 'Else' });
    await sync();
    const [a, b] = [await idOf('a'), await idOf('b')];
    await mirror.look((scope) => matching.confirm(scope, b, id));
    const isSettled = { a: { decision: 'REVIEW', reason: 'CLAIMED_TWICE' }, b: { decision: 'MATCHED', reason: null } };
    expect(await rows()).toMatchObject(isSettled);
    await match();
    expect(await rows()).toMatchObject(isSettled);

    const both = { decision: 'MATCHED', decidedBy: 'PERSON', reason: 'CLAIMED_TWICE' };
    expect(await mirror.look((scope) => matching.confirm(scope, a))).toMatchObject(both);
    await match();
    expect(await rows()).toMatchObject({ a: both, b: both });
    await mirror.look((scope) => matching.reject(scope, b));
    await match();
    expect(await rows()).toMatchObject({ a: { decision: 'MATCHED', reason: null } });
  });

  it('names what is wrong', async () => {
    const { ats, mirror, matching, profiles, sync, idOf } = await kept.world();
    ats.addCandidate({ remoteId: 'a' });
    await sync();
    const id = await idOf('a');
    const [profile = ''] = await profiles([{ key: 'one', firstName: 'Ada', lastName: 'Example' }]);
    const look = mirror.look;
    await expect(look((scope) => matching.confirm(scope, id))).rejects.toMatchObject({ code: 'WRONG_STATE' });
    await expect(look((scope) => matching.confirm(scope, id, id))).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(look((scope) => matching.confirm(scope, profile, profile))).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

it('RED-12: an erased person leaves no match and no verdict, and frees the profile for others', async () => {
  const { ats, mirror, matching, profiles, sync, rows, idOf } = await kept.world();
  await profiles([...strangers, { key: 'one', ...ada }]);
  ats.addCandidate({ remoteId: 'a', ...ada, emails: ['a@mail.example'] });
  ats.addCandidate({ remoteId: 'b', ...ada, emails: ['b@mail.example'] });
  await sync();
  const id = await idOf('a');
  await mirror.look((scope) => matching.confirm(scope, id));
  const certificate = await mirror.look((scope) => mirror.mirror.eraseCandidate(scope, id));
  expect(certificate.removed).toEqual(
    expect.arrayContaining([
      { table: 'candidate_match', rows: 1 },
      { table: 'match_verdict', rows: 1 },
    ]),
  );
  expect(await rows()).toMatchObject({ b: { decision: 'MATCHED' } });
  expect(Object.keys(await rows())).toEqual(['b']);
});

it('CON-7: a removed mirror leaves no match', async () => {
  const { ats, mirror, profiles, sync, match, rows } = await kept.world();
  await profiles([{ key: 'one', firstName: 'Ada', lastName: 'Example', socialUrls: [page('ada')] }]);
  ats.addCandidate({ remoteId: 'a', ...ada, socialUrls: [page('ada')] });
  await sync();
  await mirror.write((tx) => mirror.module.leave(tx, mirror.connectionId));
  await mirror.clear();
  await match();
  expect(await rows()).toEqual({});
});

it('organizations know nothing of each other', async () => {
  const matching = kept.open();
  const [one, other] = [await kept.world({ matching }), await kept.world({ matching })];
  await one.profiles([{ key: 'one', firstName: 'Ada', lastName: 'Example', socialUrls: [page('ada')] }]);
  for (const { ats, sync } of [one, other]) {
    ats.addCandidate({ remoteId: 'a', ...ada, socialUrls: [page('ada')] });
    await sync();
  }
  expect(Object.keys(await one.rows())).toEqual(['a']);
  expect(await other.rows()).toEqual({});
  const theirs = await one.idOf('a');
  expect(await other.mirror.look((scope) => other.matching.of(scope, [theirs]))).toEqual(new Map());
  await expect(other.mirror.look((scope) => other.matching.reject(scope, theirs))).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
});

it('RED-4: rests by the clock of the database, whatever that of the process says', async () => {
  const world = await kept.world();
  await world.profiles([{ key: 'one', firstName: 'Ada', lastName: 'Example', socialUrls: [page('ada')] }]);
  world.ats.addCandidate({ remoteId: 'a', ...ada, socialUrls: [page('ada')] });
  await world.sync();
  await world.profiles([{ key: 'two', firstName: 'Grace', lastName: 'Hopper', socialUrls: [page('grace')] }]);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3_600_000 });
  try {
    let jobs = 0;
    await world.match(() => {
      jobs += 1;
      if (jobs > 20) throw new Error('It puts itself off again and again.');
    });
  } finally {
    vi.useRealTimers();
  }
  expect((await world.mirror.look((scope) => world.matching.state(scope))).wantedAt).toBeNull();
});

it('RED-4: matches that an earlier version stored are shown in the words of today, and decided anew', async () => {
  const url = await freshDatabase();
  await using earlier = await openMatchingDatabase(url);
  const { ats, mirror, matching, profiles, sync, rows } = await earlier.world();
  await profiles([{ key: 'one', firstName: 'Ada', lastName: 'Example', socialUrls: [page('ada')] }]);
  ats.addCandidate({ remoteId: 'a', ...ada, socialUrls: [page('ada')] });
  await sync();
  await earlier.mirrors.database.owner.query(`
    update talentbridge.candidate_match set alone = 'AUTOMATIC', decision = 'AUTOMATIC';
    alter table talentbridge.candidate_match drop column unmatched_because;
    delete from talentbridge.schema_step where name = 'matching-3'`);
  await migrateHub(url);
  expect(await rows()).toMatchObject({ a: { decision: 'MATCHED', decidedBy: 'ENGINE' } });
  expect((await mirror.look((scope) => matching.state(scope))).wantedAt).not.toBeNull();
});
