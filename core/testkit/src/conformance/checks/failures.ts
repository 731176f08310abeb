import type { CallContext, Effect, Recovery } from '@talentbridge/contracts';
import { expect } from 'vitest';
import { callContext } from '../../builders/call-context.js';
import type { Fault } from '../../simulator/fault.js';
import { type Check, type CheckWorld, listChecks } from '../check.js';
import { ExportWorld, failureWithin, rejectionOf } from '../export-world.js';
import { textOf } from '../witness.js';

interface Expected {
  readonly recovery: Recovery;
  /** For writes: whether something may have happened. */
  readonly effect: Effect;
  readonly code?: string;
}

const RECONNECT = { recovery: 'reconnect', effect: 'none' } as const;
const SKIP = { recovery: 'skip', effect: 'none' } as const;
const SLOWER = { recovery: 'retry', effect: 'none', code: 'ATS_RATE_LIMITED' } as const;
const ASK_FIRST = { recovery: 'retry', effect: 'unknown' } as const;

/** Short enough for a test, long enough for an answer that comes. */
const IMPATIENT_MS = 1000;

/** Export: what a plugin makes of a vendor that refuses, fails or falls silent. */
export const failureChecks = [
  ...listChecks([
    expecting('failures.401', 'CON-6: asks an admin to reconnect after a 401', status(401), {
      ...RECONNECT,
      code: 'ATS_CREDENTIALS_REJECTED',
    }),
    expecting('failures.403', 'CON-6: asks an admin for the permission after a 403', status(403), {
      ...RECONNECT,
      code: 'ATS_PERMISSION_MISSING',
    }),
    expecting('failures.409', 'EXP-6: skips a candidate that the vendor calls a conflict', status(409), SKIP, [
      'write',
    ]),
    {
      name: 'failures.read-refused',
      title: 'EXP-2: blames no candidate when the list of jobs is refused',
      async run(world) {
        for (const code of [400, 409, 422]) {
          for (const error of await failuresOf(world, status(code), ['read'])) {
            expect(error).not.toMatchObject({ code: 'CANDIDATE_REJECTED' });
          }
        }
      },
    },
    expecting('failures.422', 'EXP-6: skips a candidate that the vendor finds invalid', status(422), SKIP, ['write']),
    expecting('failures.429', 'EXP-6: slows down after a 429 that does not say for how long', status(429), SLOWER),
    expecting(
      'failures.500',
      'EXP-12: tries again after a 500, and asks first where it wrote',
      failBefore(500),
      ASK_FIRST,
    ),
    expecting(
      'failures.503',
      'EXP-12: tries again after a 503, and asks first where it wrote',
      failBefore(503),
      ASK_FIRST,
    ),
    expecting('failures.html', 'EXP-12: takes the HTML page of a proxy for an outage', { kind: 'html' }, ASK_FIRST),
    expecting(
      'failures.html-200',
      'EXP-12: does not take an HTML page for success, whatever its status',
      { kind: 'html', status: 200 },
      ASK_FIRST,
    ),
    expecting('failures.truncated', 'EXP-12: takes half an answer for none', { kind: 'truncated' }, ASK_FIRST),
    expecting('failures.huge', 'EXP-12: stops reading an answer that does not end', { kind: 'huge' }, ASK_FIRST),
    expecting('failures.garbage', 'EXP-12: takes an answer that is no JSON for none', { kind: 'garbage' }, ASK_FIRST),
    expecting(
      'failures.dropped',
      'EXP-12: tries again when the connection is lost',
      { kind: 'dropBeforeWrite' },
      ASK_FIRST,
    ),
    expecting(
      'failures.time-out',
      'EXP-12: stops waiting at the deadline',
      { kind: 'hang' },
      ASK_FIRST,
      ['read', 'write'],
      () => callContext(IMPATIENT_MS),
    ),
  ]),
  ...listChecks([
    {
      name: 'failures.404',
      title: 'EXP-6: does not repeat what the vendor calls not found',
      async run(world) {
        for (const error of await failuresOf(world, status(404), ['read', 'write'])) {
          expect(error).toMatchObject({ effect: 'none', recovery: expect.stringMatching(/^(skip|reconnect|fix)$/) });
        }
      },
    },
    {
      name: 'failures.429-seconds',
      title: 'EXP-6: waits as many seconds as a 429 asks for',
      async run(world) {
        for (const error of await failuresOf(world, { ...status(429), retryAfter: 60 }, ['read', 'write'])) {
          expect(error).toMatchObject({ ...SLOWER, retryAfterMs: 60_000 });
        }
      },
    },
    {
      name: 'failures.429-date',
      title: 'EXP-6: waits until the date that a 429 names',
      async run(world) {
        for (const error of await failuresOf(world, { ...status(429), retryAfter: 'date' }, ['read', 'write'])) {
          expect(error).toMatchObject(SLOWER);
          const { retryAfterMs } = Object(error);
          expect(retryAfterMs, 'about 60 s').toSatisfy((ms: number) => ms > 50_000 && ms <= 61_000);
        }
      },
    },
    {
      name: 'failures.silent-on-people',
      title: 'OPS-3: repeats no personal data of a refused candidate in its error',
      async run(world) {
        const exporting = new ExportWorld(world);
        const request = exporting.fullRequest();
        const { lastName, emails } = request.candidate;
        const message = `Candidate ${lastName} <${emails[0]}> is invalid`;
        exporting.fault(exporting.vendor.routes.createCandidate, { kind: 'status', status: 422, message });
        const error = await rejectionOf(exporting.exporter.exportCandidate(exporting.connection.ctx, request));
        for (const datum of [lastName, ...emails].filter((each) => each !== '')) {
          expect(textOf(error).includes(datum), 'a name or address is readable in the error').toBe(false);
        }
      },
    },
    {
      name: 'failures.later-step',
      title: 'EXP-12: says which candidate arrived when a later step fails, and completes it on the next try',
      async run(world) {
        for (const step of LATER_STEPS) {
          for (const kind of ['failBeforeWrite', 'failAfterWrite', 'dropAfterWrite'] as const) {
            await expectCompleted(new ExportWorld(await world.another()), step, { kind });
          }
        }
      },
    },
    {
      name: 'failures.later-refusal',
      title: 'EXP-6: keeps the reason when a later step is refused for good',
      async run(world) {
        const exporting = new ExportWorld(world);
        exporting.fault(exporting.laterStep('attachJob'), status(403));
        const call = exporting.exporter.exportCandidate(exporting.connection.ctx, exporting.fullRequest());
        const error = await rejectionOf(call);
        expect(error).toMatchObject({ name: 'ExportInterruptedError', reference: { remoteId: expect.any(String) } });
        expect(failureWithin(error)).toMatchObject({ ...RECONNECT, code: 'ATS_PERMISSION_MISSING' });
      },
    },
  ]),
];

