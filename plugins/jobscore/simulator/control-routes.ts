import type { SimulatorKit } from '@talentbridge/testkit/simulator';
import { z } from 'zod';
import type { SimulatedAccount } from './account.js';
import type { SimulatedWorld, SimulatorApp } from './api-routes.js';
import { churn } from './churn.js';
import { STAGES } from './hiring-words.js';
import { notFound, Refusal } from './refusal.js';

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
const jobInput = z.object({ status: z.enum(['draft', 'internal', 'open', 'on_hold', 'closed', 'filled']) });
const mergeInput = z.object({ keep: z.enum(['older', 'newer']).default('older') }).prefault({});

/**
 * What users do in JobScore's own pages, for tests: settle a suspected duplicate (`POST /_sim/clock` makes the background
 * check run first), delete a candidate, move an application, open and close a job, or all of it at random.
 */
export function registerControls(app: SimulatorApp, kit: SimulatorKit, world: SimulatedWorld): void {
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
  app.post<WithId>('/_sim/jobs/:id', async ({ params: { id }, body }) =>
    withRecord((account) => account.job(id)).changeJob(id, jobInput.parse(body).status, kit.clock.iso()),
  );
  app.post('/_sim/churn', async ({ body }) => {
    const { account: slug = 'exampleco', ...wanted } = churnInput.parse(body);
    const account = world.accounts.find((one) => one.slug === slug);
    if (!account) throw notFound('Account');
    return churn(account, wanted, kit.clock);
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
