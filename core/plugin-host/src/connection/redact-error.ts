import type { SecretPlaceholders } from '../secrets/secret-placeholders.js';

/** Errors are chained a few deep; what is deeper is a loop or a whole object graph that somebody hung onto one. */
const MAX_DEPTH = 6;

/**
 * Takes secrets out of an error, where it stands: message, stack, own properties and causes. The error stays the same
 * object, so that whoever compares it by class or identity still can.
 */
export function redactError(error: unknown, secrets: SecretPlaceholders): void {
  redactIn(error, secrets, new Set(), 0);
}

function redactIn(value: unknown, secrets: SecretPlaceholders, seen: Set<object>, depth: number): void {
  if (typeof value !== 'object' || value === null || seen.has(value) || depth > MAX_DEPTH) return;
  if (ArrayBuffer.isView(value)) return;
  seen.add(value);
  // `message` and `stack` are own properties of an error, but not enumerable ones.
  for (const name of Object.getOwnPropertyNames(value)) {
    const property = Object.getOwnPropertyDescriptor(value, name);
    const held: unknown = Reflect.get(value, name);
    if (typeof held !== 'string') redactIn(held, secrets, seen, depth + 1);
    else {
      const redacted = secrets.redact(held);
      if (redacted === held || property === undefined) continue;
      if (property.configurable === true) {
        Object.defineProperty(value, name, {
          value: redacted,
          configurable: true,
          writable: true,
          enumerable: property.enumerable === true,
        });
      } else Reflect.set(value, name, redacted);
    }
  }
}
