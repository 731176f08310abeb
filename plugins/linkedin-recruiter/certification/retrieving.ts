import type { SeatWindow } from '@talentbridge/contracts';
import { candidate, job } from '../test/mirrored.ts';
import { type PluginStand, startPluginStand } from './plugin-stand.ts';
import type { Exercises } from './protocol.ts';
import { CUSTOMERS, MEMBERS } from './recruiter-pages.ts';
import { headings } from './syncing.ts';
import { callsTo, valuesOf } from './wire.ts';

const { seat } = CUSTOMERS.exampleco;
const SEAT = `urn:li:seat:${seat}`;

/** Module 3, as far as it is the plugin’s. What becomes of exports in the ATS is the hub’s. */
export const retrieving: Exercises = {
  async 'RSC-302'(protocol) {
    await using stand = await startPluginStand();
    const { systemConnect, ctx } = stand.connection;
    protocol.step('A recruiter exports a member; the plugin fetches the export.');
    await systemConnect.push(ctx, { kind: 'job', records: [job()] });
    const requestId = await exportMira(stand, 'JOB-1');
    let from = stand.recorder.count;
    const { person } = await systemConnect.readExport(ctx, requestId);
    protocol.equal('what is taken of a person', Object.keys(person), [
      'member',
      'firstName',
      'lastName',
      'title',
      'employer',
    ]);
    const [answered] = stand.recorder.since(from);
    protocol.holds(
      'LinkedIn sent a location, which is not taken',
      valuesOf(answered?.answer ?? '', 'location').length === 1 && !('location' in person),
      valuesOf(answered?.answer ?? '', 'location'),
    );
    protocol.show(stand.recorder.since(from));
    protocol.step('A member answers an InMail and agrees to share contact data; the plugin fetches the stub.');
    await reply(stand, true);
    from = stand.recorder.count;
    const [contact] = (await pulled(stand, 'contact')).contacts;
    protocol.equal('what is taken of a stub', Object.keys(contact ?? {}), [
      'remoteId',
      'person',
      'emails',
      'phones',
      'createdAt',
    ]);
    protocol.show(stand.recorder.since(from));
  },

  async 'RSC-304'(protocol) {
    await using stand = await startPluginStand();
    const { systemConnect, ctx } = stand.connection;
    protocol.step('A candidate with an invented name and address is sent.');
    const nobody = candidate({
      firstName: 'Zyx',
      lastName: 'Wvut',
      emails: ['zyx@nowhere.example'],
      phones: [],
      socialUrls: [],
    });
    await systemConnect.push(ctx, { kind: 'candidate', records: [{ candidate: nobody }] });
    const widget = await systemConnect.profileWidget(ctx, nobody.remoteId);
    protocol.equal('profiles in the widget', headings(await stand.pages.frame(widget)), []);
    protocol.step(
      'Somebody links a profile in the widget: its callback hands the person URN to the hub, which sends it.',
    );
    const from = stand.recorder.count;
    await systemConnect.resolveMatch(ctx, nobody.remoteId, MEMBERS.emre);
    protocol.show(stand.recorder.since(from));
    const linked = headings(await stand.pages.frame(widget));
    protocol.holds('the page is loaded again: the widget shows the profile', linked.length === 1, linked);
    protocol.step('The candidate is sent again, and LinkedIn is asked whom it takes them for.');
    const before = stand.recorder.count;
    await systemConnect.push(ctx, { kind: 'candidate', records: [{ candidate: nobody, member: MEMBERS.emre }] });
    protocol.equal('the mapping', await systemConnect.matches(ctx, [nobody.remoteId]), [
      { candidateRemoteId: nobody.remoteId, member: MEMBERS.emre, byHand: true },
    ]);
    protocol.show(stand.recorder.since(before));
    protocol.equal('the widget afterwards', headings(await stand.pages.frame(widget)), linked);
  },

  async 'Test case 10'(protocol) {
    await using stand = await startPluginStand();
    protocol.step('A recruiter sends an InMail, and the member answers.');
    await reply(stand, false);
    const from = stand.recorder.count;
    const { messages } = await pulled(stand, 'message');
    protocol.equal(
      'authors of what is read',
      messages.map(({ author }) => author.kind),
      ['seat', 'member'],
    );
    protocol.equal(
      'texts of what is read',
      messages.map(({ text }) => text),
      ['Hello Ada', 'Tell me more'],
    );
    protocol.equal('whom it is about', [...new Set(messages.map(({ member }) => member))], [MEMBERS.ada]);
    protocol.show(stand.recorder.since(from));
  },

  async 'API-INMAILS'(protocol) {
    await using stand = await startPluginStand();
    await reply(stand, false);
    const { systemConnect } = stand.connection;
    const longest = systemConnect.limits.longestWindowMs ?? Number.POSITIVE_INFINITY;
    protocol.holds(
      'the longest window that the hub may ask for, in hours',
      longest <= 12 * 3_600_000,
      longest / 3_600_000,
    );
    protocol.step('A window of this length is asked for.');
    const from = stand.recorder.count;
    await pulled(stand, 'message', longest);
    const [call] = stand.recorder.since(from);
    const bounds = [...(call?.path ?? '').matchAll(/timeRange\.(?:start|end)=(\d+)/g)].map(([, time]) => Number(time));
    const [start = 0, end = Number.POSITIVE_INFINITY] = bounds;
    protocol.holds('the window on the wire, in hours', end - start <= 12 * 3_600_000, (end - start) / 3_600_000);
    protocol.equal('what LinkedIn took against its own advice', stand.simulator.flags(), []);
    protocol.show(stand.recorder.since(from));
  },

  async 'API-STUBS'(protocol) {
    await using stand = await startPluginStand();
    protocol.step('A member answers without sharing contact data.');
    await reply(stand, false);
    let from = stand.recorder.count;
    protocol.equal('contacts that are read', (await pulled(stand, 'contact')).contacts, []);
    protocol.show(stand.recorder.since(from));
    protocol.step('Another one answers and agrees.');
    await reply(stand, true, MEMBERS.emre);
    from = stand.recorder.count;
    const { contacts } = await pulled(stand, 'contact');
    protocol.equal(
      'of whom contact data is read',
      contacts.map(({ person }) => person.member),
      [MEMBERS.emre],
    );
    const calls = callsTo(stand.recorder.since(from), 'GET /v2/mailStubs');
    protocol.holds(
      '`owners` is given',
      calls.every(({ path }) => path.includes(`owners=${SEAT}`)),
      calls.length,
    );
    protocol.show(calls);
  },

  async 'API-NOTES'(protocol) {
    await using stand = await startPluginStand();
    const written = await stand.pages.act('/notes', { seat, member: MEMBERS.ada, note: 'Open to a move.' });
    protocol.equal('notes that are read, and whether they stand', await standing(stand), [['Open to a move.', true]]);
    protocol.step('The recruiter deletes the note.');
    await stand.pages.act(`/notes/${written['id']}`, { seat, action: 'delete' });
    const from = stand.recorder.count;
    const seen = await standing(stand);
    protocol.equal(
      'whether it stands',
      seen.map(([, active]) => active),
      [false],
    );
    protocol.show(stand.recorder.since(from));
  },

  async 'API-EXPORTS'(protocol) {
    await using stand = await startPluginStand();
    const { systemConnect, ctx } = stand.connection;
    protocol.step('A notification leads to an export of another customer.');
    await stand.pages.act('/mishaps', { foreignContext: 1 });
    const requestId = await exportMira(stand);
    const from = stand.recorder.count;
    const refusal = await systemConnect.readExport(ctx, requestId).then(
      () => 'nothing',
      (error: unknown) => (error instanceof Error ? error.name : String(error)),
    );
    protocol.equal('what the plugin answers', refusal, 'RecordNotFoundError');
    protocol.show(stand.recorder.since(from));
  },

  async 'API-CLOSED'(protocol) {
    await using stand = await startPluginStand();
    const { systemConnect, ctx } = stand.connection;
    await exportMira(stand);
    protocol.step('A member who was exported closes the account.');
    await stand.pages.act('/members/close', { member: MEMBERS.mira });
    const from = stand.recorder.count;
    const { members } = await systemConnect.closedMembers(ctx, {});
    protocol.equal(
      'members who left',
      members.map(({ member }) => member),
      [MEMBERS.mira],
    );
    protocol.show(stand.recorder.since(from));
  },
};

/** A recruiter exports a member; answers the id of the request. */
async function exportMira({ pages }: PluginStand, jobId?: string): Promise<string> {
  const { id } = await pages.act('/exports', {
    seat,
    member: MEMBERS.mira,
    ...(jobId === undefined ? {} : { job: jobId }),
  });
  return String(id);
}

/** A recruiter writes to a member, who answers. */
async function reply({ pages }: PluginStand, consent: boolean, member: string = MEMBERS.ada): Promise<void> {
  const { conversation } = await pages.act('/inmails', { seat, member, subject: 'Role', body: 'Hello Ada' });
  await pages.act('/replies', { conversation, body: 'Tell me more', consent });
}

function pulled({ connection, simulator }: PluginStand, kind: SeatWindow['kind'], lengthMs = 120_000) {
  const end = simulator.clock.now() + 60_000;
  const window = { seatId: SEAT, kind, from: new Date(end - lengthMs).toISOString(), to: new Date(end).toISOString() };
  return connection.systemConnect.pull(connection.ctx, window);
}

async function standing(stand: PluginStand): Promise<readonly (readonly [string, boolean])[]> {
  return (await pulled(stand, 'note')).notes.map(({ text, active }) => [text, active] as const);
}
