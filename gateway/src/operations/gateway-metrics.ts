import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Ways an operation reaches the gateway. */
export type Transport = 'http' | 'websocket' | 'event-stream';

/** What the gateway counts. Labels have few values each: never a name or an id that a client chose. */
export class GatewayMetrics {
  private readonly operations: Counter<'transport' | 'type' | 'outcome'>;
  private readonly durations: Histogram<'transport' | 'type'>;
  private readonly sockets: Gauge;

  /** @param registry The process' registry, so that the hub's figures come out in the same place. Absent: a new one. */
  constructor(readonly registry: Registry = processRegistry()) {
    const registers = [registry];
    this.operations = new Counter({
      name: 'gateway_operations_total',
      help: 'GraphQL operations, by what became of them: ok, or the code of the first error.',
      labelNames: ['transport', 'type', 'outcome'],
      registers,
    });
    this.durations = new Histogram({
      name: 'gateway_operation_duration_seconds',
      help: 'Time from the request to its answer.',
      labelNames: ['transport', 'type'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    });
    this.sockets = new Gauge({
      name: 'gateway_websocket_connections',
      help: 'Open WebSocket connections.',
      registers,
    });
  }

  /** Counts one answered operation. */
  answered(transport: Transport, type: string, outcome: string, seconds: number): void {
    this.operations.inc({ transport, type, outcome });
    this.durations.observe({ transport, type }, seconds);
  }

  /** A WebSocket was opened. */
  socketOpened(): void {
    this.sockets.inc();
  }

  /** A WebSocket was closed. */
  socketClosed(): void {
    this.sockets.dec();
  }
}

/** A registry that has the figures of the process itself. */
export function processRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}
