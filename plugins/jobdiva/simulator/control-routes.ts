import type { SimulatorKit } from '@talentbridge/testkit/simulator';
import { z } from 'zod';
import type { SimulatedWorld, SimulatorApp } from './api-routes.js';
import { type Churn, churn } from './churn.js';
import { writeDataCopy } from './data-copy.js';
import { badRequest } from './refusal.js';

const switchInput = z.object({ clientId: z.number().int().optional(), method: z.string(), allowed: z.boolean() });

const count = z.number().int().nonnegative().default(0);
const churnInput = z.object({
  clientId: z.number().int().optional(),
  change: count,
  move: count,
  delete: count,
  merge: count,
  jobs: count,
});

const copyInput = z.object({ clientId: z.number().int().optional(), folder: z.string().min(1) });

const editInput = z.object({
  clientId: z.number().int().optional(),
  id: z.number().int(),
  action: z.enum(['change', 'delete', 'deactivate', 'activate', 'merge']),
  into: z.number().int().optional(),
});

/**
 * What people do in JobDiva's own pages, for tests and demonstrations: `POST /_sim/methods` allows the API users of an
 * account a method, or no longer; `POST /_sim/logout` makes every token stop working; `POST /_sim/churn` changes, moves,
 * deletes and merges so many records of an account; `POST /_sim/candidate` does something with one candidate;
 * `POST /_sim/data-copy` writes the copy of an account's data into a folder of this machine.
 */
export function registerControls(app: SimulatorApp, kit: SimulatorKit, { accounts, sessions }: SimulatedWorld): void {
  const accountOf = (clientId: number | undefined): (typeof accounts)[number] => {
    const account = accounts.find((one) => clientId === undefined || one.clientId === clientId);
    if (!account) throw badRequest(`There is no account ${clientId}.`);
    return account;
  };
  app.post('/_sim/methods', async ({ body }) => {
    const { clientId, method, allowed } = read(switchInput, body);
    const concerned = accounts.filter((account) => clientId === undefined || account.clientId === clientId);
    for (const account of concerned) account.allow(method, allowed);
    return concerned.map((account) => ({ clientId: account.clientId, deniedMethods: account.deniedMethods }));
  });
  app.post('/_sim/logout', async () => {
    sessions.forgetTokens();
    return { loggedIn: 0 };
  });
  app.post('/_sim/churn', async ({ body }): Promise<Churn> => {
    const { clientId, ...wanted } = read(churnInput, body ?? {});
    return churn(accountOf(clientId), wanted, kit);
  });
  app.post('/_sim/data-copy', async ({ body }) => {
    const { clientId, folder } = read(copyInput, body);
    return { folder, files: await writeDataCopy(accountOf(clientId), folder) };
  });
  app.post('/_sim/candidate', async ({ body }) => {
    const { clientId, id, action, into } = read(editInput, body);
    const account = accountOf(clientId);
    const now = kit.clock.now();
    if (action === 'delete') account.deleteCandidate(id, now);
    else if (action === 'merge') account.mergeCandidates(id, into ?? 0, now);
    else
      account.editCandidate(
        id,
        action === 'change' ? { address1: `${now} Main Street` } : { active: action === 'activate' },
        now,
      );
    return { id, action };
  });
}

function read<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const input = schema.safeParse(body);
  if (!input.success) throw badRequest(z.prettifyError(input.error));
  return input.data;
}
