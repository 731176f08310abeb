import type { SeatWindow } from '@talentbridge/contracts';
import { describe, expect, it } from 'vitest';
import { type Connected, connectEnabled } from './connect.js';

const ADA = 'urn:li:person:a1b2c3d4';
const SEAT = 'urn:li:seat:555';
const MINUTE_MS = 60_000;

/** One page of a window around the present of the simulator; by default of the whole hour. */
function pull({ connection, simulator }: Connected, kind: SeatWindow['kind'], some: Partial<SeatWindow> = {}) {
  const now = simulator.clock.now();
  const window = { seatId: SEAT, kind, from: iso(now - 30 * MINUTE_MS), to: iso(now + 30 * MINUTE_MS), ...some };
  return connection.systemConnect.pull(connection.ctx, window);
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** Everything in a window, over all pages. */
async function pullAll(linkedIn: Connected, kind: SeatWindow['kind']) {
  const now = linkedIn.simulator.clock.now();
  const window = { from: iso(now - 30 * MINUTE_MS), to: iso(now + 30 * MINUTE_MS) };
  const pages = [await pull(linkedIn, kind, window)];
  for (let cursor = pages[0]?.cursor; cursor !== undefined; cursor = pages.at(-1)?.cursor) {
    pages.push(await pull(linkedIn, kind, { ...window, cursor }));
  }
  return pages;
}

describe('InMails (sheet §7.2)', () => {
  it('RSC-5: come with author, member, time and content, private ones too', async () => {
    await using linkedIn = await connectEnabled();
    const mail = { seat: 555, member: ADA, subject: 'Role', body: 'Hello', visibility: 'PRIVATE' };
    const { json } = await linkedIn.control('/recruiter/inmails', mail);
    await linkedIn.control('/recruiter/replies', { conversation: json.conversation, body: 'Tell me more' });
    const { messages, cursor } = await pull(linkedIn, 'message');
    expect(messages).toEqual([
      {
        remoteId: expect.stringMatching(/^urn:li:conversationEvent:/),
        conversationId: json.conversation,
        member: ADA,
        author: { kind: 'seat', seatId: SEAT },
        createdAt: expect.stringMatching(/Z$/),
        isPublic: false,
        subject: 'Role',
        text: 'Hello',
      },
      expect.objectContaining({ member: ADA, author: { kind: 'member', member: ADA }, text: 'Tell me more' }),
    ]);
    expect(cursor).toBeUndefined();
  });

  it('RSC-5: are those of the window, from its start to just before its end', async () => {
    await using linkedIn = await connectEnabled();
    await linkedIn.control('/recruiter/inmails', { seat: 555, member: ADA, subject: 'Role', body: 'Hello' });
    const [message] = (await pull(linkedIn, 'message')).messages;
    const at = Date.parse(message?.createdAt ?? '');
    const count = async (from: number, to: number) =>
      (await pull(linkedIn, 'message', { from: iso(from), to: iso(to) })).messages.length;
    expect(await count(at, at + 1)).toBe(1);
    expect(await count(at - 1, at)).toBe(0);
    expect(await count(at + 1, at + 2)).toBe(0);
    expect(linkedIn.simulator.flags()).toEqual([]);
  });

  it('RSC-6: of a seat that lost its place are not handed out, and it is said why', async () => {
    await using linkedIn = await connectEnabled();
    for (const state of ['PARKED', 'REMOVED']) {
      await linkedIn.control('/recruiter/seats/555', { state });
      await expect(pull(linkedIn, 'message')).rejects.toMatchObject({ code: 'ATS_RECORD_NOT_FOUND' });
    }
    await expect(pull(linkedIn, 'message', { seatId: 'urn:li:seat:655' })).rejects.toMatchObject({
      code: 'ATS_RECORD_NOT_FOUND',
    });
  });

  it('RSC-7: of an integration that is switched off are a matter for an administrator', async () => {
    await using linkedIn = await connectEnabled();
    const off = {
      clientId: 'sim-linkedin-exampleco',
      type: 'CSA_API',
      context: 'urn:li:contract:42',
      status: 'DISABLED',
    };
    await linkedIn.control('/recruiter/integrations', off);
    for (const kind of ['message', 'note', 'contact'] as const) {
      await expect(pull(linkedIn, kind)).rejects.toMatchObject({ code: 'ATS_PERMISSION_MISSING' });
    }
  });

  it('RSC-5: the pace of a seat is that of LinkedIn: twelve in a minute, one at a time', async () => {
    await using linkedIn = await connectEnabled();
    for (let count = 0; count < 12; count += 1) await pull(linkedIn, 'message');
    await expect(pull(linkedIn, 'message')).rejects.toMatchObject({ code: 'ATS_RATE_LIMITED' });
  });
});

describe('contact data (sheet §7.3)', () => {
  it('RSC-4: is there with consent alone, and has nothing but what was agreed to', async () => {
    await using linkedIn = await connectEnabled();
    const write = async (consent: boolean) => {
      const { json } = await linkedIn.control('/recruiter/inmails', {
        seat: 555,
        member: ADA,
        subject: 'R',
        body: 'b',
      });
      await linkedIn.control('/recruiter/replies', { conversation: json.conversation, body: 'Yes', consent });
    };
    await write(false);
    expect((await pull(linkedIn, 'contact')).contacts).toEqual([]);
    await write(true);
    expect((await pull(linkedIn, 'contact')).contacts).toEqual([
      {
        remoteId: expect.any(String),
        person: { member: ADA, firstName: 'Ada', lastName: 'Okafor', title: 'Staff Engineer', employer: 'Northwind' },
        emails: ['ada@home.example'],
        phones: ['+14155550100'],
        createdAt: expect.stringMatching(/Z$/),
      },
    ]);
  });
});

describe('notes (sheet §7.4)', () => {
  it('RSC-5: come again when they change, and as inactive and empty when they are deleted', async () => {
    await using linkedIn = await connectEnabled();
    const { json } = await linkedIn.control('/recruiter/notes', { seat: 555, member: ADA, note: 'One' });
    const [first] = (await pull(linkedIn, 'note')).notes;
    expect(first).toMatchObject({ remoteId: String(json.id), active: true, isPublic: true, text: 'One' });
    await linkedIn.control(`/recruiter/notes/${json.id}`, { seat: 555, note: 'Two' });
    expect((await pull(linkedIn, 'note')).notes).toMatchObject([{ remoteId: first?.remoteId, text: 'Two' }]);
    await linkedIn.control(`/recruiter/notes/${json.id}`, { seat: 555, action: 'delete' });
    expect((await pull(linkedIn, 'note')).notes).toMatchObject([
      { remoteId: first?.remoteId, active: false, text: '' },
    ]);
  });

  it('RSC-5: are those of the window, from its start to just before its end', async () => {
    await using linkedIn = await connectEnabled();
    await linkedIn.control('/recruiter/notes', { seat: 555, member: ADA, note: 'One' });
    const [note] = (await pull(linkedIn, 'note')).notes;
    const at = Date.parse(note?.updatedAt ?? '');
    const count = async (from: number, to: number) =>
      (await pull(linkedIn, 'note', { from: iso(from), to: iso(to) })).notes.length;
    expect(await count(at, at + 1)).toBe(1);
    expect(await count(at - 1, at)).toBe(0);
    expect(await count(at + 1, at + 2)).toBe(0);
  });

  it('RSC-5: come page by page, and none is passed over when one is edited meanwhile', async () => {
    await using linkedIn = await connectEnabled();
    const ids: string[] = [];
    for (let index = 0; index < 150; index += 1) {
      const { json } = await linkedIn.control('/recruiter/notes', { seat: 555, member: ADA, note: `Note ${index}` });
      ids.push(String(json.id));
    }
    const first = await pull(linkedIn, 'note');
    await linkedIn.control(`/recruiter/notes/${ids[0]}`, { seat: 555, note: 'edited' });
    const second = await pull(linkedIn, 'note', { cursor: first.cursor ?? '' });
    expect(second.cursor).toBeUndefined();
    const found = new Set([...first.notes, ...second.notes].map(({ remoteId }) => remoteId));
    expect([...found].toSorted()).toEqual(ids.toSorted());
  });
});

describe('pages', () => {
  it('RSC-5: go on without an element that cannot be read, and stop when none can', async () => {
    await using linkedIn = await connectEnabled();
    const good = { id: 1, active: true, created: 1, lastModified: 2, owner: SEAT, prospect: ADA, note: 'One' };
    const answered = async (...elements: readonly object[]) => {
      linkedIn.simulator.faults.clear();
      linkedIn.simulator.faults.add({
        path: '/v2/prospectNotes',
        fault: { kind: 'status', status: 200, body: { elements } },
      });
      return (await pull(linkedIn, 'note')).notes;
    };
    expect(await answered({ id: 2 }, good)).toMatchObject([{ remoteId: '1', isPublic: false }]);
    await expect(answered({ id: 2 })).rejects.toMatchObject({ code: 'ATS_ANSWER_UNREADABLE', recovery: 'retry' });
  });

  it('RSC-5: bring every message once', async () => {
    await using linkedIn = await connectEnabled();
    const mail = { seat: 555, member: ADA, subject: 'Role' };
    for (let index = 0; index < 205; index += 1) {
      await linkedIn.control('/recruiter/inmails', { ...mail, body: `Mail ${index}` });
    }
    const pages = await pullAll(linkedIn, 'message');
    expect(pages.map(({ messages }) => messages.length)).toEqual([100, 100, 5]);
    expect(new Set(pages.flatMap(({ messages }) => messages.map(({ text }) => text))).size).toBe(205);
  });
});

describe('seats (sheet §7.1)', () => {
  it('RSC-6: are those of the contract, in whatever state', async () => {
    await using linkedIn = await connectEnabled();
    const { systemConnect, ctx } = linkedIn.connection;
    const { seats, cursor } = await systemConnect.seats(ctx, {});
    expect(seats.map(({ seatId, active }) => [seatId, active])).toEqual([
      ['urn:li:seat:555', true],
      ['urn:li:seat:556', true],
      ['urn:li:seat:557', false],
    ]);
    expect(cursor).toBeUndefined();
  });
});
