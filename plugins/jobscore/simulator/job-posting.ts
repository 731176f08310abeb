import type { SimulatedAccount } from './account.js';
import type { SimulatedJob } from './records.js';

/** What an account says of a job in public. */
export interface JobPosting {
  /** HTML (JobScore sheet §8, CONFIRMED for the feed). */
  readonly description: string;
  readonly detail_url: string;
  readonly apply_url: string;
  readonly url_slug: string;
}

/** The posting of a job, under the names that the feed has (JobScore sheet §8, SECONDARY). */
export function postingOf(
  { slug, companyName }: Pick<SimulatedAccount, 'slug' | 'companyName'>,
  { id, title, department }: SimulatedJob,
): JobPosting {
  const url_slug = title.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const site = `https://careers.jobscore.com/careers/${slug}`;
  return {
    description: [
      `<p>${escaped(companyName)} is looking for a <strong>${escaped(title)}</strong> in ${escaped(department.name)}.</p>`,
      '<ul><li>You like to see what becomes of your work</li><li>You ask before you guess &ndash; and after</li></ul>',
    ].join('\n'),
    detail_url: `${site}/jobs/${url_slug}-${id}`,
    apply_url: `${site}/apply/${id}`,
    url_slug,
  };
}

/** Whether a job is on the careers site. */
export function isPublished({ status }: SimulatedJob): boolean {
  return status === 'open';
}

function escaped(text: string): string {
  return text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
}
