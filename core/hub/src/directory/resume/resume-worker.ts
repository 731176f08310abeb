import { parentPort } from 'node:worker_threads';
import type { Profile } from '../profile.js';
import { type ResumeOptions, renderResume } from './render-resume.js';

/** One résumé to draw. */
export interface ResumeTask {
  readonly profile: Profile;
  readonly options: ResumeOptions;
}

/** What became of it. */
export type ResumeOutcome =
  | { readonly ok: true; readonly bytes: Uint8Array<ArrayBuffer> }
  // The message of an error can quote text that was being drawn, so only where it happened goes back.
  | { readonly ok: false; readonly name: string; readonly stack: string };

parentPort?.on('message', async ({ profile, options }: ResumeTask) => {
  try {
    const bytes = new Uint8Array(await renderResume(profile, options));
    parentPort?.postMessage({ ok: true, bytes } satisfies ResumeOutcome, [bytes.buffer]);
  } catch (error) {
    const stack =
      error instanceof Error
        ? (error.stack ?? '')
            .split('\n')
            .filter((line) => line.startsWith('    at '))
            .join('\n')
        : '';
    parentPort?.postMessage({
      ok: false,
      name: error instanceof Error ? error.name : 'Error',
      stack,
    } satisfies ResumeOutcome);
  }
});
