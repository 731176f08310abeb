import { expect } from 'vitest';
import { callContext } from '../../builders/call-context.js';
import type { Fault } from '../../simulator/fault.js';
import { type Check, type CheckWorld, listChecks, NotConcerned } from '../check.js';
import { rejectionOf } from '../export-world.js';
import { mirrorOf } from '../mirror.js';
import { MirrorWorld, markOf, some } from '../mirror-world.js';
import { textOf } from '../witness.js';

/** Rediscovery: what a plugin makes of a vendor that fails, and what it must never do. */
export const rediscoveryFailureChecks = [
  ...listChecks([
    survives('rediscovery.500', 'RED-1: goes on from the same cursor, without loss, after a 500', {
      kind: 'failBeforeWrite',
    }),
    survives('rediscovery.dropped', 'RED-1: goes on from the same cursor, without loss, after a lost connection', {
      kind: 'dropBeforeWrite',
    }),
    survives('rediscovery.truncated', 'RED-1: takes half an answer for none, and goes on without loss', {
      kind: 'truncated',
    }),
    survives('rediscovery.html', 'RED-1: does not take the page of a proxy for an answer, whatever its status', {
      kind: 'html',
      status: 200,
    }),
  ]),
  ...listChecks([
    {
      name: 'rediscovery.401',
      title: 'CON-6: asks an admin to reconnect when the credentials are refused',
      async run(world) {
        for (const { route, error } of await refusals(world, { kind: 'status', status: 401 })) {
          expect(error, route).toMatchObject({ recovery: 'reconnect' });
        }
      },
    },
    {
      name: 'rediscovery.refused',
      title: 'RED-1: blames no candidate for a read that is refused',
      async run(world) {
        for (const status of [400, 409, 422]) {
          for (const { route, error } of await refusals(world, { kind: 'status', status })) {
            expect(error, route).not.toMatchObject({ code: 'CANDIDATE_REJECTED' });
            expect(error, route).toMatchObject({ effect: 'none' });
          }
        }
      },
    },
    {
      name: 'rediscovery.429',
      title: 'RED-1: waits as long as the ATS asks',
      async run(world) {
        for (const { route, error } of await refusals(world, { kind: 'status', status: 429, retryAfter: 60 })) {
          expect(error, route).toMatchObject({ code: 'ATS_RATE_LIMITED', recovery: 'retry' });
          const { retryAfterMs } = Object(error);
          expect(retryAfterMs, 'about 60 s').toSatisfy((ms: number) => ms > 50_000 && ms <= 61_000);
        }
      },
    },
    {
      name: 'rediscovery.time-out',
      title: 'RED-1: stops waiting at the deadline',
      async run(world) {
        const mirroring = new MirrorWorld(world);
        mirroring.vendor.populate(1);
        world.account.simulator.faults.add({ fault: { kind: 'hang' } });
        const error = await rejectionOf(mirroring.rediscovery.pull(callContext(1000), { kind: 'all' }));
        expect(error).toMatchObject({ recovery: 'retry' });
      },
    },
    {
      name: 'rediscovery.read-unclear',
      title: 'RED-12: takes nothing for gone that could not be read',
      async run(world) {
        const mirroring = new MirrorWorld(world);
        mirroring.vendor.populate(2);
        const { remoteId } = some(mirroring.vendor.candidates(), 0, 'candidates');
        world.account.simulator.faults.add({ fault: { kind: 'failBeforeWrite' } });
        const error = await rejectionOf(mirroring.read([{ kind: 'candidate', remoteId }]));
        expect(error).toMatchObject({ recovery: 'retry' });
      },
    },
    {
      name: 'rediscovery.unreadable',
      title: 'RED-1: names a record that always fails after some tries, and brings all the others',
      async run(world) {
        const mirroring = new MirrorWorld(world);
        const { vendor } = mirroring;
        if (!vendor.candidateRoute) throw new NotConcerned('A run makes no request for each candidate.');
        vendor.populate(vendor.pageSize + 1);
        const { remoteId } = some(vendor.candidates(), 1, 'candidates');
        const route = vendor.candidateRoute(remoteId);
        const heal = world.account.simulator.faults.add({ ...route, fault: { kind: 'failBeforeWrite' } });
        const pages = await mirroring.patientRun({ kind: 'all' });
        const named = pages.flatMap(({ unreadable = [] }) => unreadable.map(({ reference }) => reference));
        expect(named, 'the record that cannot be read').toContainEqual({ kind: 'candidate', remoteId });
        expect(new Set(named.map((reference) => JSON.stringify(reference))).size, 'and no other').toBe(1);
        expect(pages.flatMap(({ gone }) => gone)).not.toContainEqual({ kind: 'candidate', remoteId });
        const mirror = mirrorOf(pages);
        const others = vendor.candidates().filter((candidate) => candidate.remoteId !== remoteId);
        expect([...mirror.candidates.keys()].toSorted()).toEqual(others.map((other) => other.remoteId).toSorted());
        heal();
        for (const answer of await mirroring.read([{ kind: 'candidate', remoteId }])) mirror.take(answer);
        mirroring.expectTrue(mirror);
      },
    },
    {
      name: 'rediscovery.unreachable',
      title: 'RED-1: passes over nobody while no candidate at all can be read',
      async run(world) {
        const mirroring = new MirrorWorld(world);
        const { vendor } = mirroring;
        if (!vendor.candidateRoute) throw new NotConcerned('A run makes no request for each candidate.');
        vendor.populate(3);
        const route = vendor.candidateRoute('*');
        world.account.simulator.faults.add({ ...route, fault: { kind: 'failBeforeWrite' } });
        const error = await rejectionOf(mirroring.patientRun({ kind: 'all' }, 6));
        expect(error).toMatchObject({ recovery: 'retry' });
      },
    },
    {
      name: 'rediscovery.reads-only',
      title: 'RED-1: writes nothing into the ATS',
      async run(world) {
        const mirroring = new MirrorWorld(world);
        const { vendor, connection } = mirroring;
        const { simulator } = world.account;
        vendor.populate(vendor.pageSize + 1);
        // A vendor may be signed in to by a POST: what it takes to learn whose account it is writes nothing either.
        await connection.identify(connection.ctx);
        const harmless = postsOf(simulator.requests.all());
        const before = JSON.stringify([simulator.snapshot(), simulator.creations.all()]);

        const { mark } = await mirroring.mirrored();
        await mirroring.run({ kind: 'changes', since: mark });
        const { remoteId } = some(vendor.candidates(), 0, 'candidates');
        await mirroring.read([{ kind: 'candidate', remoteId }]);
        if (mirroring.rediscovery.fetchAttachment) await mirroring.fetch(mirroring.attachment());

        expect(JSON.stringify([simulator.snapshot(), simulator.creations.all()]), 'what the ATS holds').toBe(before);
        const declared = vendor.routes.map(({ method, path }) => `${method} ${path}`);
        const writes = postsOf(simulator.requests.all()).filter((request) => !harmless.includes(request));
        expect(writes, 'requests that are no GET and no route of the subject').toEqual(
          writes.filter((request) => declared.includes(request)),
        );
      },
    },
    {
      name: 'rediscovery.silent-cursors',
      title: 'OPS-3: keeps names, addresses and secrets out of cursors and marks',
      async run(world) {
        const mirroring = new MirrorWorld(world);
        const { vendor, connection } = mirroring;
        vendor.populate(2 * vendor.pageSize + 1);
        const pages = await mirroring.run({ kind: 'all' });
        const { remoteId } = some(vendor.candidates(), 0, 'candidates');
        vendor.changeCandidate(remoteId);
        const changes = await mirroring.run({ kind: 'changes', since: markOf(pages) });
        const kept = [...pages, ...changes].flatMap(({ cursor = '', mark = '' }) => [
          ...readingsOf(cursor),
          ...readingsOf(mark),
        ]);
        // Shorter words can be in an id or in Base64 by chance.
        const personal = vendor
          .candidates()
          .flatMap(({ firstName = '', lastName = '', emails }) => [firstName, lastName, ...emails])
          .filter((datum) => datum.length >= 6);
        for (const datum of [...personal, ...connection.secrets]) {
          expect(kept.some((text) => text.toLowerCase().includes(datum.toLowerCase()))).toBe(false);
        }
      },
    },
    {
      name: 'rediscovery.silent-on-people',
      title: 'OPS-3: repeats no personal data in its errors that the ATS puts into its own',
      async run(world) {
        const mirroring = new MirrorWorld(world);
        const { vendor } = mirroring;
        vendor.populate(1);
        const { emails } = some(vendor.candidates(), 0, 'candidates');
        const message = `The record of ${emails.join(' and ')} is locked`;
        for (const status of [400, 403, 409, 422, 500]) {
          for (const route of vendor.routes) {
            const { refused } = await mirroring.faultyRun({ kind: 'all' }, route, { kind: 'status', status, message });
            for (const email of emails) {
              const told = refused.some((error) => textOf(error).includes(email));
              expect(told, `an address is readable in the error of a ${status}`).toBe(false);
            }
          }
        }
      },
    },
  ]),
];

