import type { Telemetry } from '@talentbridge/hub';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

const SECONDS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/** The hub's figures in the process' registry, beside those of the gateway. */
export class HubMetrics implements Telemetry {
  private readonly requests: Histogram<'plugin' | 'status'>;
  private readonly jobs: Histogram<'task' | 'outcome'>;
  private readonly items: Counter<'plugin' | 'outcome'>;
  private readonly deliveries: Counter<'outcome'>;
  private readonly events: Counter<'outcome'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.requests = new Histogram({
      name: 'hub_vendor_request_duration_seconds',
      help: 'Requests to vendors, by plugin and status; "none" when no answer came.',
      labelNames: ['plugin', 'status'],
      buckets: SECONDS,
      registers,
    });
    this.jobs = new Histogram({
      name: 'hub_job_duration_seconds',
      help: 'Jobs, by task and by whether they ended well.',
      labelNames: ['task', 'outcome'],
      buckets: SECONDS,
      registers,
    });
    this.items = new Counter({
      name: 'hub_export_items_total',
      help: 'Candidates of exports that have a result, by plugin and outcome.',
      labelNames: ['plugin', 'outcome'],
      registers,
    });
    this.deliveries = new Counter({
      name: 'hub_webhook_deliveries_total',
      help: 'Deliveries to callback addresses, by how they were answered: accepted, or why they were refused; later asks the ATS to deliver again.',
      labelNames: ['outcome'],
      registers,
    });
    this.events = new Counter({
      name: 'hub_webhook_events_total',
      help: 'Events that were delivered: stored, or duplicate.',
      labelNames: ['outcome'],
      registers,
    });
  }

  /** Shows how many events wait, asked for whenever the figures are. @param waiting `undefined`: nobody knows now. */
  showWaitingEvents(registry: Registry, waiting: () => Promise<number | undefined>): void {
    new Gauge({
      name: 'hub_webhook_events_waiting',
      help: 'Events that are stored and whose records were not read again yet, of the whole deployment.',
      registers: [registry],
      async collect() {
        const now = await waiting();
        if (now === undefined) this.remove();
        else this.set(now);
      },
    });
  }

  vendorRequest(pluginId: string, status: number | undefined, seconds: number): void {
    this.requests.observe({ plugin: pluginId, status: status ?? 'none' }, seconds);
  }

  job(task: string, outcome: 'done' | 'failed', seconds: number): void {
    this.jobs.observe({ task, outcome }, seconds);
  }

  exportItem(pluginId: string, outcome: string): void {
    this.items.inc({ plugin: pluginId, outcome });
  }

  webhookDelivery(outcome: string): void {
    this.deliveries.inc({ outcome });
  }

  webhookEvents(stored: number, duplicate: number): void {
    if (stored > 0) this.events.inc({ outcome: 'stored' }, stored);
    if (duplicate > 0) this.events.inc({ outcome: 'duplicate' }, duplicate);
  }
}
