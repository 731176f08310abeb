import type { SocialNetwork, SocialUrl } from '@talentbridge/contracts';
import { type PersonalPage, pageOfHandle, personalPage } from './personal-page.js';

const hosts: readonly (readonly [SocialNetwork, readonly string[]])[] = [
  ['linkedin', ['linkedin.com', 'linkedin.cn']],
  ['github', ['github.com', 'github.io']],
  ['twitter', ['twitter.com', 'x.com']],
  ['facebook', ['facebook.com', 'fb.com']],
  ['stackoverflow', ['stackoverflow.com']],
];

/** Other networks by their hosts: a page there is about a person, but of none of the networks that an ATS tells apart. */
const otherNetworks = [
  'gitlab.com',
  'bitbucket.org',
  'instagram.com',
  'youtube.com',
  'medium.com',
  'dribbble.com',
  'behance.net',
  'xing.com',
  'kaggle.com',
  'researchgate.net',
  'orcid.org',
  'scholar.google.com',
  'angel.co',
  'reddit.com',
  'pinterest.com',
  'keybase.io',
  'codepen.io',
  'npmjs.com',
  'bsky.app',
  'threads.net',
  'mastodon.social',
];

function isAt(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}

function networkOf(host: string): SocialNetwork {
  const known = hosts.find(([, domains]) => domains.some((domain) => isAt(host, domain)));
  if (known) return known[0];
  return otherNetworks.some((domain) => isAt(host, domain)) ? 'other' : 'website';
}

/** A URL of the web, absolute; `www.example.com/x` gets its scheme. `undefined` when it is none. */
export function readWebUrl(text: string): string | undefined {
  const trimmed = text.trim();
  // A colon before any dot or slash is a scheme ("javascript:", "mailto:"), which is only taken when it is the web's.
  const withScheme = /^[a-z][a-z\d+.-]*:(?!\d)/i.test(trimmed) ? trimmed : `https://${trimmed.replace(/^\/\//, '')}`;
  if (!URL.canParse(withScheme) || /\s/u.test(trimmed)) return undefined;
  const url = new URL(withScheme);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined;
  // Names and passwords in a URL serve deception only.
  if (url.username !== '' || url.password !== '') return undefined;
  if (!url.hostname.includes('.') || url.hostname.endsWith('.')) return undefined;
  return url.href;
}

/**
 * Reads a URL about a person and recognises its network by its host, whatever the source calls it. A LinkedIn profile's URL
 * becomes `https://www.linkedin.com/in/<name>`, a GitHub one `https://github.com/<name>`, in lower case, so that one person is
 * written one way.
 * @returns `undefined` when it is no URL of the web.
 */
export function readSocialUrl(text: string): SocialUrl | undefined {
  const href = readWebUrl(text);
  if (href === undefined) return undefined;
  const url = new URL(href);
  const page = personalPage(url);
  if (page) return { network: page.network, url: page.url };
  return { network: networkOf(url.hostname.toLowerCase()), url: href };
}

/**
 * Whose page a social URL is, on a network where that identifies a person, however it is spelled: also without a scheme, with
 * the scheme twice, in brackets, or as a bare handle.
 * @returns `undefined` for every other page.
 */
export function readPersonalPage({ network, url }: SocialUrl): PersonalPage | undefined {
  if (url.length > 2_048) return undefined;
  const text = url
    .trim()
    .replace(/^[<([{"'\s]+|[>)\]}"',;\s]+$/g, '')
    .replace(/^(?:https?:?\/+)+/i, 'https://');
  const href = readWebUrl(text);
  if (href !== undefined) return personalPage(new URL(href));
  return network === 'linkedin' || network === 'github' ? pageOfHandle(network, text) : undefined;
}

const accountPages: Readonly<Record<string, string>> = {
  linkedin: 'https://www.linkedin.com/in/',
  github: 'https://github.com/',
  twitter: 'https://twitter.com/',
  x: 'https://twitter.com/',
  facebook: 'https://www.facebook.com/',
  stackoverflow: 'https://stackoverflow.com/users/',
  gitlab: 'https://gitlab.com/',
  instagram: 'https://www.instagram.com/',
  medium: 'https://medium.com/@',
};

/** The page of an account, from the network's name as people write it ("GitHub", "Stack Overflow", "twitter.com") and a user name. */
export function accountUrl(network: string, username: string): SocialUrl | undefined {
  const name = network.toLowerCase().replace(/\.com$|[^a-z]/g, '');
  const page = Object.hasOwn(accountPages, name) ? accountPages[name] : undefined;
  const user = username.trim().replace(/^@/, '');
  if (!page || !/^[\p{L}\p{N}._/-]+$/u.test(user)) return undefined;
  return readSocialUrl(page + user);
}
