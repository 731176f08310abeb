import { Agent, request } from 'undici';

/*
 * What an export is measured against: the same calls for the same candidates, as many at once, and nothing else. It keeps
 * no ledger, checks no answer and would lose its place with the process. Started by export.bench.ts.
 */

/** What the loop is told to do. */
export interface BareOrder {
  /** Where the vendor is. */
  readonly url: string;
  readonly apiKey: string;
  readonly jobId: string;
  readonly concurrency: number;
  readonly candidates: readonly BareCandidate[];
  /** Base64 of a file that is uploaded for each; absent: none is. */
  readonly resume?: string;
}

/** One candidate as the vendor takes it. */
export type BareCandidate = Readonly<Record<string, unknown>>;

/** What it answers. */
export interface BareReport {
  readonly seconds: number;
}

// It waits for orders, and ends with the process that gives them.
process.channel?.ref();

const dispatcher = new Agent({ pipelining: 1 });

process.on('message', (message: 'cpu' | BareOrder) => {
  if (typeof message === 'string') return;
  void run(message).then((report) => process.send?.(report));
});

async function run(order: BareOrder): Promise<BareReport> {
  const startedAt = performance.now();
  const waiting = order.candidates.values();
  const resume = order.resume === undefined ? undefined : Buffer.from(order.resume, 'base64');
  const worker = async (): Promise<void> => {
    for (const candidate of waiting) {
      const { id } = await post<{ readonly id: string }>(order, '/candidates', JSON.stringify(candidate));
      await post(order, '/applications', JSON.stringify({ candidate_id: id, job_id: order.jobId }));
      if (resume) await upload(order, id, resume);
    }
  };
  await Promise.all(Array.from({ length: order.concurrency }, worker));
  return { seconds: (performance.now() - startedAt) / 1_000 };
}

const BOUNDARY = 'bare-loop-boundary';

function upload(order: BareOrder, id: string, resume: Buffer): Promise<unknown> {
  const head = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="document_type"\r\n\r\nresume\r\n--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="resume.pdf"\r\ncontent-type: application/pdf\r\n\r\n`;
  const body = Buffer.concat([Buffer.from(head), resume, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]);
  return post(order, `/candidates/${id}/documents`, body, `multipart/form-data; boundary=${BOUNDARY}`);
}

async function post<Answer>(
  { url, apiKey }: BareOrder,
  path: string,
  body: string | Buffer,
  contentType = 'application/json',
): Promise<Answer> {
  const answer = await request(`${url}/v2${path}`, {
    method: 'POST',
    dispatcher,
    headers: { accept: 'application/json', 'content-type': contentType, authorization: `Token token=${apiKey}` },
    body,
  });
  const text = await answer.body.text();
  if (answer.statusCode >= 300) throw new Error(`${path} answered ${answer.statusCode} ${text}`);
  return JSON.parse(text) as Answer;
}
