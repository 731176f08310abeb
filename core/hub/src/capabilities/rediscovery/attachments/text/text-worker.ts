import { parentPort } from 'node:worker_threads';
import { extractText } from './extract-text.js';

/** A file to read, whole. */
export interface TextTask {
  readonly bytes: Uint8Array<ArrayBuffer>;
}

// What a library has given up on without telling us is no reason to give the file up.
process.on('unhandledRejection', () => undefined);

parentPort?.on('message', async ({ bytes }: TextTask) => {
  parentPort?.postMessage(await extractText(bytes));
});
