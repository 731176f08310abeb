import { SeededRandom } from '@talentbridge/testkit/simulator';
import { z } from 'zod';
import type { SimulatedPerson } from './records.js';
import type { SimulatedTenant } from './tenant.js';

const count = z.number().int().min(0).max(100_000).default(0);

/** What users of iCIMS do all at once, each to so many records chosen at random. */
export const churnPlan = z.strictObject({
  customer: z.string().default('1234'),
  /** Another name and phone number. */
  change: count,
  /** A workflow gets another status. */
  move: count,
  /** Somebody new, on a job. */
  add: count,
  /** Into the Purge folder. */
  purge: count,
  /** Two people become one. */
  merge: count,
  /** Gone without a trace. */
  erase: count,
  /** A job is posted, or posted no more. */
  jobs: count,
  /** The same seed chooses the same records of the same tenant. */
  seed: z.number().int().default(1),
});

/** How much happens. */
export type ChurnPlan = z.output<typeof churnPlan>;

/** Whom it happened to, by id. */
export type Churned = Readonly<
  Record<'change' | 'move' | 'add' | 'purge' | 'merge' | 'erase' | 'jobs', readonly number[]>
>;

/** Lets a plan happen, all at one moment. */
export function churn(tenant: SimulatedTenant, plan: Omit<ChurnPlan, 'customer'>, now: number): Churned {
  const random = new SeededRandom(plan.seed);
  const times = (wanted: number, act: () => number | undefined): readonly number[] =>
    Array.from({ length: wanted }, act).filter((id) => id !== undefined);
  const onSomebody = (wanted: number, act: (person: SimulatedPerson) => void): readonly number[] =>
    times(wanted, () => {
      const person = anybody(tenant, random);
      if (person) act(person);
      return person?.id;
    });
  return {
    change: onSomebody(plan.change, ({ id }) => {
      const number = random.below(1_000_000);
      const phonenumber = `+1628${String(number).padStart(7, '0')}`;
      tenant.edit(id, { firstname: `Ann ${number}`, phones: [{ entry: 1_000_000 + number, phonenumber }] }, now);
    }),
    move: onSomebody(plan.move, ({ id }) => {
      const workflow = [...tenant.workflowsOf(id)][0];
      const status = tenant.statuses[random.below(tenant.statuses.length)];
      if (workflow !== undefined && status) tenant.moveWorkflow(workflow, status, now);
    }),
    add: times(plan.add, () => {
      const number = random.below(1_000_000_000);
      const person = { firstname: 'Nell', lastname: 'Nyberg', email: `nell.${number}@mail.example` };
      const { id } = tenant.addPerson(person, tenant.user, now).person;
      const jobs = [...tenant.jobs.keys()];
      tenant.addWorkflow({ associatedprofile: id, baseprofile: jobs[random.below(jobs.length)] }, now);
      return id;
    }),
    purge: onSomebody(plan.purge, ({ id }) => tenant.purge(id, now)),
    merge: onSomebody(plan.merge, ({ id }) => {
      const into = anybody(tenant, random);
      if (into && into.id !== id) tenant.merge(id, into.id, now);
    }),
    erase: onSomebody(plan.erase, ({ id }) => tenant.erase(id)),
    jobs: times(plan.jobs, () => {
      const jobs = [...tenant.jobs.values()];
      const job = jobs[random.below(jobs.length)];
      if (job)
        tenant.changeJob(job.id, { portals: job.portals.length > 0 ? [] : [...tenant.portals].slice(0, 1) }, now);
      return job?.id;
    }),
  };
}

/** Looks at a few, because some are in the Purge folder. */
function anybody(tenant: SimulatedTenant, random: SeededRandom): SimulatedPerson | undefined {
  for (let tries = 0; tries < 20; tries += 1) {
    const from = random.below(tenant.lastPersonId);
    const [id] = tenant.people.idsAfter(from);
    const person = id === undefined ? undefined : tenant.people.get(id);
    if (person && !person.hidden && !tenant.isPurged(person)) return person;
  }
  return undefined;
}
