/**
 * Where a value stops being plain data, such as `candidate.emails.0 is a Date`; `undefined` when all of it is plain:
 * JSON, `undefined` and `Uint8Array`. Only that survives the way into another process unchanged.
 */
export function notPlainAt(value: unknown, path = 'it', seen: ReadonlySet<object> = new Set()): string | undefined {
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint') {
    return `${path} is a ${typeof value}`;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (seen.has(value)) return `${path} contains itself`;
  if (value instanceof Uint8Array) return undefined; // Also a Buffer: its copy is a Uint8Array, which is what contracts say.
  const inside = new Set(seen).add(value);
  if (Array.isArray(value)) return firstOf(value.entries(), path, inside);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return `${path} is a ${classOf(value)}`;
  if (Object.getOwnPropertySymbols(value).length > 0) return `${path} has a symbol as a property`;
  return firstOf(Object.entries(value), path, inside);
}

function firstOf(
  entries: Iterable<readonly [string | number, unknown]>,
  path: string,
  seen: ReadonlySet<object>,
): string | undefined {
  for (const [key, child] of entries) {
    const found = notPlainAt(child, `${path}.${key}`, seen);
    if (found !== undefined) return found;
  }
  return undefined;
}

function classOf(value: object): string {
  return value.constructor?.name || 'class instance';
}
