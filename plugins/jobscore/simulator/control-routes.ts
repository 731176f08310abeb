import type { SimulatorKit } from '@talentbridge/testkit/simulator';
import { z } from 'zod';
import type { SimulatedAccount } from './account.js';
import type { SimulatedWorld, SimulatorApp } from './api-routes.js';
import { notFound } from './refusal.js';

interface WithPairId {
  readonly Params: { readonly id: string };
}

const mergeInput = z.object({ keep: z.enum(['older', 'newer']).default('older') }).prefault({});

/**
 * What a user does in JobScore's own pages, for tests: settle a suspected duplicate. `POST /_sim/clock` makes the
 * background check run first.
 */
export function registerControls(app: SimulatorApp, kit: SimulatorKit, world: SimulatedWorld): void {
  const accountWith = (pairId: string): SimulatedAccount => {
    const account = world.accounts.find(({ duplicates }) => duplicates.some(({ id }) => id === pairId));
    if (!account) throw notFound('Suspected duplicate');
    return account;
  };
  app.get('/_sim/duplicates', async () => world.accounts.flatMap(({ duplicates }) => duplicates));
  app.post<WithPairId>('/_sim/duplicates/:id/merge', async ({ params, body }) => {
    const { keep } = mergeInput.parse(body ?? undefined);
    return accountWith(params.id).mergeDuplicate(params.id, kit.clock.iso(), keep);
  });
  app.post<WithPairId>('/_sim/duplicates/:id/dismiss', async ({ params }) =>
    accountWith(params.id).dismissDuplicate(params.id),
  );
}
