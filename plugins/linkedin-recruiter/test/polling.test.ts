import { describe, expect, it } from 'vitest';
import { CONTRACT, type StartedLinkedIn, startEnabled } from './start-linkedin.js';

const ADA = 'urn:li:person:a1b2c3d4';
const SEAT = 'urn:li:seat:555';

const events = ({ simulator, get }: StartedLinkedIn, { from = -60_000, to = 60_000, more = '' } = {}) => {
  const now = simulator.clock.now();
  const time = `timeRange.start=${now + from}&timeRange.end=${now + to}`;
  return get(`/v2/conversationEvents?q=criteria&viewer=${SEAT}&${time}&start=0&count=50${more}`);
};
const stubs = ({ simulator, get }: StartedLinkedIn) => {
  const now = simulator.clock.now();
  const dates = `createdDateStart=${now - 60_000}&createdDateEnd=${now + 60_000}`;
  return get(`/v2/mailStubs?q=contract&contract=${CONTRACT}&owners=${SEAT}&${dates}&start=0&count=50`);
};
const mailTo = async ({ control }: StartedLinkedIn, mail: object = {}): Promise<string> => {
  const { json } = await control('/recruiter/inmails', {
    seat: 555,
    member: ADA,
    subject: 'Role',
    body: 'Hello',
    ...mail,
  });
  return json.conversation;
};

describe('seats (sheet §7.1)', () => {
  it('need a start and the contract of an enabled integration, and come ten at a time', async () => {
    await using linkedIn = await startEnabled();
    const seats = (query: string) => linkedIn.get(`/v2/seatsV2?q=attributes&${query}`);
    expect(await seats(`contracts=${CONTRACT}`)).toMatchObject({ status: 400 });
    expect(await seats('contracts=urn:li:contract:43&start=0')).toMatchObject({ status: 403 });
    expect(await seats('contracts=urn:li:contract:44&start=0')).toMatchObject({ status: 403 });
    const { json } = await seats(`contracts=${CONTRACT}&start=0`);
    expect(json).toMatchObject({ paging: { start: 0, count: 10 } });
    expect(json.elements).toHaveLength(3);
    expect((await seats(`contracts=${CONTRACT}&states=PARKED&start=0`)).json.elements).toMatchObject([{ id: 557 }]);
    expect((await seats(`contracts=${CONTRACT}&start=2&count=2`)).json.elements).toHaveLength(1);
    expect(await seats(`contracts=${CONTRACT}&states=GONE&start=0`)).toMatchObject({ status: 400 });
  });

  it('answer to the older finder too', async () => {
    await using linkedIn = await startEnabled();
    const path = `/v2/seats?q=seatsByAttributes&fields=id&active=true&contracts=${CONTRACT}&start=0&count=100`;
    expect((await linkedIn.get(path)).json.elements).toMatchObject([{ id: 555 }, { id: 556 }]);
  });

  it('lose access at once when they are parked, or taken away', async () => {
    await using linkedIn = await startEnabled();
    expect(await events(linkedIn)).toMatchObject({ status: 200 });
    await linkedIn.control('/recruiter/seats/555', { state: 'PARKED' });
    expect(await events(linkedIn)).toMatchObject({ status: 403 });
    await linkedIn.control('/recruiter/seats/555', { state: 'REMOVED' });
    expect(await events(linkedIn)).toMatchObject({ status: 403 });
    const { json } = await linkedIn.get(`/v2/seatsV2?q=attributes&contracts=${CONTRACT}&start=0`);
    expect(json.elements).toMatchObject([{ id: 556 }, { id: 557 }]);
  });
});

