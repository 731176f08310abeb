import { application, candidate, feedback, job, note, stage } from '../test/mirrored.ts';
import { type PluginStand, startPluginStand } from './plugin-stand.ts';
import type { Exercises } from './protocol.ts';
import { MEMBERS } from './recruiter-pages.ts';
import { callsTo, recordsIn } from './wire.ts';

/** Module 2, as far as it is the plugin’s. The histories are the hub’s. */
export const syncing: Exercises = {
  async 'RSC-204'(protocol) {
    await using stand = await startPluginStand();
    const { systemConnect, ctx } = stand.connection;
    protocol.step(
      'A candidate whose values nobody else has is sent, with an application and everything that belongs to it.',
    );
    const from = stand.recorder.count;
    await sendAda(stand);
    protocol.show(callsTo(stand.recorder.since(from), 'PUT /v2/atsCandidates?'));
    protocol.step('A recruiter opens the profile in Recruiter.');
    const before = stand.recorder.count;
    const { inAts, previews } = await stand.pages.profile(MEMBERS.ada);
    protocol.equal('the indicator shows', inAts, true);
    protocol.show(stand.recorder.since(before));
    const [preview] = previews;
    protocol.equal(
      'it names and opens the candidate',
      [preview?.name, preview?.url],
      ['Ada Okafor-Unique', 'https://ats.example/candidates/C-77'],
    );
    const [considered] = preview?.jobs ?? [];
    protocol.equal(
      'its job and stages',
      [considered?.title, considered?.stages.map((one) => one.stage)],
      ['Lighthouse Keeper', ['New', 'Phone Interview 77']],
    );
    protocol.equal(
      'its notes',
      preview?.notes.map((one) => one.note),
      ['Note 77 of the candidate', 'Note 77 of the application'],
    );
    protocol.equal(
      'its interviews',
      preview?.interviews.map((one) => one.feedback),
      ['Feedback 77'],
    );
    protocol.step('The plugin reads whom LinkedIn took the candidate for.');
    const read = stand.recorder.count;
    const matches = await systemConnect.matches(ctx, ['C-77']);
    protocol.equal('the person URN that is kept', matches, [
      { candidateRemoteId: 'C-77', member: MEMBERS.ada, byHand: false },
    ]);
    protocol.show(stand.recorder.since(read));
    const frame = await stand.pages.frame(await systemConnect.profileWidget(ctx, 'C-77'));
    protocol.holds('the widget shows this profile', frame.includes('Ada Okafor'), headings(frame));
  },

  async 'Test case 4'(protocol) {
    await using stand = await startPluginStand();
    const { systemConnect, ctx } = stand.connection;
    await sendAda(stand);
    const { previews } = await stand.pages.profile(MEMBERS.ada);
    protocol.equal('the name before', previews[0]?.name, 'Ada Okafor-Unique');
    protocol.step('The candidate’s name is edited, and the whole record is sent again.');
    const from = stand.recorder.count;
    await systemConnect.push(ctx, {
      kind: 'candidate',
      records: [{ candidate: { ...ADA, lastName: 'Okafor-Edited' } }],
    });
    const shown = await stand.pages.profile(MEMBERS.ada);
    protocol.equal('the name in Recruiter', shown.previews[0]?.name, 'Ada Okafor-Edited');
    protocol.equal('its jobs are still there', shown.previews[0]?.jobs.length, 1);
    protocol.show(stand.recorder.since(from));
  },

  async 'Test case 5'(protocol) {
    await using stand = await startPluginStand();
    const { systemConnect, ctx } = stand.connection;
    protocol.step('Batches are sent in which one record lacks what LinkedIn requires.');
    const from = stand.recorder.count;
    const jobs = [job(), { ...job({ remoteId: 'JOB-2' }), title: '' }, job({ remoteId: 'JOB-3' })];
    const results = await systemConnect.push(ctx, { kind: 'job', records: jobs });
    protocol.equal(
      'which jobs were taken',
      results.map(({ ok }) => ok),
      [true, false, true],
    );
    protocol.equal('why one was not', reasonsIn(results), ['the job has no title']);
    protocol.show(callsTo(stand.recorder.since(from), 'POST /v2/simpleJobPostings'));
    const own = candidate();
    const others = await systemConnect.push(ctx, {
      kind: 'candidate',
      records: [{ candidate: own }, { candidate: candidate({ remoteId: 'C-2', emails: [] }) }],
    });
    protocol.equal(
      'which candidates were taken',
      others.map(({ ok }) => ok),
      [true, false],
    );
    protocol.holds('why one was not', reasonsIn(others).length === 1, reasonsIn(others));
    protocol.step('LinkedIn itself refuses one: an application whose candidate it does not have.');
    const before = stand.recorder.count;
    const applications = await systemConnect.push(ctx, {
      kind: 'application',
      records: [
        { application: application(), candidate: own, job: job() },
        {
          application: application({ remoteId: 'A-2', candidateRemoteId: 'C-9' }),
          candidate: candidate({ remoteId: 'C-9' }),
        },
      ],
    });
    protocol.equal(
      'which applications were taken',
      applications.map(({ ok }) => ok),
      [true, false],
    );
    protocol.holds('why one was not', reasonsIn(applications).length === 1, reasonsIn(applications));
    protocol.show(stand.recorder.since(before));
  },

  async 'API-BATCHES'(protocol) {
    await using stand = await startPluginStand();
    const { systemConnect, ctx } = stand.connection;
    protocol.step('250 candidates are sent, as many at a time as the plugin says that it takes.');
    const most = systemConnect.limits.batch ?? 100;
    const records = Array.from({ length: 250 }, (_, index) => ({
      candidate: candidate({ remoteId: `C-${index}`, emails: [`person-${index}@home.example`], socialUrls: [] }),
    }));
    let from = stand.recorder.count;
    for (let first = 0; first < records.length; first += most) {
      await systemConnect.push(ctx, { kind: 'candidate', records: records.slice(first, first + most) });
    }
    const calls = stand.recorder.since(from).filter(({ path }) => path.startsWith('/v2/atsCandidates'));
    protocol.equal('records in each call', calls.map(recordsIn), [100, 100, 50]);
    protocol.show(calls.slice(-1));
    protocol.step('A candidate whom somebody linked by hand is sent again without any other change.');
    await sendAda(stand);
    await systemConnect.resolveMatch(ctx, 'C-77', MEMBERS.emre);
    const held = () => stand.simulator.records().candidates.get('C-77')?.record;
    const before = JSON.stringify(held());
    from = stand.recorder.count;
    await systemConnect.push(ctx, { kind: 'candidate', records: [{ candidate: ADA, member: MEMBERS.emre }] });
    protocol.holds('LinkedIn holds the same as before: nothing was lost', JSON.stringify(held()) === before, held());
    protocol.show(stand.recorder.since(from));
  },
};

