import { Worker } from 'node:worker_threads';
import { HubError } from '@talentbridge/contracts';
import type { InsightsReport } from './insights-report.js';

/** How workbooks are drawn. */
export interface InsightsDrawingOptions {
  /** How long one may take, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number;
  /** Workbooks at once; the others wait. Default 2. */
  readonly atOnce?: number;
  /** How many may wait. Default 20. */
  readonly waiting?: number;
  /** How many of one organization may wait, so that others find a place. Default 5. */
  readonly waitingOfOne?: number;
  /** The compiled worker. Default: the one beside this file. */
  readonly worker?: URL;
}

/** More workbooks are asked for than this process draws. */
class InsightsBusyError extends HubError {
  readonly code = 'INSIGHTS_BUSY';
  readonly recovery = 'retry';

  constructor() {
    super('Too many workbooks are being made at the moment. Ask for this one again in a minute.');
  }
}

/** A workbook could not be drawn, which is ours to mend. */
class InsightsDrawingError extends Error {
  override readonly name = 'InsightsDrawingError';
}

/**
 * Draws workbooks, each in a thread of its own: it would hold up the thread that answers requests for 50 to 300 ms. People ask
 * for one now and then, so that no thread is kept for them, and what the writer holds in memory goes with its thread.
 */
export class InsightsDrawing {
  private readonly atWork = new Set<Worker>();
  /** Taken by those that are drawn. */
  private places = 0;
  private readonly queue: {
    readonly organizationId: string;
    readonly begin: () => void;
    readonly refuse: () => void;
  }[] = [];
  private closed = false;

  constructor(private readonly options: InsightsDrawingOptions = {}) {}

  /**
   * The workbook of a report, as `drawWorkbook` draws it.
   * @throws InsightsBusyError when too many wait already, in all or of this organization.
   * @throws InsightsDrawingError when it cannot be drawn, takes too long, or this was closed.
   */
  async workbook(organizationId: string, report: InsightsReport): Promise<Uint8Array<ArrayBuffer>> {
    const { atOnce = 2, waiting = 20, waitingOfOne = 5 } = this.options;
    if (this.closed) throw closedError();
    if (this.places < atOnce) this.places += 1;
    else {
      const own = this.queue.filter((one) => one.organizationId === organizationId);
      if (this.queue.length >= waiting || own.length >= waitingOfOne) throw new InsightsBusyError();
      await new Promise<void>((resolve, reject) => {
        this.queue.push({ organizationId, begin: resolve, refuse: () => reject(closedError()) });
      });
    }
    try {
      return await this.draw(report);
    } finally {
      const next = this.queue.shift();
      // Its place goes to whoever waits longest, and to nobody who comes meanwhile.
      if (next) next.begin();
      else this.places -= 1;
    }
  }

  /** Ends the threads. What is waiting or being drawn fails. */
  async close(): Promise<void> {
    this.closed = true;
    for (const { refuse } of this.queue.splice(0)) refuse();
    await Promise.all([...this.atWork].map((worker) => worker.terminate()));
  }

  private async draw(report: InsightsReport): Promise<Uint8Array<ArrayBuffer>> {
    const worker = new Worker(this.options.worker ?? new URL('./drawing-worker.js', import.meta.url), {
      name: 'workbook',
      workerData: report,
      resourceLimits: { maxOldGenerationSizeMb: 256 },
    });
    this.atWork.add(worker);
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise((resolve, reject) => {
        const fail = (reason: string, cause?: unknown): void =>
          reject(new InsightsDrawingError(reason, cause === undefined ? undefined : { cause }));
        timer = setTimeout(() => fail('The workbook took too long to draw.'), this.options.timeoutMs ?? 30_000);
        worker.once('message', (bytes: Uint8Array<ArrayBuffer>) => resolve(bytes));
        worker.once('error', (error) => fail('The workbook could not be drawn.', withoutText(error)));
        worker.once('exit', () => fail('The thread that drew the workbook ended.'));
      });
    } finally {
      clearTimeout(timer);
      await worker.terminate();
      this.atWork.delete(worker);
    }
  }
}

function closedError(): InsightsDrawingError {
  return new InsightsDrawingError('Workbooks are not drawn any more: the hub is closing.');
}

/** Where an error happened. Its message can quote what was being drawn, and stays here. */
function withoutText(error: unknown): Error {
  const place = new Error(error instanceof Error ? error.name : 'unknown');
  const frames =
    error instanceof Error ? (error.stack ?? '').split('\n').filter((text) => text.startsWith('    at ')) : [];
  place.stack = [place.message, ...frames].join('\n');
  return place;
}
