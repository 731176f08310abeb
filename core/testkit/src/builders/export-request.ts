import { randomUUID } from 'node:crypto';
import type { CandidateRecord, ExportRequest, ResumeFile } from '@talentbridge/contracts';
import { candidateRecord } from './candidate-record.js';

/** What a test wants to say about an export; everything else is filled in. */
export type ExportRequestOverrides = Partial<Omit<ExportRequest, 'candidate'>> & {
  readonly candidate?: Partial<CandidateRecord>;
};

/** A first try to export a new person as a prospect, without résumé. */
export function exportRequest({ candidate, ...overrides }: ExportRequestOverrides = {}): ExportRequest {
  return {
    itemId: randomUUID(),
    candidate: candidateRecord(candidate),
    target: { kind: 'prospect' },
    firstTriedAt: new Date().toISOString(),
    notThese: [],
    ...overrides,
  };
}

/** A small, valid PDF. */
export function resumeFile(filename: string = 'ada-okafor.pdf'): ResumeFile {
  const text = `%PDF-1.4
1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj
2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj
3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] >> endobj
trailer << /Root 1 0 R >>
%%EOF
`;
  return { filename, contentType: 'application/pdf', bytes: new TextEncoder().encode(text) };
}
