import { isExportInterrupted } from '@talentbridge/contracts';

/** Attaches a person to a job. */
export const ATTACH = { method: 'POST', path: '/customers/1234/applicantworkflows' };

/** A job that takes people. */
export const JOB = { kind: 'job', jobRemoteId: '1709' } as const;

/** What an export says that was interrupted once the person was there. */
export async function interruptionOf(
  call: Promise<unknown>,
): Promise<{ reference: { remoteId: string }; failure: unknown }> {
  const error = await call.catch((thrown: unknown) => thrown);
  if (!isExportInterrupted(error)) throw new Error('The export was expected to be interrupted.', { cause: error });
  return error;
}
