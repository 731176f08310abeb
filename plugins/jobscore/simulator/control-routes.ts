import type { SimulatorKit } from '@talentbridge/testkit/simulator';
import { z } from 'zod';
import type { SimulatedAccount } from './account.js';
import type { SimulatedWorld, SimulatorApp } from './api-routes.js';
import { churn } from './churn.js';
import { STAGES } from './hiring-words.js';
import { notFound, Refusal } from './refusal.js';
import type { Traffic } from './traffic.js';
import type { WebhookSender } from './webhook-sender.js';

interface WithId {
  readonly Params: { readonly id: string };
}

const count = z.number().int().nonnegative().optional();
const churnInput = z.object({
  account: z.string().optional(),
  changes: count,
  applications: count,
  additions: count,
  deletions: count,
  merges: count,
  jobs: count,
  seed: z.number().int().optional(),
});
const moveInput = z.object({
  status: z.enum(['active', 'rejected', 'withdrawn', 'hired']),
  stage: z.enum(STAGES).exactOptional(),
});
const feedbackInput = z.object({
  feedback: z.string().min(1).optional(),
  recommendation: z.enum(['yes', 'no', 'undecided']).optional(),
});
const interviewInput = feedbackInput.extend({
  application: z.string().optional(),
  name: z.string().min(1).optional(),
  scheduled_on: z.iso.datetime().optional(),
});
const jobStatus = z.enum(['draft', 'internal', 'open', 'on_hold', 'closed', 'filled']);
const jobInput = z.object({ status: jobStatus });
const newJobInput = z.object({
  account: z.string().optional(),
  title: z.string().min(1),
  status: jobStatus.optional(),
});
const mishapInput = z.object({ lose: count, double: count, reorder: count });
const trafficInput = z.object({
  account: z.string().optional(),
  perSecond: z.number().positive().max(10_000),
  seconds: z.number().positive().max(3600).default(10),
});
const mergeInput = z.object({ keep: z.enum(['older', 'newer']).default('older') }).prefault({});

/** What tests steer beside the accounts. */
export interface Controls {
  readonly deliveries: WebhookSender;
  readonly traffic: Traffic;
}

/**
 * What users do in JobScore's own pages, for tests: settle a suspected duplicate (`POST /_sim/clock` makes the background
 * check run first), delete a candidate, move an application, hold an interview, delete a note, add, open and close a
 * job, or some of it at random; remove and disable webhooks. And what happens to deliveries on their way.
 */
export function registerControls(
  app: SimulatorApp,
  kit: SimulatorKit,
  world: SimulatedWorld,
  { deliveries, traffic }: Controls,
): void {
  const accountNamed = (slug = 'exampleco'): SimulatedAccount => {
    const account = world.accounts.find((one) => one.slug === slug);
    if (!account) throw notFound('Account');
    return account;
  };
  const accountWith = (pairId: string): SimulatedAccount => {
    const account = world.accounts.find(({ duplicates }) => duplicates.some(({ id }) => id === pairId));
    if (!account) throw notFound('Suspected duplicate');
    return account;
  };
  const withRecord = (holds: (account: SimulatedAccount) => unknown): SimulatedAccount => {
    for (const account of world.accounts) {
      try {
        holds(account);
        return account;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
      }
    }
    throw notFound('Record');
  };
  app.post<WithId>('/_sim/candidates/:id/delete', async ({ params: { id } }) => {
    withRecord((account) => account.folder(id)).deleteCandidate(id);
    return { deleted: id };
  });
  app.post<WithId>('/_sim/applications/:id', async ({ params: { id }, body }) =>
    withRecord((account) => account.application(id)).moveApplication(id, moveInput.parse(body), kit.clock.iso()),
  );
  app.post<WithId>('/_sim/candidates/:id/interviews', async ({ params: { id }, body }) =>
    withRecord((account) => account.folder(id)).addInterview(id, interviewInput.parse(body ?? {}), kit.clock.iso()),
  );
  app.post<WithId>('/_sim/interviews/:id', async ({ params: { id }, body }) =>
    withRecord((account) => account.interview(id)).giveFeedback(id, feedbackInput.parse(body), kit.clock.iso()),
  );
  app.post<WithId>('/_sim/notes/:id/delete', async ({ params: { id } }) => {
    withRecord((account) => account.note(id)).deleteNote(id, kit.clock.iso());
    return { deleted: id };
  });
  app.post<WithId>('/_sim/jobs/:id', async ({ params: { id }, body }) =>
    withRecord((account) => account.job(id)).changeJob(id, jobInput.parse(body).status, kit.clock.iso()),
  );
  app.post('/_sim/jobs', async ({ body }) => {
    const { account, ...job } = newJobInput.parse(body);
    return accountNamed(account).addJob(job, kit.clock.iso());
  });
  app.post('/_sim/churn', async ({ body }) => {
    const { account, ...wanted } = churnInput.parse(body);
    return churn(accountNamed(account), wanted, kit.clock);
  });
  app.post<WithId>('/_sim/webhooks/:id/remove', async ({ params: { id } }) => {
    withRecord((account) => account.webhook(id)).removeWebhook(id);
    return { removed: id };
  });
  app.post<WithId>('/_sim/webhooks/:id/disable', async ({ params: { id } }) =>
    withRecord((account) => account.webhook(id)).disableWebhook(id, kit.clock.iso()),
  );
  app.post<WithId>('/_sim/webhooks/:id/deliver-again', async ({ params: { id } }) => {
    deliveries.sendAgain(withRecord((account) => account.webhook(id)).webhook(id));
    return deliveries.counts();
  });
  app.get('/_sim/deliveries', async () => deliveries.counts());
  app.post('/_sim/deliveries', async ({ body }) => {
    deliveries.misbehave(mishapInput.parse(body));
    return deliveries.counts();
  });
  app.post('/_sim/traffic', async ({ body }) => {
    const { account, ...rate } = trafficInput.parse(body);
    return { events: traffic.start(accountNamed(account), rate) };
  });
  app.delete('/_sim/traffic', async () => {
    traffic.stop();
    return deliveries.counts();
  });
  app.get('/_sim/duplicates', async () => world.accounts.flatMap(({ duplicates }) => duplicates));
  app.post<WithId>('/_sim/duplicates/:id/merge', async ({ params, body }) => {
    const { keep } = mergeInput.parse(body ?? undefined);
    return accountWith(params.id).mergeDuplicate(params.id, kit.clock.iso(), keep);
  });
  app.post<WithId>('/_sim/duplicates/:id/dismiss', async ({ params }) =>
    accountWith(params.id).dismissDuplicate(params.id),
  );
}