/** A candidate with values that nobody else has. */
const ADA = candidate({
  remoteId: 'C-77',
  lastName: 'Okafor-Unique',
  remoteUrl: 'https://ats.example/candidates/C-77',
});

/** Sends that candidate with a job, an application, notes, feedback and stages. @throws Error when LinkedIn refuses one. */
export async function sendAda({ connection: { systemConnect, ctx } }: Pick<PluginStand, 'connection'>): Promise<void> {
  const lighthouse = job({ remoteId: 'JOB-77', title: 'Lighthouse Keeper' });
  const applied = application({ remoteId: 'A-77', candidateRemoteId: 'C-77', jobRemoteId: 'JOB-77' });
  const ofApplication = note({
    remoteId: 'AN-77',
    text: 'Note 77 of the application',
    applicationRemoteId: 'A-77',
    createdAt: '2026-01-08T00:00:00.000Z',
  });
  const belongs = { applicationRemoteId: 'A-77' };
  const second = { ...belongs, remoteId: 'ST-2', stage: 'Phone Interview 77', enteredAt: '2026-01-04T00:00:00.000Z' };
  const batches: readonly Parameters<typeof systemConnect.push>[1][] = [
    { kind: 'job', records: [lighthouse] },
    { kind: 'candidate', records: [{ candidate: ADA }] },
    {
      kind: 'candidateNote',
      records: [{ note: note({ remoteId: 'N-77', text: 'Note 77 of the candidate' }), candidateRemoteId: 'C-77' }],
    },
    { kind: 'application', records: [{ application: applied, candidate: ADA, job: lighthouse }] },
    { kind: 'applicationNote', records: [{ note: ofApplication, candidateRemoteId: 'C-77' }] },
    { kind: 'feedback', records: [feedback({ ...belongs, remoteId: 'IF-77', text: 'Feedback 77' })] },
    { kind: 'stage', records: [stage(belongs), stage(second)] },
  ];
  for (const batch of batches) {
    const refused = (await systemConnect.push(ctx, batch)).find(({ ok }) => !ok);
    if (refused) throw new Error(`LinkedIn did not take a ${batch.kind}: ${JSON.stringify(refused)}`);
  }
}

/** The names on a frame. */
export function headings(html: string): readonly string[] {
  return [...html.matchAll(/<h2>([^<]*)<\/h2>/g)].map(([, name = '']) => name);
}

function reasonsIn(results: readonly object[]): readonly string[] {
  return results.flatMap((result) => ('reason' in result ? [String(result.reason)] : []));
}
