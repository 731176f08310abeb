import type { NetworkWidget, SeatWindow } from '@talentbridge/contracts';
import fc from 'fast-check';
import { expect } from 'vitest';
import { callContext } from '../../builders/call-context.js';
import { HOSTILE_STRINGS } from '../../builders/hostile-strings.js';
import { listChecks } from '../check.js';
import { rejectionOf } from '../export-world.js';
import { itemsOf, NetworkWorld, networkJob } from '../network-world.js';

const KINDS = ['message', 'note', 'contact'] as const satisfies readonly SeatWindow['kind'][];

/** ISO 8601 in UTC, as contracts write times. */
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/;

/** System Connect, inwards: seats, what they wrote, exports, and what pages show. */
export const networkActivityChecks = listChecks([
  {
    name: 'network.integrations',
    title: 'RSC-7: tells how each part of the integration stands, and preparing them again does no harm',
    async run(world) {
      const { network, ctx } = new NetworkWorld(world);
      const parts = await network.integrations(ctx);
      expect(parts).not.toHaveLength(0);
      expect(new Set(parts.map(({ id }) => id)).size, 'each part once').toBe(parts.length);
      for (const { label, carries, status, remedy } of parts) {
        expect(label).not.toBe('');
        expect(carries, label).not.toHaveLength(0);
        expect(status, label).toBe('enabled');
        expect(remedy, label).toBeUndefined();
      }
      for (let times = 0; times < 2; times += 1) await network.prepare(ctx, { name: 'A hub', jobViewers: 'everybody' });
      expect(await network.integrations(ctx)).toEqual(parts);
    },
  },
  {
    name: 'network.seats',
    title: 'RSC-6: lists each seat once, and which of them are active',
    async run(world) {
      const { network, ctx, vendor } = new NetworkWorld(world);
      const seats = [];
      for (let cursor: string | undefined; ; ) {
        const page = await network.seats(ctx, cursor === undefined ? {} : { cursor });
        seats.push(...page.seats);
        if (page.cursor === undefined) break;
        cursor = page.cursor;
      }
      expect(new Set(seats.map(({ seatId }) => seatId)).size, 'each seat once').toBe(seats.length);
      expect(seats).toContainEqual(expect.objectContaining({ seatId: vendor.seatId, active: true }));
      expect(seats).not.toContainEqual(expect.objectContaining({ seatId: vendor.inactiveSeatId, active: true }));
    },
  },
  {
    name: 'network.pull',
    title: 'RSC-5: brings all that a seat wrote and received in a window, over all pages',
    async run(world) {
      for (const kind of KINDS) {
        const networking = new NetworkWorld(await world.another());
        const count = networking.vendor.pageSize + 1;
        networking.vendor.write(kind, count);
        const pages = await networking.pull(networking.window(kind));
        expect(pages.length, `pages of ${kind}`).toBeGreaterThan(1);
        const items = pages.flatMap(itemsOf);
        expect(new Set(items.map(({ remoteId }) => remoteId)).size, kind).toBeGreaterThanOrEqual(count);
        for (const { createdAt, updatedAt = createdAt } of items) {
          expect(createdAt).toMatch(TIME);
          expect(updatedAt).toMatch(TIME);
        }
        for (const other of KINDS.filter((each) => each !== kind && each !== 'message')) {
          expect((await networking.pull(networking.window(other))).flatMap(itemsOf), `${other} beside ${kind}`).toEqual(
            [],
          );
        }
      }
    },
  },
  {
    name: 'network.windows',
    title: 'RSC-5: a window begins with its start, and ends before its end',
    async run(world) {
      for (const kind of KINDS) {
        const networking = new NetworkWorld(await world.another());
        networking.vendor.write(kind, 1);
        const [item] = (await networking.pull(networking.window(kind))).flatMap(itemsOf);
        const at = Date.parse(item?.updatedAt ?? item?.createdAt ?? '');
        const count = async (from: number, to: number) => {
          const window = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
          const items = (await networking.pull(networking.window(kind, window))).flatMap(itemsOf);
          return items.filter(({ remoteId }) => remoteId === item?.remoteId).length;
        };
        expect(await count(at, at + 1), `${kind} at the start`).toBe(1);
        expect(await count(at - 1, at), `${kind} at the end`).toBe(0);
        expect(await count(at + 1, at + 2), `${kind} before the start`).toBe(0);
      }
    },
  },
  {
    name: 'network.lost-seat',
    title: 'RSC-6: says that a seat is not active, rather than that it wrote nothing',
    async run(world) {
      const networking = new NetworkWorld(world);
      const { network, vendor } = networking;
      const window = networking.window('message', { seatId: vendor.inactiveSeatId });
      expect(await rejectionOf(network.pull(networking.ctx, window))).toMatchObject({ code: 'ATS_RECORD_NOT_FOUND' });
    },
  },
  {
    name: 'network.export',
    title: 'RSC-3: tells whom a recruiter exported, and nothing of them that may not be copied',
    async run(world) {
      const networking = new NetworkWorld(world);
      const { network, vendor } = networking;
      await networking.send({ kind: 'job', records: [networkJob('J-1')] });
      for (const jobRemoteId of ['J-1', undefined]) {
        const notice = await network.readNotice(networking.ctx, vendor.exportMember(jobRemoteId));
        if (notice.kind !== 'export') throw new Error(`The notice of an export is read as ${notice.kind}.`);
        const exported = await network.readExport(networking.ctx, notice.requestId);
        expect(exported.jobRemoteId).toBe(jobRemoteId);
        expect(exported.exportedAt).toMatch(TIME);
        const { person, ...rest } = exported;
        expect(PERSON, 'what may be copied').toEqual(expect.arrayContaining(Object.keys(person)));
        expect(EXPORT, 'what an export says').toEqual(expect.arrayContaining(Object.keys(rest)));
      }
      const error = await rejectionOf(network.readExport(networking.ctx, 'nobody-knows-this'));
      expect(error).toMatchObject({ code: 'ATS_RECORD_NOT_FOUND' });
    },
  },
  {
    name: 'network.closed-members',
    title: 'RSC-3: tells which exported members have left, each once',
    async run(world) {
      const { network, vendor, ctx } = new NetworkWorld(world);
      vendor.exportMember(undefined);
      expect((await network.closedMembers(ctx, {})).members).toEqual([]);
      vendor.closeExported();
      const { members } = await network.closedMembers(ctx, {});
      expect(members).toHaveLength(1);
      for (const { closedAt } of members) expect(closedAt).toMatch(TIME);
    },
  },
  {
    name: 'network.notices',
    title: 'RSC-3: makes something of any notice, without asking anybody',
    async run(world) {
      const { network } = new NetworkWorld(world);
      const { requests } = world.account.simulator;
      const asked = requests.all().length;
      const hostile = HOSTILE_STRINGS.map(({ text }) => text);
      await fc.assert(
        fc.asyncProperty(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom(...hostile)), async (id) => {
          const { kind } = await network.readNotice(callContext(), id);
          expect(['export', 'integrations', 'unknown']).toContain(kind);
        }),
      );
      expect(requests.all().length - asked, 'requests').toBe(0);
    },
  },
  {
    name: 'network.widgets',
    title: 'RSC-7: says what a page includes, as plain texts, without asking anybody',
    async run(world) {
      const { network } = new NetworkWorld(world);
      const { requests } = world.account.simulator;
      const asked = requests.all().length;
      const profile = await network.profileWidget(callContext(), 'C-"1"');
      expect(Object.values(profile.attributes), 'the candidate').toContain('C-"1"');
      const setup = await network.setupWidget(callContext());
      for (const widget of [profile, setup]) expectWidget(widget);
      expect(Object.values(profile.callbacks).toSorted(), 'what a profile tells the page').toEqual(['link', 'unlink']);
      expect(Object.values(setup.callbacks), 'what the set-up tells the page').toEqual(['request']);
      expect(requests.all().length - asked, 'requests').toBe(0);
    },
  },
]);

const PERSON = ['member', 'firstName', 'lastName', 'title', 'employer'];
const EXPORT = ['jobRemoteId', 'exportedBy', 'exportedAt'];

function expectWidget({ scriptUrl, scriptSettings, elementType, attributes, callbacks }: NetworkWidget): void {
  expect(scriptUrl).toMatch(/^https:\/\//);
  expect(elementType).not.toBe('');
  for (const [name, value] of [scriptSettings, attributes, callbacks].flatMap((map) => Object.entries(map))) {
    expect(name).toMatch(/^[a-z][a-z_-]*$/);
    expect(typeof value, name).toBe('string');
  }
  const shared = Object.keys(callbacks).filter((name) => name in attributes);
  expect(shared, 'attributes that name functions of the page').toEqual([]);
}
