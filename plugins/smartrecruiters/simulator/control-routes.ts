import type { SimulatorKit } from '@talentbridge/testkit/simulator';
import { z } from 'zod';
import type { SimulatedAccount } from './account.js';
import { type ChurnPlan, type ChurnReport, churn, churnPlanSchema } from './churn.js';
import { JOB_STATUSES, type SimulatedCandidate } from './records.js';
import type { SimulatedWorld, SimulatorApp } from './routes.js';

/** Changes that wait for pages of candidates. */
export class PendingChurn {
  readonly #plans: { readonly plan: ChurnPlan; left: number }[] = [];

  /** Keeps a plan for so many pages as it says. */
  add(plan: ChurnPlan): void {
    this.#plans.push({ plan, left: plan.pages });
  }

  /** Lets what waits happen, now that a page has been cut. */
  play(account: SimulatedAccount, kit: SimulatorKit, listed: readonly string[]): void {
    for (const waiting of this.#plans) {
      if (waiting.left === 0) continue;
      waiting.left -= 1;
      churn(account, waiting.plan, kit.random, kit.clock.iso(), listed);
    }
  }

  /** Forgets every plan. */
  clear(): void {
    this.#plans.length = 0;
  }
}

const jobChange = z.union([
  z.strictObject({ title: z.string().min(1) }),
  z.strictObject({ id: z.string(), title: z.string().min(1) }),
  z.strictObject({ id: z.string(), status: z.enum(JOB_STATUSES) }),
  z.strictObject({ id: z.string(), remove: z.literal(true) }),
]);

const part = z.object({
  account: z.string().default('ExampleCo'),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(10_000).default(1000),
});

/** What tests and benchmarks steer the simulator by, beside faults and the clock. */
export function registerControl(
  app: SimulatorApp,
  kit: SimulatorKit,
  { accounts, cursors }: SimulatedWorld,
  pending: PendingChurn,
): void {
  const accountOf = (identifier: string): SimulatedAccount | undefined =>
    accounts.find((one) => one.identifier === identifier);

  app.post('/_sim/churn', async (request, reply): Promise<ChurnReport | undefined> => {
    const plan = churnPlanSchema.safeParse(request.body);
    const [account] = accounts;
    if (!plan.success || !account) return reply.code(400).send({ error: plan.error && z.prettifyError(plan.error) });
    if (plan.data.pages === 0) return churn(account, plan.data, kit.random, kit.clock.iso());
    pending.add(plan.data);
    return undefined;
  });

  // Somebody opens a job in the first account, renames one, moves one on, or deletes one.
  app.post('/_sim/jobs', async (request, reply) => {
    const change = jobChange.safeParse(request.body);
    const [account] = accounts;
    if (!change.success || !account)
      return reply.code(400).send({ error: change.error && z.prettifyError(change.error) });
    return changeJob(account, change.data, kit.clock.iso());
  });

  app.post('/_sim/cursors/expire', async () => {
    cursors.expire();
    return {};
  });

  // The truth, for comparisons: everybody, as they are kept, in no order that a list has.
  app.get('/_sim/candidates', async (request, reply) => {
    const asked = part.safeParse(request.query);
    const account = asked.success ? accountOf(asked.data.account) : undefined;
    if (!asked.success || !account) return reply.code(400).send({ error: 'account, offset or limit is wrong' });
    return { jobs: account.jobs, candidates: someOf(account.everybody(), asked.data.offset, asked.data.limit) };
  });
}

function changeJob(account: SimulatedAccount, change: z.output<typeof jobChange>, now: string): unknown {
  if (!('id' in change)) return account.addJob(change.title, now);
  const job = account.job(change.id);
  if ('title' in change) account.renameJob(job.id, change.title, now);
  else if ('status' in change) account.setJobStatus(job.id, change.status, now);
  else account.removeJob(job.id);
  return job;
}

function someOf(everybody: Iterable<SimulatedCandidate>, offset: number, limit: number): readonly SimulatedCandidate[] {
  const some: SimulatedCandidate[] = [];
  let place = 0;
  for (const candidate of everybody) {
    if (place >= offset) some.push(candidate);
    place += 1;
    if (some.length === limit) break;
  }
  return some;
}
