/** Networks on which a page is one person's and nobody else's. */
export type IdentifyingNetwork = 'linkedin' | 'github';

/** The page that is a person's own on a network: what it is called, and nothing of how it was written. */
export interface PersonalPage {
  readonly network: IdentifyingNetwork;
  /** Lower case, decoded: `zoë-example`. */
  readonly handle: string;
  /** The one way to write it. */
  readonly url: string;
}

const linkedInHost = /(?:^|\.)linkedin\.(?:com|cn)$/;
const gitHubHost = /^(?:(?:www|m|api|gist)\.)?github\.com$/;

/** What stands before `/in/` without changing whose page it is: mobile pages, links in mails, languages, China's own site. */
const linkedInPrefix = /^\/(?:(?:mwlite|m|comm|incareer|[a-z]{2}(?:[-_][a-z]{2,4})?)\/)*(in|pub)\/(.+)$/i;

/**
 * Ids of members as LinkedIn's own programs use them (`ACoAAB…`). Case matters in them and nothing leads from them to the page's
 * public name, so that comparing the two would always say "different".
 */
const memberId = /^A[CE][ow]AA[\w-]{10,}$/;

/** What people write who were asked for a page and have none. */
const noHandles = new Set(
  'me edit unavailable null undefined none na n-a username your-name yourname yourprofile'.split(' '),
);

/** GitHub's own pages. */
const gitHubPages = new Set(
  'about account api apps blog codespaces collections contact copilot customer-stories dashboard discussions education enterprise events explore features gist gists github home issues join login logout marketplace mobile new nonprofit notifications organizations orgs pages pricing pulls readme resources search security sessions settings signup site sitemap solutions sponsors stars status support team teams terms topics trending users watching'.split(
    ' ',
  ),
);

function decoded(text: string): string {
  let current = text;
  // Some exports encode what was encoded already.
  for (let turn = 0; turn < 3 && current.includes('%'); turn += 1) {
    try {
      const next = decodeURIComponent(current);
      if (next === current) break;
      current = next;
    } catch {
      // A stray "%" is part of no name: whatever stands around it is compared as it is.
      break;
    }
  }
  return current;
}

function page(network: IdentifyingNetwork, handle: string): PersonalPage {
  const base = network === 'linkedin' ? 'https://www.linkedin.com/in/' : 'https://github.com/';
  return { network, handle, url: base + encodeURIComponent(handle) };
}

/**
 * The name under which LinkedIn shows what used to be `/pub/<name>/<a>/<b>/<c>`: its three parts moved behind the name, last
 * one first. The second and third have three digits there, with leading zeros that the old form leaves out.
 */
function nameOfPub(segments: readonly string[]): string | undefined {
  const [name = '', ...parts] = segments;
  if (parts.length < 3) return parts.length === 0 ? name : undefined;
  const [a = '', b = '', c = ''] = parts;
  if (![a, b, c].every((part) => /^[\da-f]{1,3}$/i.test(part))) return undefined;
  return `${name}-${c.padStart(3, '0')}${b.padStart(3, '0')}${a}`;
}

function linkedInHandle(name: string): string | undefined {
  if (memberId.test(name)) return undefined;
  const handle = name.normalize('NFC').toLowerCase();
  // Letters and digits of any script, and what people have put between them; anything else is not part of the name.
  const clean =
    /^(?:[\p{L}\p{M}\p{N}\p{Extended_Pictographic}_.'’-]|\u200d|\ufe0f)+/u.exec(handle)?.[0].replace(/[.'’]+$/u, '') ??
    '';
  return /[\p{L}\p{N}]/u.test(clean) && clean.length <= 200 && !noHandles.has(clean) ? clean : undefined;
}

function readLinkedIn(url: URL): PersonalPage | undefined {
  // The wall in front of a page for those who are not signed in names the page.
  if (/^\/(?:authwall|login|signup|uas\/login)/i.test(url.pathname)) {
    const goal = url.searchParams.get('sessionRedirect') ?? url.searchParams.get('session_redirect');
    if (!goal || !URL.canParse(goal)) return undefined;
    const target = new URL(goal);
    return linkedInHost.test(target.hostname) && !/^\/(?:authwall|login|signup|uas)/i.test(target.pathname)
      ? readLinkedIn(target)
      : undefined;
  }
  const match = linkedInPrefix.exec(decoded(url.pathname).replace(/\/{2,}/g, '/'));
  if (!match) return undefined;
  const segments = (match[2] ?? '')
    .split('/')
    .map((segment) => segment.trim())
    .filter((segment) => segment !== '');
  if (/^dir$/i.test(segments[0] ?? '')) return undefined;
  const isPub = (match[1] ?? '').toLowerCase() === 'pub';
  const name = isPub ? nameOfPub(segments) : segments[0]?.replace(/^@/, '');
  const handle = name === undefined ? undefined : linkedInHandle(name);
  return handle === undefined ? undefined : page('linkedin', handle);
}

function readGitHub(url: URL): PersonalPage | undefined {
  const segments = decoded(url.pathname)
    .split('/')
    .filter((segment) => segment !== '');
  // The API shows a user at /users/<name>, and nothing else is surely a person's there.
  if (url.hostname.startsWith('api.')) {
    return segments[0] === 'users' && segments.length === 2 ? gitHubPage(segments[1] ?? '') : undefined;
  }
  // A repository has many authors and its owner is often an organization; a single gist is quoted by anyone.
  return segments.length === 1 ? gitHubPage(segments[0] ?? '') : undefined;
}

function gitHubPage(name: string): PersonalPage | undefined {
  const handle = name
    .replace(/^@/, '')
    .replace(/[.,;:)\]}>'"]+$/, '')
    .toLowerCase();
  // An underscore occurs in accounts that a company manages: `name_company`.
  if (!/^[a-z\d](?:[a-z\d_]|-(?=[a-z\d])){0,38}$/.test(handle)) return undefined;
  return gitHubPages.has(handle) || noHandles.has(handle) ? undefined : page('github', handle);
}

/**
 * Whose page a URL is, for the networks on which a page identifies a person; every public spelling gives the same answer.
 *
 * Left out, because they identify nobody: pages of companies, schools, groups and posts; pages inside LinkedIn's paid products
 * (Recruiter, Sales Navigator), whose ids only a subscriber can resolve; repositories, gists and organizations of GitHub.
 */
export function personalPage(url: URL): PersonalPage | undefined {
  const host = url.hostname.toLowerCase();
  if (linkedInHost.test(host)) return readLinkedIn(url);
  return gitHubHost.test(host) ? readGitHub(url) : undefined;
}

/** The page behind a bare handle, as some sources give it in place of a URL: `ada-example`, `@ada`. */
export function pageOfHandle(network: IdentifyingNetwork, text: string): PersonalPage | undefined {
  const name = decoded(text.trim())
    .replace(/^@/, '')
    .replace(/^(?:in|pub)\//i, '');
  if (/[\s/.:]/u.test(name)) return undefined;
  if (network === 'github') return gitHubPage(name);
  const handle = linkedInHandle(name);
  return handle === undefined ? undefined : page('linkedin', handle);
}
