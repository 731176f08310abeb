import { plainPdf } from '@talentbridge/testkit/simulator';
import type { SimulatedFile } from './records.js';

/** The résumé of somebody who was generated: a real PDF with a few lines of text, drawn when it is asked for. */
export function generatedResume(filename: string, lines: readonly string[]): SimulatedFile {
  return {
    filename,
    contentType: 'application/pdf',
    get bytes() {
      return plainPdf(lines);
    },
    uploads: 1,
  };
}
