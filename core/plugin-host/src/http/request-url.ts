import { isIP } from 'node:net';
import type { HttpRequest } from '@talentbridge/contracts';
import { type RequestGuard, requestFault } from './request-guard.js';

/** Where a request goes, with secrets in the query. */
export interface RequestTarget {
  /** As the plugin wrote it; the manifest knows it. */
  readonly host: string;
  /** What is dialled: the host itself, or what a deployment put in its place. */
  readonly origin: string;
  readonly overridden: boolean;
  readonly pathname: string;
  /** Path and query, as they go onto the wire. */
  readonly path: string;
}

/** `.` and `..` as a segment: parsing a URL removes them, and the call would go somewhere else than it reads. */
const DOT_SEGMENT = /\/(?:\.|%2e){1,2}(?:[/?#]|$)/i;

/** All but blanks, control characters and backslashes, which parsing a URL drops or changes silently. */
const SAFE_IN_URL = /^[!-[\]-~\u0080-\u{10ffff}]+$/u;

/**
 * Checks where a request wants to go, and puts secrets into its query values.
 * @throws PluginFaultError
 */
export function targetOf(guard: RequestGuard, request: HttpRequest): RequestTarget {
  const [beforeQuery = ''] = request.url.split('?', 1);
  // Looked at first, because a placeholder has blanks in it, and "not a URL" would lead its author astray.
  if (guard.secrets.mentions(decodeLeniently(beforeQuery))) {
    throw requestFault(guard, 'put a secret into the host or path of a URL, where logs and proxies see it');
  }
  const written = guard.secrets.mentions(request.url) ? request.url.replaceAll(' ', '%20') : request.url;
  const url = SAFE_IN_URL.test(written) ? URL.parse(written) : null;
  if (url === null) {
    throw requestFault(guard, 'called something that is no absolute URL; build paths with encodeURIComponent');
  }
  if (DOT_SEGMENT.test(beforeQuery)) {
    throw requestFault(guard, 'called a path with a "." or ".." segment, which leads to another path than it says');
  }
  checkUrl(guard, url);
  const override = guard.overrides.get(url.hostname);
  return {
    host: url.hostname,
    origin: override ?? url.origin,
    overridden: override !== undefined,
    pathname: url.pathname,
    path: url.pathname + joinQueries(queryOfUrl(guard, url.search), queryOf(guard, request.query)),
  };
}

/**
 * Where a redirect leads, when it may be followed: to the same host and nowhere else.
 * @param location As the vendor sent it; relative or absolute.
 */
export function redirectTarget(guard: RequestGuard, from: RequestTarget, location: string): RequestTarget | undefined {
  const base = from.overridden ? from.origin : `https://${from.host}`;
  const url = URL.parse(location, base + from.path);
  if (url === null) return undefined;
  // Behind an override the vendor's stand-in may name itself or the vendor.
  const sameHost = url.origin === from.origin || url.origin === `https://${from.host}`;
  if (!sameHost || url.username !== '' || url.password !== '' || !guard.hosts.has(from.host)) return undefined;
  return { ...from, pathname: url.pathname, path: url.pathname + url.search };
}

function checkUrl(guard: RequestGuard, url: URL): void {
  if (url.protocol !== 'https:')
    throw requestFault(guard, `called ${url.protocol}//${url.host}; only https: is allowed`);
  if (url.username !== '' || url.password !== '') {
    throw requestFault(guard, `put a user name or password into the URL of ${url.hostname}; use "basic"`);
  }
  if (url.hostname.startsWith('[') || isIP(url.hostname) !== 0) {
    throw requestFault(guard, `called the address ${url.hostname}; only hosts of its manifest are allowed`);
  }
  if (!guard.hosts.has(url.hostname)) {
    throw requestFault(
      guard,
      `called ${url.hostname}, which is not among the hosts of its manifest for these settings`,
    );
  }
  if (url.port !== '') throw requestFault(guard, `called port ${url.port} of ${url.hostname}; only 443 is allowed`);
}

function queryOf(guard: RequestGuard, query: HttpRequest['query'] = {}): string {
  const pairs: string[] = [];
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    const values: readonly (string | number | boolean)[] = typeof value === 'object' ? value : [value];
    for (const each of values) pairs.push(`${encode(name)}=${encode(guard.secrets.reveal(String(each)))}`);
  }
  return pairs.join('&');
}

/** The query that is part of the URL. It is taken apart only where a secret stands in it. */
function queryOfUrl(guard: RequestGuard, search: string): string {
  const query = search.slice(1);
  if (!guard.secrets.mentions(decodeLeniently(query))) return query;
  const pairs = query.split('&').map((pair) => {
    const [name = '', ...rest] = pair.split('=');
    const value = decodeLeniently(rest.join('='));
    return guard.secrets.mentions(value) ? `${name}=${encode(guard.secrets.reveal(value))}` : pair;
  });
  return pairs.join('&');
}

function joinQueries(...queries: readonly string[]): string {
  const query = queries.filter((each) => each !== '').join('&');
  return query === '' ? '' : `?${query}`;
}

/** Text with half of a surrogate pair has no encoding: it becomes the replacement character. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function decodeLeniently(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    // Percent signs that escape nothing: then only whole escapes count.
    return text.replace(/%20/g, ' ').replace(/%5b/gi, '[').replace(/%5d/gi, ']');
  }
}
