import type { NetworkAccess } from '@talentbridge/contracts';
import { type PluginStand, startPluginStand } from './plugin-stand.ts';
import type { Exercises, Protocol } from './protocol.ts';
import { MEMBERS } from './recruiter-pages.ts';
import { sendAda } from './syncing.ts';

/** Two seats of the first customer. */
const RITA = { seat: 555, member: 'urn:li:person:r1t4' } as const;
const TARIQ = { seat: 556, member: 'urn:li:person:t4r1' } as const;

/** Module 4. */
export const accessLists: Exercises = {
  async 'RSC-401'(protocol) {
    await using stand = await securedStand(protocol);
    await list(stand, protocol, [RITA.member]);
    await offered(stand, protocol, 'Rita is offered the job when she exports', RITA.seat, true);
    await offered(stand, protocol, 'Tariq is not', TARIQ.seat, false);
  },

  async 'RSC-402'(protocol) {
    await using stand = await securedStand(protocol);
    await list(stand, protocol, [RITA.member]);
    await considered(stand, protocol, 'Rita sees the job in the indicator', RITA.seat, 1);
    await considered(stand, protocol, 'Tariq does not', TARIQ.seat, 0);
  },

  async 'RSC-403'(protocol) {
    await using stand = await securedStand(protocol);
    await list(stand, protocol, [RITA.member, TARIQ.member]);
    await offered(stand, protocol, 'Tariq is offered the job', TARIQ.seat, true);
    await list(stand, protocol, [RITA.member]);
    await offered(stand, protocol, 'Tariq is offered it no longer', TARIQ.seat, false);
    await considered(stand, protocol, 'nor does he see it in the indicator', TARIQ.seat, 0);
    await offered(stand, protocol, 'Rita still is', RITA.seat, true);
  },

  async 'RSC-404'(protocol) {
    await using stand = await securedStand(protocol);
    for (const members of [[RITA.member, TARIQ.member], [RITA.member], [RITA.member, TARIQ.member]]) {
      await list(stand, protocol, members);
    }
    await offered(stand, protocol, 'Tariq is offered the job again', TARIQ.seat, true);
    await considered(stand, protocol, 'and sees it in the indicator', TARIQ.seat, 1);
  },
};

/** A customer who lets nobody see jobs but those on their lists, and a job with an application. */
async function securedStand(protocol: Protocol): Promise<PluginStand> {
  const stand = await startPluginStand();
  const { systemConnect, ctx } = stand.connection;
  protocol.step('The customer chooses that jobs are for their recruiters alone; a job is sent with an application.');
  await systemConnect.prepare(ctx, { name: 'TalentBridge for Example Co', jobViewers: 'listed' });
  await sendAda(stand);
  await offered(stand, protocol, 'nobody is offered the job before it has a list', RITA.seat, false);
  return stand;
}

async function list(stand: PluginStand, protocol: Protocol, members: NetworkAccess['members']): Promise<void> {
  protocol.step(`On the list of the job: ${members.join(', ')}.`);
  const from = stand.recorder.count;
  const { systemConnect, ctx } = stand.connection;
  const records = [{ remoteId: 'JOB-77', members, everySeat: false }];
  protocol.equal('what became of it', await systemConnect.push(ctx, { kind: 'access', records }), [{ ok: true }]);
  protocol.show(stand.recorder.since(from).filter(({ method }) => method !== 'GET'));
}

async function offered(
  { pages }: PluginStand,
  protocol: Protocol,
  what: string,
  seat: number,
  expected: boolean,
): Promise<void> {
  protocol.equal(what, (await pages.profilePage(MEMBERS.mira, { seat })).includes('JOB-77'), expected);
}

async function considered(
  { pages }: PluginStand,
  protocol: Protocol,
  what: string,
  seat: number,
  jobs: number,
): Promise<void> {
  const { previews } = await pages.profile(MEMBERS.ada, { seat });
  protocol.equal(what, previews.flatMap((preview) => preview.jobs).length, jobs);
}
