import { expect } from 'vitest';
import { callContext } from '../../builders/call-context.js';
import type { Fault } from '../../simulator/fault.js';
import { type Check, type CheckWorld, listChecks } from '../check.js';
import { rejectionOf } from '../export-world.js';
import { everyKind, NetworkWorld, networkCandidate } from '../network-world.js';
import type { SimulatedNetwork } from '../simulated-network.js';

type Call = keyof SimulatedNetwork['routes'];
const CALLS: readonly Call[] = ['pushCandidates', 'matches', 'seats', 'messages', 'readExport'];

/** System Connect: what a plugin makes of a network that fails or refuses. */
export const networkFailureChecks = listChecks([
  retries('network.500', 'RSC-2: tries again after a 500', { kind: 'failBeforeWrite' }),
  retries('network.500-after', 'RSC-2: tries again after a 500 that came too late', { kind: 'failAfterWrite' }),
  retries('network.503', 'RSC-2: tries again after a 503', { kind: 'failBeforeWrite', status: 503 }),
  retries('network.dropped', 'RSC-2: tries again when the connection is lost', { kind: 'dropAfterWrite' }),
  retries('network.html', 'RSC-2: takes the HTML page of a proxy for an outage', { kind: 'html' }),
  retries('network.html-200', 'RSC-2: does not take an HTML page for an answer', { kind: 'html', status: 200 }),
  retries('network.malformed', 'RSC-2: takes an answer that is no JSON for none', { kind: 'garbage' }),
  retries('network.truncated', 'RSC-2: takes half of an answer for none', { kind: 'truncated' }),
  {
    name: 'network.other-shape',
    title: 'RSC-2: takes JSON of another shape for no answer',
    async run(world) {
      for (const body of [{}, [{}], null, 7]) {
        for (const { call, error } of await failures(world, { kind: 'status', status: 200, body })) {
          expect(error, call).toMatchObject({ recovery: 'retry' });
        }
      }
    },
  },
  {
    name: 'network.401',
    title: 'CON-6: asks an admin to reconnect when the credentials are refused',
    async run(world) {
      for (const { call, error } of await failures(world, { kind: 'status', status: 401 })) {
        expect(error, call).toMatchObject({ code: 'ATS_CREDENTIALS_REJECTED', recovery: 'reconnect' });
      }
    },
  },
  {
    name: 'network.429',
    title: 'RSC-2: waits as long as the network asks',
    async run(world) {
      for (const { call, error } of await failures(world, { kind: 'status', status: 429, retryAfter: 60 })) {
        expect(error, call).toMatchObject({ code: 'ATS_RATE_LIMITED', retryAfterMs: 60_000 });
      }
    },
  },
  {
    name: 'network.time-out',
    title: 'RSC-2: stops waiting at the deadline',
    async run(world) {
      const { network } = new NetworkWorld(world);
      world.account.simulator.faults.add({ fault: { kind: 'hang' } });
      expect(await rejectionOf(network.seats(callContext(1000), {}))).toMatchObject({ recovery: 'retry' });
    },
  },
  {
    name: 'network.after-failure',
    title: 'RSC-2: after any failure the same records sent again end as if nothing had happened',
    async run(world) {
      const calm = new NetworkWorld(await world.another());
      await calm.send(...everyKind(2, calm.vendor.otherMember));
      for (const kind of ['failBeforeWrite', 'failAfterWrite', 'dropAfterWrite'] as const) {
        const shaken = new NetworkWorld(await world.another());
        const { faults } = shaken.world.account.simulator;
        for (const batch of everyKind(2, shaken.vendor.otherMember)) {
          faults.add({ fault: { kind }, times: 3 });
          await shaken.network.push(shaken.ctx, batch).catch(() => undefined);
          faults.clear();
          await shaken.send(batch);
          expect([...shaken.held(batch.kind).keys()], `${batch.kind} after ${kind}`).toEqual([
            ...calm.held(batch.kind).keys(),
          ]);
        }
      }
    },
  },
  {
    name: 'network.request-log',
    title: 'OPS-3: leaves no email address of a candidate in the request log',
    async run(world) {
      const networking = new NetworkWorld(world);
      const candidate = networkCandidate('C-1');
      await networking.send({ kind: 'candidate', records: [{ candidate }] });
      await networking.network.matches(networking.ctx, ['C-1']);
      const log = JSON.stringify(networking.connection.requestLog);
      for (const email of candidate.emails) {
        expect(log.includes(email) || log.includes(encodeURIComponent(email))).toBe(false);
      }
    },
  },
]);

/** A check that plays one fault on each request, and expects the hub to be told to try again. */
function retries<const Name extends string>(name: Name, title: string, fault: Fault): Check<Name> {
  return {
    name,
    title,
    async run(world) {
      for (const { call, error } of await failures(world, fault)) {
        expect(error, call).toMatchObject({ recovery: 'retry' });
      }
    },
  };
}

/** Plays a fault on each request in a world of its own, and answers what the plugin threw. */
async function failures(
  world: CheckWorld,
  fault: Fault,
): Promise<readonly { readonly call: Call; readonly error: unknown }[]> {
  const errors: { readonly call: Call; readonly error: unknown }[] = [];
  for (const call of CALLS) {
    const networking = new NetworkWorld(await world.another());
    const { network, vendor, ctx } = networking;
    const candidate = networkCandidate('C-1');
    const notice = await network.readNotice(ctx, vendor.exportMember(undefined));
    const requestId = notice.kind === 'export' ? notice.requestId : '';
    networking.world.account.simulator.faults.add({ ...vendor.routes[call], fault });
    const asked: Readonly<Record<Call, () => Promise<unknown>>> = {
      pushCandidates: () => network.push(ctx, { kind: 'candidate', records: [{ candidate }] }),
      matches: () => network.matches(ctx, ['C-1']),
      seats: () => network.seats(ctx, {}),
      messages: () => network.pull(ctx, networking.window('message')),
      readExport: () => network.readExport(ctx, requestId),
    };
    errors.push({ call, error: await rejectionOf(asked[call]()) });
  }
  return errors;
}
