import { expect } from 'vitest';
import { listChecks } from '../check.js';
import { ExportWorld } from '../export-world.js';
import { MirrorWorld } from '../mirror-world.js';

/** What a plugin cannot see it cannot leak. Every other check looks for secrets as well. */
export const secretChecks = listChecks([
  {
    name: 'secrets.echoed',
    title: 'CON-4: keeps a credential to itself that the vendor repeats in its answers',
    async run(world) {
      const { account, connection } = world;
      const secrets = connection.secrets.join(' ');
      for (const status of [400, 401, 403, 404, 409, 422, 500]) {
        const { account: other, connection: echoed } = await world.another();
        other.simulator.faults.add({
          fault: {
            kind: 'status',
            status,
            message: `refused ${secrets}`,
            headers: { 'x-echo': encodeURIComponent(secrets) },
          },
        });
        await echoed.identify(echoed.ctx).catch(() => undefined);
        await echoed.permissions.check(echoed.ctx, world.plugin.capabilities).catch(() => undefined);
        if (account.rediscovery) {
          const { rediscovery } = echoed;
          await rediscovery.pull(echoed.ctx, { kind: 'all' }).catch(() => undefined);
          await rediscovery.read(echoed.ctx, [{ kind: 'candidate', remoteId: 'any' }]).catch(() => undefined);
        }
        if (!account.export) continue;
        const exporting = new ExportWorld({ ...world, account: other, connection: echoed });
        await exporting.exporter.listJobs(echoed.ctx, {}).catch(() => undefined);
        await exporting.exporter.exportCandidate(echoed.ctx, exporting.fullRequest()).catch(() => undefined);
      }
    },
  },
  {
    name: 'secrets.request-log',
    title: 'OPS-3: leaves no credential and no email address in the request log',
    async run(world) {
      const { connection, account } = world;
      await connection.identify(connection.ctx);
      if (account.export) {
        const exporting = new ExportWorld(world);
        const request = exporting.fullRequest();
        await exporting.exporter.exportCandidate(connection.ctx, request);
        await exporting.exporter.findExported?.(connection.ctx, request);
        const log = JSON.stringify(connection.requestLog);
        for (const email of request.candidate.emails) {
          expect(log.includes(email) || log.includes(encodeURIComponent(email))).toBe(false);
        }
      }
      if (account.rediscovery) {
        const mirroring = new MirrorWorld(world);
        mirroring.vendor.populate(3);
        await mirroring.run({ kind: 'all' });
        const log = JSON.stringify(connection.requestLog);
        for (const email of mirroring.vendor.candidates().flatMap(({ emails }) => emails)) {
          expect(log.includes(email) || log.includes(encodeURIComponent(email))).toBe(false);
        }
      }
      expect(connection.requestLog).not.toHaveLength(0);
    },
  },
]);