describe('InMails (sheet §7.2)', () => {
  it('come to their viewer, private ones too, with author, time and content', async () => {
    await using linkedIn = await startEnabled();
    const conversation = await mailTo(linkedIn, { visibility: 'PRIVATE' });
    await linkedIn.control('/recruiter/replies', { conversation, body: 'Tell me more' });
    await linkedIn.control('/recruiter/inmails', { seat: 556, member: ADA, subject: 'Other', body: 'x' });
    const { json } = await events(linkedIn);
    expect(json.elements).toMatchObject([
      { author: SEAT, recipients: [ADA], visibility: 'PRIVATE', content: { subject: 'Role', body: 'Hello' } },
      { author: ADA, recipients: [SEAT], conversation, content: { body: 'Tell me more' } },
    ]);
  });

  it('are those from the start, inclusive, to the end, exclusive', async () => {
    await using linkedIn = await startEnabled();
    await mailTo(linkedIn);
    const { createdAt } = (await events(linkedIn)).json.elements[0];
    const within = async (start: number, end: number) => {
      const time = `timeRange.start=${start}&timeRange.end=${end}`;
      const { json } = await linkedIn.get(`/v2/conversationEvents?q=criteria&viewer=${SEAT}&${time}&start=0`);
      return json.elements.length;
    };
    expect(await within(createdAt, createdAt + 1)).toBe(1);
    expect(await within(createdAt - 1, createdAt)).toBe(0);
    expect(await within(createdAt + 1, createdAt + 2)).toBe(0);
  });

  it('are asked for twelve times a minute and seat at most', async () => {
    await using linkedIn = await startEnabled();
    for (let count = 0; count < 12; count += 1) expect(await events(linkedIn)).toMatchObject({ status: 200 });
    expect(await events(linkedIn)).toMatchObject({ status: 429 });
    linkedIn.simulator.clock.advance(60_000);
    expect(await events(linkedIn)).toMatchObject({ status: 200 });
  });

  it('are flagged when the window is above twelve hours', async () => {
    await using linkedIn = await startEnabled();
    const hour = 60 * 60_000;
    await events(linkedIn, { from: -12 * hour, to: 0 });
    expect(linkedIn.simulator.flags()).toEqual([]);
    expect(await events(linkedIn, { from: -12 * hour, to: 1 })).toMatchObject({ status: 200 });
    expect(linkedIn.simulator.flags()).toMatchObject([{ what: expect.stringContaining('12 hours') }]);
  });

  it('need viewer and both ends of the time', async () => {
    await using linkedIn = await startEnabled();
    for (const query of [
      '',
      `&viewer=${SEAT}`,
      `&viewer=${SEAT}&timeRange.start=1`,
      '&timeRange.start=1&timeRange.end=2',
    ]) {
      expect(await linkedIn.get(`/v2/conversationEvents?q=criteria${query}`)).toMatchObject({ status: 400 });
    }
  });
});

describe('stubs (sheet §7.3)', () => {
  it('RSC-4: exist only with consent, which is asked on the first reply alone', async () => {
    await using linkedIn = await startEnabled();
    const silent = await mailTo(linkedIn);
    await linkedIn.control('/recruiter/replies', { conversation: silent, body: 'No, thanks', consent: false });
    expect((await stubs(linkedIn)).json.elements).toEqual([]);
    const late = await linkedIn.control('/recruiter/replies', { conversation: silent, body: 'Well', consent: true });
    expect(late).toMatchObject({ status: 409 });
    const open = await mailTo(linkedIn);
    await linkedIn.control('/recruiter/replies', { conversation: open, body: 'Yes', consent: true });
    expect((await stubs(linkedIn)).json.elements).toMatchObject([
      {
        owner: SEAT,
        contract: CONTRACT,
        stubProfile: { member: ADA, emailAddress: 'ada@home.example', phoneNumber: '+14155550100', lastName: 'Okafor' },
      },
    ]);
  });

  it('need owners and dates', async () => {
    await using linkedIn = await startEnabled();
    const base = `/v2/mailStubs?q=contract&contract=${CONTRACT}`;
    for (const query of [
      `&owners=${SEAT}`,
      '&createdDateStart=1&createdDateEnd=2',
      `&owners=${SEAT}&createdDateStart=1`,
    ]) {
      expect(await linkedIn.get(`${base}${query}`)).toMatchObject({ status: 400 });
    }
  });

  it('are an error when too many are found', async () => {
    await using linkedIn = await startEnabled({ limits: { stubsFound: 2 } });
    for (const status of [200, 200, 400]) {
      const conversation = await mailTo(linkedIn);
      await linkedIn.control('/recruiter/replies', { conversation, body: 'Yes', consent: true });
      expect(await stubs(linkedIn)).toMatchObject({ status });
    }
  });
});

