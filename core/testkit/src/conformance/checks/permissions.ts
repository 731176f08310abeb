import type { PermissionResult } from '@talentbridge/contracts';
import { expect } from 'vitest';
import type { CheckWorld } from '../check.js';
import { listChecks } from '../check.js';
import { ExportWorld, failureWithin } from '../export-world.js';
import { MirrorWorld, some } from '../mirror-world.js';
import { WebhookWorld } from '../webhook-world.js';

/** Permissions: what the credentials may do, without doing it. */
export const permissionChecks = listChecks([
  {
    name: 'permissions.granted',
    title: 'CON-5: reports nothing missing when every permission is there',
    async run(world) {
      const results = await check(world);
      expect(results.filter(({ status }) => status === 'missing')).toEqual([]);
      expect(new Set(results.map(({ permission }) => permission)).size, 'each permission once').toBe(results.length);
      for (const { permission, status, reason } of results) {
        if (status === 'unknown') expect(reason, `why ${permission} is unknown`).toBeTruthy();
      }
    },
  },
  {
    name: 'permissions.missing',
    title: 'CON-5: names each missing permission with its remedy, and hides no other behind it',
    async run(world) {
      for (const { permission } of await check(world)) {
        const limited = await world.another();
        limited.account.withoutPermission(permission);
        const results = await check(limited);
        const result = results.find((each) => each.permission === permission);
        expect(result?.status, `${permission}, which was taken away`).not.toBe('granted');
        if (result?.status === 'missing') expect(result.remedy, `the remedy for ${permission}`).toBeTruthy();
        else await expectTold(limited, permission);
        const others = results.filter((each) => each.permission !== permission);
        expect(
          others.filter(({ status }) => status === 'missing'),
          `beside ${permission}`,
        ).toEqual([]);
      }
    },
  },
  {
    name: 'permissions.reads-only',
    title: 'CON-5: writes nothing while it checks permissions',
    async run(world) {
      const { simulator } = world.account;
      const before = JSON.stringify([simulator.snapshot(), simulator.creations.all()]);
      await check(world);
      expect(JSON.stringify([simulator.snapshot(), simulator.creations.all()])).toBe(before);
    },
  },
  {
    name: 'permissions.outage',
    title: 'CON-5: calls a permission unknown, and not missing, when the vendor does not answer',
    async run(world) {
      const expected = (await check(world)).map(({ permission }) => permission).toSorted();
      const { account, connection } = await world.another();
      account.simulator.faults.add({ fault: { kind: 'failBeforeWrite', status: 503 } });
      const results = await connection.permissions.check(connection.ctx, world.plugin.capabilities);
      expect(results.map(({ permission }) => permission).toSorted()).toEqual(expected);
      expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['unknown']));
    },
  },
]);

function check({ plugin, connection }: CheckWorld): Promise<readonly PermissionResult[]> {
  return connection.permissions.check(connection.ctx, plugin.capabilities);
}

/** A permission that only doing can tell must then be told by doing: as the error, or as a warning of the receipt. */
async function expectTold(world: CheckWorld, permission: string): Promise<void> {
  const exported = world.account.export ? await everyExportCall(new ExportWorld(world)) : [];
  const read = world.account.rediscovery ? await everyRediscoveryCall(new MirrorWorld(world)) : [];
  const subscribed = world.account.webhooks ? await everyWebhookCall(new WebhookWorld(world)) : [];
  const told = [...exported, ...read, ...subscribed].some((call) =>
    call.status === 'rejected'
      ? Reflect.get(Object(failureWithin(call.reason)), 'code') === 'ATS_PERMISSION_MISSING'
      : typeof call.value === 'object' &&
        call.value !== null &&
        'warnings' in call.value &&
        Number(Reflect.get(Object(call.value.warnings), 'length')) > 0,
  );
  expect(told, `${permission} is unknown to the check, so doing it says that it is missing`).toBe(true);
}

function everyExportCall(exporting: ExportWorld): Promise<readonly PromiseSettledResult<unknown>[]> {
  const { exporter, connection } = exporting;
  const request = exporting.fullRequest();
  return Promise.allSettled([
    exporter.exportCandidate(connection.ctx, request),
    exporter.findExported?.(connection.ctx, request),
    exporter.listTags?.(connection.ctx),
    exporter.checkSource?.(connection.ctx),
    exporting.hasJobs ? exporter.listJobs(connection.ctx, {}) : undefined,
  ]);
}

/** Reads everything, a file, and somebody's history. */
function everyRediscoveryCall(mirroring: MirrorWorld): Promise<readonly PromiseSettledResult<unknown>[]> {
  mirroring.vendor.populate(3);
  const { rediscovery, connection } = mirroring;
  const { remoteId } = some(mirroring.vendor.candidates(), 0, 'candidates');
  return Promise.allSettled([
    mirroring.run({ kind: 'all' }),
    rediscovery.fetchAttachment && mirroring.fetch(mirroring.attachment()),
    rediscovery.readHistory?.(connection.ctx, remoteId),
  ]);
}

/** Lists subscriptions, and makes one. */
async function everyWebhookCall(hooks: WebhookWorld): Promise<readonly PromiseSettledResult<unknown>[]> {
  await using callback = await hooks.callback();
  const subscribing = callback.subscribe().then(() => callback.activate());
  return Promise.allSettled([hooks.webhooks.list(hooks.connection.ctx), subscribing]);
}
