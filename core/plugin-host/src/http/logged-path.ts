import type { SecretPlaceholders } from '../secrets/secret-placeholders.js';

/**
 * A path as it may be logged. The vendor's ids stay, because an admin looks for them; secrets and email addresses,
 * which some vendors have in their paths, do not.
 */
export function loggedPath(pathname: string, secrets: SecretPlaceholders): string {
  return secrets.redact(pathname).replace(/[^/]*(?:@|%40)[^/]*/gi, '[email]');
}

/** The names in the query of a path, each once. Values may be anything, so they are never logged. */
export function queryNames(path: string): readonly string[] {
  const at = path.indexOf('?');
  if (at === -1) return [];
  // Left encoded, as they went out: a name that needs encoding is rare, and taking the query apart costs more than it says.
  return [
    ...new Set(
      path
        .slice(at + 1)
        .split('&')
        .map((pair) => pair.split('=', 1)[0] ?? ''),
    ),
  ];
}
