import { z } from 'zod';
import type { SimulatedWorld, SimulatorApp } from './api-routes.js';
import { badRequest } from './refusal.js';

const switchInput = z.object({ clientId: z.number().int().optional(), method: z.string(), allowed: z.boolean() });

/**
 * What an administrator does in JobDiva's own pages, for tests and demonstrations: `POST /_sim/methods` allows the API
 * users of an account a method, or no longer; `POST /_sim/logout` makes every token stop working.
 */
export function registerControls(app: SimulatorApp, { accounts, sessions }: SimulatedWorld): void {
  app.post('/_sim/methods', async ({ body }) => {
    const input = switchInput.safeParse(body);
    if (!input.success) throw badRequest(z.prettifyError(input.error));
    const { clientId, method, allowed } = input.data;
    const concerned = accounts.filter((account) => clientId === undefined || account.clientId === clientId);
    for (const account of concerned) account.allow(method, allowed);
    return concerned.map((account) => ({ clientId: account.clientId, deniedMethods: account.deniedMethods }));
  });
  app.post('/_sim/logout', async () => {
    sessions.forgetTokens();
    return { loggedIn: 0 };
  });
}