describe('notes (sheet §7.4)', () => {
  const notes = ({ get }: StartedLinkedIn, range = '') =>
    get(`/v2/prospectNotes?q=criteria&contract=${CONTRACT}&owners=${SEAT}&start=0&count=100${range}`);

  it('come by their last change, above the cutoff and up to the end', async () => {
    await using linkedIn = await startEnabled();
    await linkedIn.control('/recruiter/notes', {
      seat: 555,
      member: ADA,
      note: 'Open to Q3 move.',
      visibility: 'PRIVATE',
    });
    const [note] = (await notes(linkedIn)).json.elements;
    expect(note).toMatchObject({
      active: true,
      owner: SEAT,
      prospect: ADA,
      note: 'Open to Q3 move.',
      visibility: 'PRIVATE',
    });
    const count = async (range: string) => (await notes(linkedIn, range)).json.elements.length;
    expect(await count(`&cutoffDate=${note.lastModified}`)).toBe(0);
    expect(await count(`&cutoffDate=${note.lastModified - 1}&beforeDate=${note.lastModified}`)).toBe(1);
    expect(await count(`&beforeDate=${note.lastModified - 1}`)).toBe(0);
  });

  it('change for their author alone, and stay as inactive when deleted', async () => {
    await using linkedIn = await startEnabled();
    const { json } = await linkedIn.control('/recruiter/notes', { seat: 555, member: ADA, note: 'One' });
    const path = `/recruiter/notes/${json.id}`;
    expect(await linkedIn.control(path, { seat: 556, note: 'Two' })).toMatchObject({ status: 403 });
    const [before] = (await notes(linkedIn)).json.elements;
    await linkedIn.control(path, { seat: 555, note: 'Two' });
    await linkedIn.control(path, { seat: 555, action: 'delete' });
    const [after] = (await notes(linkedIn)).json.elements;
    expect(after).toMatchObject({ id: json.id, note: 'Two', active: false, created: before.created });
    expect(after.lastModified).toBeGreaterThan(before.lastModified);
  });

  it('need owners', async () => {
    await using linkedIn = await startEnabled();
    expect(await linkedIn.get(`/v2/prospectNotes?q=criteria&contract=${CONTRACT}`)).toMatchObject({ status: 400 });
  });
});

it('every list comes page by page without a gap (sheet §7)', async () => {
  await using linkedIn = await startEnabled();
  for (let count = 0; count < 7; count += 1) {
    await linkedIn.control('/recruiter/notes', { seat: 555, member: ADA, note: `Note ${count}` });
  }
  const found: string[] = [];
  for (let start = 0; start < 9; start += 3) {
    const path = `/v2/prospectNotes?q=criteria&contract=${CONTRACT}&owners=${SEAT}&start=${start}&count=3`;
    const { elements, paging } = (await linkedIn.get(path)).json;
    expect(paging).toMatchObject({ start, count: 3, links: [] });
    found.push(...elements.map(({ note }: { note: string }) => note));
  }
  expect(found).toEqual(Array.from({ length: 7 }, (_, index) => `Note ${index}`));
  expect(await linkedIn.get(`/v2/seatsV2?q=attributes&contracts=${CONTRACT}&start=0&count=101`)).toMatchObject({
    status: 400,
  });
});