const LATER_STEPS = ['attachJob', 'uploadResume'] as const;

function status(code: number): Extract<Fault, { kind: 'status' }> {
  return { kind: 'status', status: code };
}

function failBefore(code: number): Fault {
  return { kind: 'failBeforeWrite', status: code };
}

type Access = 'read' | 'write';

/** A check that plays one fault on reading jobs and on creating a candidate, and looks at what the hub would do next. */
function expecting<const Name extends string>(
  name: Name,
  title: string,
  fault: Fault,
  expected: Expected,
  accesses: readonly Access[] = ['read', 'write'],
  context?: () => CallContext,
): Check<Name> {
  return {
    name,
    title,
    async run(world) {
      for (const access of accesses) {
        const { effect, ...forReads } = expected;
        for (const error of await failuresOf(world, fault, [access], context)) {
          // After a read there is nothing to ask about.
          expect(error, access).toMatchObject(access === 'write' ? { ...forReads, effect } : forReads);
        }
      }
    },
  };
}

/** Plays a fault on the requests that read or write, and answers what the plugin threw. */
async function failuresOf(
  world: CheckWorld,
  fault: Fault,
  accesses: readonly Access[],
  context?: () => CallContext,
): Promise<readonly unknown[]> {
  const errors: unknown[] = [];
  for (const access of accesses) {
    const exporting = new ExportWorld(await world.another());
    const { exporter, connection } = exporting;
    if (access === 'read' && !exporting.hasJobs) continue;
    exporting.fault(access === 'read' ? exporting.listJobs : exporting.vendor.routes.createCandidate, fault);
    const ctx = context?.() ?? connection.ctx;
    const call = access === 'read' ? exporter.listJobs(ctx, {}) : exporter.exportCandidate(ctx, exporting.request());
    errors.push(await rejectionOf(call));
  }
  return errors;
}

async function expectCompleted(
  exporting: ExportWorld,
  step: (typeof LATER_STEPS)[number],
  fault: Fault,
): Promise<void> {
  const { exporter, connection, vendor } = exporting;
  if (vendor.routes[step] === undefined) return;
  exporting.fault(exporting.laterStep(step), fault);
  const request = exporting.fullRequest();
  const outcome = await exporter.exportCandidate(connection.ctx, request).catch((error: unknown) => error);
  if (step === 'uploadResume' && !(outcome instanceof Error)) return; // A warning is as good: the candidate arrived.
  expect(outcome, step).toMatchObject({ name: 'ExportInterruptedError', reference: { remoteId: expect.any(String) } });
  expect(failureWithin(outcome), step).toMatchObject({ recovery: 'retry' });

  exporting.clearFaults();
  const { reference } = Object(outcome);
  const receipt = await exporter.exportCandidate(connection.ctx, { ...request, existing: reference });
  expect(receipt.remoteId).toBe(reference.remoteId);
  expect(vendor.creationsFor(request), 'created once').toBe(1);
  const stored = exporting.stored(receipt.remoteId);
  expect(stored.jobRemoteIds, 'attached once').toHaveLength(exporting.hasJobs ? 1 : 0);
  expect(stored.resumes, 'one résumé').toBe(request.resume ? 1 : 0);
}
