import type { SimulatorKit } from '@talentbridge/testkit/simulator';
import { z } from 'zod';
import type { SimulatedWorld, SimulatorApp } from './api-routes.js';
import { type Churned, churn, churnPlan } from './churn.js';
import { invalid, notFound } from './refusal.js';
import type { SimulatedTenant } from './tenant.js';

const customer = z.string().default('1234');
const personInput = z.object({
  customer,
  action: z.enum(['purge', 'erase', 'hide', 'show', 'merge']),
  /** For `merge`: who stays. */
  into: z.number().int().optional(),
});
const workflowInput = z.object({ customer, status: z.string() });
const jobInput = z.object({ customer, portals: z.array(z.string()) });

type WithId = { readonly Params: { readonly id: string } };

/**
 * What users do in iCIMS's own pages, for tests and demonstrations: `POST /_sim/people/{id}` with an `action`,
 * `POST /_sim/workflows/{id}` with the id of a `status`, `POST /_sim/jobs/{id}` with the `portals` that it is posted on, and
 * `POST /_sim/churn`, which does much of it at random.
 */
export function registerControls(app: SimulatorApp, kit: SimulatorKit, { tenants }: SimulatedWorld): void {
  const tenantOf = (customerId: string): SimulatedTenant => {
    const tenant = tenants.find((one) => one.customerId === customerId);
    if (!tenant) throw notFound('Customer');
    return tenant;
  };
  app.post('/_sim/churn', async ({ body }): Promise<Churned> => {
    const { customer: customerId, ...plan } = read(churnPlan, body ?? {});
    return churn(tenantOf(customerId), plan, kit.clock.now());
  });
  app.post<WithId>('/_sim/people/:id', async ({ params, body }) => {
    const { customer: customerId, action, into } = read(personInput, body);
    const tenant = tenantOf(customerId);
    const now = kit.clock.now();
    const id = Number(params.id);
    if (action === 'purge') tenant.purge(id, now);
    else if (action === 'erase') tenant.erase(id);
    else if (action === 'merge') tenant.merge(id, into ?? 0, now);
    else tenant.setHidden('people', id, action === 'hide');
    return { [action]: id };
  });
  app.post<WithId>('/_sim/workflows/:id', async ({ params, body }) => {
    const { customer: customerId, status: wanted } = read(workflowInput, body);
    const tenant = tenantOf(customerId);
    const status = tenant.statuses.find(({ id }) => id === wanted);
    if (!status) throw notFound('Status');
    tenant.moveWorkflow(Number(params.id), status, kit.clock.now());
    return { status };
  });
  app.post<WithId>('/_sim/jobs/:id', async ({ params, body }) => {
    const { customer: customerId, portals } = read(jobInput, body);
    tenantOf(customerId).changeJob(Number(params.id), { portals }, kit.clock.now());
    return { portals };
  });
}

function read<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw invalid('body', z.prettifyError(parsed.error));
  return parsed.data;
}
