import { readPersonalPage } from '../../../../directory/social-url.js';
import type { CandidateData } from '../../mirror-model.js';

/**
 * Adds the candidate's pages that stand in their own files, of each network where the ATS has none. Of several the first one counts:
 * a résumé begins with whose it is, and ends with references.
 */
export function withPages(candidate: CandidateData, pages: readonly string[]): CandidateData {
  const networks = new Set(candidate.socialUrls.map((url) => readPersonalPage(url)?.network));
  const added: CandidateData['socialUrls'][number][] = [];
  for (const page of pages) {
    const url = `https://${page.replace(/[.:'’”]+$/u, '')}`;
    const network = /^https:\/\/github/i.test(url) ? 'github' : 'linkedin';
    if (networks.has(network) || !readPersonalPage({ network, url })) continue;
    networks.add(network);
    added.push({ network, url });
  }
  return added.length === 0 ? candidate : { ...candidate, socialUrls: [...candidate.socialUrls, ...added] };
}
