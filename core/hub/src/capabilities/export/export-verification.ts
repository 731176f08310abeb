import { randomUUID } from 'node:crypto';
import {
  type ExportCapability,
  type ExportRequest,
  isExportInterrupted,
  isHubError,
  JobNotOpenError,
} from '@talentbridge/contracts';
import { failedCheck, verificationContext } from '../../connections/verification.js';
import { drawDummyNumber, dummyEmail } from '../../directory/dummy-email.js';
import type { Tags } from '../../directory/tags.js';
import type {
  Check,
  TestCandidate,
  TestTarget,
  VerificationInput,
  VerificationPart,
} from '../../kernel/capabilities.js';
import type { Deployment } from '../../kernel/deployment.js';
import { tagDifference, tagsOnceCreated } from './export-preflight.js';
import { openJobs } from './job-list.js';

const TEST_NAME = { firstName: 'Test', lastName: 'Candidate' } as const;

/** Export's part of a verification: source, tags, the job list, and a test candidate that an admin can look at in the ATS. */
export class ExportVerification {
  constructor(
    private readonly deployment: Deployment,
    private readonly tags: Tags,
  ) {}

  /** Every check, whatever the others say. */
  async verify(input: VerificationInput): Promise<VerificationPart> {
    const exporter = input.connection.capability('export');
    if (!exporter) return { checks: [] };
    const checks = [await this.source(exporter), await this.tagCheck(input, exporter), await this.jobs(exporter)];
    const test = await this.testCandidate(input, exporter);
    return {
      checks: [...checks.filter((check) => check !== undefined), test.check],
      ...(test.candidate ? { testCandidate: test.candidate } : {}),
    };
  }

  private async source(exporter: ExportCapability): Promise<Check | undefined> {
    if (!exporter.checkSource) return undefined;
    const check = { id: 'export:source', label: 'The source of exported candidates exists' };
    try {
      const { name, present, remedy } = await exporter.checkSource(verificationContext());
      if (present) return { ...check, status: 'PASSED', reason: `Source ${name}` };
      return {
        ...check,
        status: 'FAILED',
        reason: `There is no source ${name}.`,
        remedy: remedy ?? `Add a source named ${name}.`,
      };
    } catch (error) {
      return { ...check, ...failedCheck(error) };
    }
  }

  /** Unknown tags are left out of an export, so that they warn and do not fail. */
  private async tagCheck(input: VerificationInput, exporter: ExportCapability): Promise<Check | undefined> {
    if (!exporter.listTags) return undefined;
    const check = { id: 'export:tags', label: 'The organization’s tags exist' };
    try {
      const ours = await this.tags.list(input.scope);
      const tags = await tagsOnceCreated(exporter, ours, verificationContext());
      const missing = tagDifference(exporter, ours, tags?.known ?? []).missing;
      if (missing.length === 0) {
        const created = tags?.created ?? [];
        return created.length === 0
          ? { ...check, status: 'PASSED' }
          : { ...check, status: 'PASSED', reason: `Created in ${input.atsName}: ${created.join(', ')}.` };
      }
      return {
        ...check,
        status: 'WARNED',
        reason: `${missing.length} tags are unknown to ${input.atsName} and are left out of exports.`,
        remedy: `Create these tags in ${input.atsName}: ${missing.join(', ')}.`,
      };
    } catch (error) {
      return { ...check, ...failedCheck(error) };
    }
  }

  private async jobs(exporter: ExportCapability): Promise<Check | undefined> {
    if (exporter.limits.jobs === false) return undefined;
    const check = { id: 'export:jobs', label: 'Jobs can be listed' };
    try {
      const page = await exporter.listJobs(verificationContext(), { first: 1 });
      return page.items.length > 0
        ? { ...check, status: 'PASSED' }
        : {
            ...check,
            status: 'WARNED',
            reason: 'There is no open job.',
            remedy: 'Open a job in the ATS to export candidates to it.',
          };
    } catch (error) {
      return { ...check, ...failedCheck(error) };
    }
  }

  private async testCandidate(
    input: VerificationInput,
    exporter: ExportCapability,
  ): Promise<{ readonly check: Check; readonly candidate?: TestCandidate }> {
    const check = { id: 'export:test-candidate', label: 'A test candidate arrives' };
    const { testTarget } = input;
    if (!testTarget) {
      return {
        check: {
          ...check,
          status: 'SKIPPED',
          reason: 'It is not decided where the test candidate goes.',
          remedy: 'Choose prospect or a job, then verify again.',
        },
      };
    }
    if (testTarget.kind === 'prospect' && exporter.limits.prospects === false) {
      return {
        check: {
          ...check,
          status: 'SKIPPED',
          reason: `${input.atsName} has no prospects.`,
          remedy: 'Choose a job, then verify again.',
        },
      };
    }
    // The ATS that knows a request by its id takes the same test candidate again; any other gets a new one.
    const reusable = exporter.limits.absorbsRepeats === true;
    const request = this.testRequest(input, reusable ? input.connectionId : randomUUID());
    const name = `${TEST_NAME.firstName} ${TEST_NAME.lastName}`;
    try {
      await requireOpen(exporter, testTarget, input.atsName);
      const receipt = await exporter.exportCandidate(verificationContext(), request);
      const again = input.earlierTestCandidate !== undefined;
      const reused = receipt.outcome === 'UPDATED' || receipt.remoteId === input.earlierTestCandidate?.remoteId;
      const made = again
        ? `Another ${name} was created, because the ATS cannot use an earlier one again`
        : `${name} was created`;
      const reason = reused ? `${name} of an earlier verification was used again.` : `${made}: ${receipt.remoteId}.`;
      return {
        check: { ...check, status: 'PASSED', reason },
        candidate: {
          name,
          remoteId: receipt.remoteId,
          reused,
          ...(receipt.remoteUrl ? { remoteUrl: receipt.remoteUrl } : {}),
        },
      };
    } catch (error) {
      const interrupted = isExportInterrupted(error) ? error : undefined;
      const failure = interrupted?.failure ?? error;
      const unknown =
        isHubError(failure) && failure.recovery === 'retry' && failure.effect === 'unknown' && !interrupted;
      const result = failedCheck(failure);
      return {
        check: unknown
          ? {
              ...check,
              status: 'UNKNOWN',
              reason: `${result.reason ?? ''} Whether ${name} arrived is not known.`,
              remedy: `Look for ${name} in ${input.atsName}, then verify again.`,
            }
          : { ...check, ...result },
        ...(interrupted ? { candidate: { name, reused: false, ...interrupted.reference } } : {}),
      };
    }
  }

  private testRequest(input: VerificationInput, itemId: string): ExportRequest {
    return {
      itemId,
      candidate: {
        ...TEST_NAME,
        emails: [dummyEmail({ domain: this.deployment.dummyEmailDomain, number: drawDummyNumber() })],
        phones: [],
        socialUrls: [],
        workExperience: [],
        education: [],
        tags: [],
      },
      target: input.testTarget ?? { kind: 'prospect' },
      firstTriedAt: new Date().toISOString(),
      notThese: [],
    };
  }
}

/** A job that takes nobody is found out before a test candidate is created for it. @throws JobNotOpenError */
async function requireOpen(exporter: ExportCapability, target: TestTarget, atsName: string): Promise<void> {
  if (target.kind !== 'job') return;
  const jobs = await openJobs(exporter);
  if (jobs.some((job) => job.remoteId === target.jobRemoteId)) return;
  throw new JobNotOpenError(atsName, target.jobRemoteId, 'it is not among the open jobs');
}
