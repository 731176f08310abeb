import { AtsUnavailableError, type Notice, RecordNotFoundError, type RecordReference } from '@talentbridge/contracts';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import { PROCESS_TASK, TEND_TASK } from '../../../dist/capabilities/webhooks/webhook-model.js';
import { TellingAts, type TellingAtsOptions } from './telling-ats.ts';
import { connectWebhooks, type WebhookWorld } from './webhook-world.ts';

let url: string;
beforeAll(async () => {
  url = await freshDatabase();
});
const used: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of used.splice(0).reverse()) await one[Symbol.asyncDispose]();
});

/** A connection that is subscribed, with these capabilities. */
async function subscribed(
  capabilities: readonly ('rediscovery' | 'systemConnect' | 'export')[] = ['rediscovery', 'systemConnect'],
  options: TellingAtsOptions = {},
): Promise<{ readonly ats: TellingAts; readonly world: WebhookWorld }> {
  const ats = await TellingAts.start(options);
  used.push(ats);
  const world = await connectWebhooks(url, ats);
  used.push(world);
  await world.change({ capabilities });
  await world.tend();
  return { ats, world };
}

const candidate = (remoteId: string): RecordReference => ({ kind: 'candidate', remoteId });
const notice = (id: string): Notice => ({ capability: 'systemConnect', id });
const unavailable = (): never => {
  throw new AtsUnavailableError('Telling ATS', 'answered 500');
};
const refsKept = (world: WebhookWorld) =>
  world.rows<{ refs: string[] }>('select e.refs from talentbridge.webhook_event e order by e.id');
/** What failed is due again at once. */
const hurry = async (world: WebhookWorld): Promise<void> => {
  await world.rows('update talentbridge.webhook_state set resume_at = null');
  await world.rows('update talentbridge.webhook_event set resume_at = now() where done_at is null and tries > 0');
};

describe('an event with notices', () => {
  it('is stored before it is acknowledged, and told to the capability that it is for, apart from records', async () => {
    const { ats, world } = await subscribed();
    const records = [candidate('17')];
    expect(await ats.tell({ id: '1', records, notices: [notice('a/b'), notice('a/b'), notice('c')] })).toBe(200);
    expect(await ats.tell({ id: '2', records: [], notices: [notice('c')] })).toBe(200);
    expect(await ats.tell({ id: '2', records: [], notices: [notice('c')] })).toBe(200);
    expect((await refsKept(world)).map(({ refs }) => refs)).toEqual([
      ['candidate/17', 'notice/systemConnect/a/b', 'notice/systemConnect/c'],
      ['notice/systemConnect/c'],
    ]);
    await world.process();
    expect(world.told).toEqual([['candidate/17']]);
    expect(world.noticed).toEqual([['a/b', 'c']]);
    expect((await refsKept(world)).flatMap(({ refs }) => refs)).toEqual([]);
    expect(await world.state()).toMatchObject({ waiting: 0 });
  });

  it('keeps of them what is fit to be kept', async () => {
    const { ats, world } = await subscribed();
    const odd: readonly unknown[] = [
      notice(''),
      notice('x'.repeat(501)),
      notice('a\nb'),
      { capability: 'systemConnect', id: 7 },
      { capability: 'a/b', id: '1' },
      { capability: '', id: '1' },
      { capability: 'rediscovery', id: '1' },
      null,
      'notice',
    ];
    expect(await ats.tell({ records: [], notices: odd as Notice[] })).toBe(200);
    expect(await ats.tell({ records: [], notices: 'none' as never })).toBe(200);
    expect(await refsKept(world)).toEqual([]);
    expect(await ats.tell({ records: [], notices: [notice('x'.repeat(500))] })).toBe(200);
    expect(await refsKept(world)).toHaveLength(1);
  });

  it('is done with where the connection does not have the capability, and where nobody knows it', async () => {
    const { ats, world } = await subscribed(['rediscovery']);
    await ats.tell({ id: '1', records: [candidate('17')], notices: [notice('1')] });
    await ats.tell({ id: '2', records: [], notices: [{ capability: 'nobody' as never, id: '1' }] });
    await world.process();
    expect(world.told).toEqual([['candidate/17']]);
    expect(world.noticed).toEqual([]);
    expect(await world.state()).toMatchObject({ waiting: 0 });
  });

  it('is told again where it could not be, whatever becomes of records meanwhile', async () => {
    const { ats, world } = await subscribed();
    await ats.tell({ id: '1', records: [candidate('17')] });
    await ats.tell({ id: '2', records: [], notices: [notice('a')] });
    world.onNoticed = unavailable;
    const before = Date.now();
    for (let time = 0; time < 2; time += 1) {
      await hurry(world);
      await world.process();
    }
    expect(world.told).toEqual([['candidate/17']]);
    expect(await world.state()).toMatchObject({ waiting: 1 });
    expect((await world.jobAt(PROCESS_TASK))?.getTime()).toBeGreaterThan(before + 400);
    world.onNoticed = () => undefined;
    await hurry(world);
    await world.process();
    expect(world.told).toHaveLength(1);
    expect(world.noticed).toEqual([['a']]);
    expect(await world.state()).toMatchObject({ waiting: 0 });
  });

  it('goes on although the one that always fails among them does not, which is given up in the end', async () => {
    const { ats, world } = await subscribed();
    for (const id of ['1', '2', '3']) await ats.tell({ id, name: `of ${id}`, records: [], notices: [notice(id)] });
    world.onNoticed = (ids) => (ids.includes('2') ? unavailable() : undefined);
    for (let time = 0; (await world.state())?.waiting !== 0 && time < 100; time += 1) {
      await hurry(world);
      await world.process();
    }
    expect(world.noticed.flat().toSorted()).toEqual(['1', '3']);
    const reasons = await world.rows('select e.name, e.reason from talentbridge.webhook_event e order by e.name');
    expect(reasons).toEqual([
      { name: 'of 1', reason: null },
      { name: 'of 2', reason: expect.stringContaining('tried 20 times') },
      { name: 'of 3', reason: null },
    ]);
  });

  it('that is refused for good is marked with the reason', async () => {
    const { ats, world } = await subscribed();
    await ats.tell({ records: [], notices: [notice('gone')] });
    world.onNoticed = () => {
      throw new RecordNotFoundError('Telling ATS', 'export', 'gone');
    };
    await world.process();
    expect(await world.rows('select e.reason from talentbridge.webhook_event e')).toEqual([
      { reason: 'ATS_RECORD_NOT_FOUND' },
    ]);
  });

  it('does not keep a record that always fails from being found, however many of them come', async () => {
    const { ats, world } = await subscribed();
    await ats.tell({ id: 'bad', records: [candidate('bad')] });
    await ats.tell({ id: 'good', records: [candidate('good')] });
    world.onRecords = (references) =>
      references.some(({ remoteId }) => remoteId === 'bad') ? unavailable() : undefined;
    for (let time = 0; time < 3; time += 1) {
      await ats.tell({ id: `${time}`, records: [], notices: [notice(`${time}`)] });
      await hurry(world);
      await world.process();
    }
    expect(world.told).toEqual([['candidate/good']]);
    expect(world.noticed.flat()).toEqual(['0', '1', '2']);
  });
});

