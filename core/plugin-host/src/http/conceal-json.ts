import type { SecretPlaceholders } from '../secrets/secret-placeholders.js';

/**
 * The same JSON with placeholders in place of secrets that the vendor echoes, in values and in names alike; also where
 * a number is one. JSON that was parsed within the depth limit needs no other.
 */
export function concealJson(secrets: SecretPlaceholders, json: unknown): unknown {
  if (typeof json === 'string') return secrets.concealEchoes(json);
  if (typeof json === 'number') {
    const text = String(json);
    const concealed = secrets.concealEchoes(text);
    return concealed === text ? json : concealed;
  }
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map((value) => concealJson(secrets, value));
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => [secrets.concealEchoes(name), concealJson(secrets, value)]),
  );
}

/**
 * Conceals the values that JSON pointers (RFC 6901) lead to. A pointer that leads nowhere, or to no text or number, is
 * passed over: an error answer has no token in it.
 * @returns the JSON, with placeholders in it, and whether anything was concealed.
 */
export function concealAt(
  secrets: SecretPlaceholders,
  json: unknown,
  pointers: readonly string[],
): { readonly json: unknown; readonly concealed: boolean } {
  let root = json;
  let concealed = false;
  for (const pointer of pointers) {
    const tokens = pointer.split('/').slice(1).map(unescapeToken);
    const name = tokens.at(-1) ?? 'answer';
    const placeholder = (value: unknown): string | undefined =>
      (typeof value === 'string' && value !== '') || typeof value === 'number'
        ? secrets.conceal(name, String(value))
        : undefined;
    if (tokens.length === 0) {
      const whole = placeholder(root);
      concealed ||= whole !== undefined;
      root = whole ?? root;
      continue;
    }
    const parent = tokens.slice(0, -1).reduce<unknown>(childOf, root);
    const found = placeholder(childOf(parent, name));
    if (found === undefined || typeof parent !== 'object' || parent === null) continue;
    // Our own copy, parsed a moment ago: nobody else has seen it yet.
    Object.defineProperty(parent, name, { value: found, enumerable: true, configurable: true, writable: true });
    concealed = true;
  }
  return { json: root, concealed };
}

function childOf(parent: unknown, token: string): unknown {
  if (typeof parent !== 'object' || parent === null || !Object.hasOwn(parent, token)) return undefined;
  return Reflect.get(parent, token);
}

function unescapeToken(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
}
