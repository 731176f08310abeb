import { type Span, SpanStatusCode, trace } from '@opentelemetry/api';

/** Figures of the hub, for whoever collects them. Labels have few values each, and none of them is a person's. */
export interface Telemetry {
  /** A request to a vendor was answered, or was not (`status` absent). */
  vendorRequest(pluginId: string, status: number | undefined, seconds: number): void;
  /** A job ended. */
  job(task: string, outcome: 'done' | 'failed', seconds: number): void;
  /** A candidate of an export has a result. */
  exportItem(pluginId: string, outcome: string): void;
  /** A delivery to a callback address was answered. `outcome` says how, of few. */
  webhookDelivery(outcome: string): void;
  /** Delivered events were stored, and others were known already or belong to a connection that is leaving. */
  webhookEvents(stored: number, duplicate: number): void;
}

/** Collects nothing. */
export const noTelemetry: Telemetry = {
  vendorRequest: () => undefined,
  job: () => undefined,
  exportItem: () => undefined,
  webhookDelivery: () => undefined,
  webhookEvents: () => undefined,
};

const tracer = trace.getTracer('talentbridge');

/**
 * Runs work within a span of its own, as a trace shows it. Without an OpenTelemetry SDK in the process it costs next to
 * nothing. A failure is marked by the kind of its error alone, because messages may quote data.
 */
export function traced<Result>(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  work: () => Promise<Result>,
): Promise<Result> {
  return tracer.startActiveSpan(name, { attributes: { ...attributes } }, async (span: Span) => {
    try {
      return await work();
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'unknown' });
      throw error;
    } finally {
      span.end();
    }
  });
}