describe('CON-2: where one of the capabilities is switched off', () => {
  it('what is for it waits until it is on again, and the other goes on', async () => {
    const { ats, world } = await subscribed();
    await world.switch('systemConnect', false);
    await ats.tell({ id: 'both', records: [candidate('1')], notices: [notice('1')] });
    for (let index = 0; index < 600; index += 100) {
      const ids = Array.from({ length: 100 }, (_, at) => `${index + at}`);
      await Promise.all(ids.map((id) => ats.tell({ id, records: [], notices: [notice(id)] })));
    }
    await ats.tell({ id: 'record', records: [candidate('2')] });
    await world.process();
    expect(world.told).toEqual([['candidate/2']]);
    expect(world.noticed).toEqual([]);
    expect(await world.state()).toMatchObject({ status: 'ACTIVE', waiting: 601 });
    expect(await world.write(async (tx) => world.module.due[0]?.mayRun?.(tx, PROCESS_TASK, world.connectionId))).toBe(
      false,
    );
    await world.switch('systemConnect', true);
    expect(await world.jobAt(PROCESS_TASK)).toBeDefined();
    await world.process();
    expect(world.told.flat()).toEqual(['candidate/2', 'candidate/1']);
    expect(new Set(world.noticed.flat()).size).toBe(600);
    await world.switch('rediscovery', false);
    await ats.tell({ id: 'later', records: [candidate('3')], notices: [] });
    await ats.tell({ id: 'now', records: [], notices: [notice('now')] });
    await world.process();
    expect(world.noticed.at(-1)).toEqual(['now']);
    expect(await world.state()).toMatchObject({ status: 'ACTIVE', waiting: 1 });
    await world.switch('systemConnect', false);
    expect(await world.state()).toMatchObject({ status: 'PAUSED', reason: expect.stringContaining('switched off') });
  });
});

describe('webhooks come along with any capability that lives from events', () => {
  it('and with no other', async () => {
    const { ats, world } = await subscribed(['systemConnect']);
    expect(world.module.comesAlongWith).toEqual(['rediscovery', 'systemConnect']);
    expect(await world.state()).toMatchObject({ status: 'ACTIVE' });
    await ats.tell({ records: [candidate('17')], notices: [notice('1')] });
    await world.process();
    expect(world.told).toEqual([]);
    expect(world.noticed).toEqual([['1']]);
    await world.change({ capabilities: ['export'] });
    await world.tend();
    expect(ats.subscriptions.size).toBe(0);
  });

  it('and what was missed is nothing to catch up with where no records are read', async () => {
    const { ats, world } = await subscribed(['systemConnect']);
    ats.subscriptions.clear();
    await world.tend();
    await world.tend();
    expect(world.gaps).toEqual([]);
    expect(await world.state()).toMatchObject({ status: 'ACTIVE', reason: null });
    expect(((await world.jobAt(TEND_TASK))?.getTime() ?? 0) - Date.now()).toBeGreaterThan(40 * 60_000);
    await world.change({ capabilities: ['systemConnect', 'rediscovery'] });
    await world.tend();
    expect(world.gaps).toHaveLength(1);
  });

  it('and the log of the ATS tells what could not be delivered', async () => {
    const { ats, world } = await subscribed(['systemConnect'], { logs: true });
    const at = new Date().toISOString();
    ats.log.push({ id: 'missed', name: 'exported', records: [], notices: [notice('missed')], at });
    await world.tend();
    await world.process();
    expect(world.noticed).toEqual([['missed']]);
  });
});