/** A check that plays one fault on each route, for every page of a run, and then asks for that page again. */
function survives<const Name extends string>(name: Name, title: string, fault: Fault): Check<Name> {
  return {
    name,
    title,
    async run(world) {
      for (const { route, error } of await refusals(world, fault)) {
        // After a read there is nothing to ask about, whatever its method.
        expect(error, route).toMatchObject({ recovery: 'retry', effect: 'none' });
      }
    },
  };
}

/**
 * Plays a fault on each route of the vendor, in a world of its own: once for every page of a run of all and of one of
 * changes, which go on afterwards and must lose nothing. Answers what the plugin threw.
 */
async function refusals(
  world: CheckWorld,
  fault: Fault,
): Promise<readonly { readonly route: string; readonly error: unknown }[]> {
  const { vendor } = new MirrorWorld(world);
  expect(vendor.routes, 'the subject names the requests of a run').not.toHaveLength(0);
  const found: { readonly route: string; readonly error: unknown }[] = [];
  for (const target of vendor.routes) {
    const mirroring = new MirrorWorld(await world.another());
    mirroring.vendor.populate(mirroring.vendor.pageSize + 1);
    const all = await mirroring.faultyRun({ kind: 'all' }, target, fault);
    const mirror = mirrorOf(all.pages);
    mirroring.vendor.changeCandidate(some(mirroring.vendor.candidates(), 0, 'candidates').remoteId);
    const changes = await mirroring.faultyRun({ kind: 'changes', since: markOf(all.pages) }, target, fault);
    for (const page of changes.pages) mirror.take(page);
    mirroring.expectTrue(mirror);

    const route = `${target.method} ${target.path}: ${fault.kind}`;
    const refused = [...all.refused, ...changes.refused];
    expect(refused, `${route}: some page needs it, and is refused without it`).not.toHaveLength(0);
    for (const error of refused) found.push({ route, error });
  }
  return found;
}

function postsOf(requests: readonly { readonly method: string; readonly path: string }[]): readonly string[] {
  return requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);
}

/** What can be read in an opaque text by somebody who tries: as it is, unescaped, and out of Base64. */
function readingsOf(text: string): readonly string[] {
  const readings = [text, Buffer.from(text, 'base64').toString('utf8'), Buffer.from(text, 'hex').toString('utf8')];
  try {
    return [...readings, decodeURIComponent(text)];
  } catch {
    // A stray percent sign: there is nothing escaped in it.
    return readings;
  }
}
