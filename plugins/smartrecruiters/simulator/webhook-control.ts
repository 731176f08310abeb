import { z } from 'zod';
import { Refusal } from './refusal.js';
import type { SimulatorApp } from './routes.js';
import type { WebhookEngine } from './webhook-engine.js';
import type { LoadSource } from './webhook-load.js';
import { webhookPage } from './webhook-page.js';
import { webhookState } from './webhook-state.js';

// Numbers of forms are text.
const share = z.coerce.number().min(0).max(1).default(0);
const mishapsInput = z.object({
  lose: share,
  double: share,
  reorder: share,
  events: z.preprocess((value) => (value === '' ? undefined : value), z.coerce.number().int().min(0).optional()),
});
const fireInput = z.object({
  perSecond: z.coerce.number().int().min(0).max(20_000),
  seconds: z.coerce.number().positive().max(3600).default(1),
  name: z
    .enum(['candidate.updated', 'candidate.deleted', 'application.status.updated', 'job.status.updated'])
    .default('candidate.updated'),
});
const actionInput = z.object({ action: z.enum(['drop', 'suspend', 'again']) });
const redeliveryInput = z.object({ unitMs: z.coerce.number().int().min(1).max(3_600_000) });

/** What tests and people steer webhooks by: as JSON, or with the forms of `/_sim/webhooks`. */
export function registerWebhookControl(
  app: SimulatorApp,
  engine: WebhookEngine,
  source: LoadSource,
  now: () => number,
): void {
  const control = (path: string, act: (body: unknown, id: string) => void): void => {
    app.post<{ Params: { id?: string } }>(path, async (request, reply) => {
      try {
        act(request.body, request.params.id ?? '');
      } catch (error) {
        if (error instanceof Refusal) return reply.code(error.status).send({ error: error.message });
        if (error instanceof z.ZodError) return reply.code(400).send({ error: z.prettifyError(error) });
        throw error;
      }
      const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
      return isForm ? reply.redirect('/_sim/webhooks', 303) : webhookState(engine, now());
    });
  };

  app.get('/_sim/webhooks', async (_request, reply) => {
    reply.type('text/html');
    return webhookPage(webhookState(engine, now()));
  });
  app.get('/_sim/webhooks/state', async () => webhookState(engine, now()));
  control('/_sim/webhooks/subscriptions/:id', (body, id) => {
    const { action } = actionInput.parse(body);
    const subscription = engine.subscription(id);
    if (action === 'drop') engine.remove(subscription);
    if (action === 'suspend') engine.suspend(subscription);
    if (action === 'again') engine.deliverAgain(subscription);
  });
  control('/_sim/webhooks/mishaps', (body) => engine.setMishaps(mishapsInput.parse(body)));
  control('/_sim/webhooks/fire', (body) => source.start(fireInput.parse(body)));
  control('/_sim/webhooks/redelivery', (body) => engine.setRedeliveryUnit(redeliveryInput.parse(body).unitMs));
}
