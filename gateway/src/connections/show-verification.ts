import type { TestCandidate, VerificationReport } from '@talentbridge/hub';
import type { TestCandidateType, VerificationReportType } from './verification-report.type.js';

/** What a verification found. */
export function showVerification(report: VerificationReport): VerificationReportType {
  const { verifiedAt, allGood, complete, checks, testCandidate } = report;
  return {
    verifiedAt: new Date(verifiedAt),
    allGood,
    complete,
    checks,
    testCandidate: testCandidate && showTestCandidate(testCandidate),
  };
}

function showTestCandidate({ name, remoteId, remoteUrl, reused }: TestCandidate): TestCandidateType {
  return { id: remoteId, name, url: remoteUrl, reused };
}
