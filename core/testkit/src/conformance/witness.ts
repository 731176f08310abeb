import { inspect } from 'node:util';
import { expect } from 'vitest';

/**
 * Watches the border between hub and plugin during a check: whatever comes back over it, answers and errors alike. At
 * the end it swears that no secret did. That only plain data crosses is the host's part.
 */
export class Witness {
  readonly #seen: { readonly what: string; readonly value: unknown }[] = [];

  /** The same object, with its methods watched. */
  watch<Target extends object>(name: string, target: Target): Target {
    return new Proxy(target, {
      get: (object, property) => {
        const member: unknown = Reflect.get(object, property, object);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]) =>
          this.#call(`${name}.${String(property)}`, async () => Reflect.apply(member, object, args));
      },
    });
  }

  /** Fails when a secret can be read in anything that was seen, or in a log. */
  swear(secrets: readonly string[], log: unknown): void {
    for (const { what, value } of this.#seen) expectNoSecret(what, withoutBytes(value), secrets);
    expectNoSecret('the request log', textOf(log), secrets);
  }

  async #call(name: string, run: () => Promise<unknown>): Promise<unknown> {
    try {
      const answer = await run();
      this.#seen.push({ what: `the answer of ${name}`, value: answer });
      return answer;
    } catch (error) {
      this.#seen.push({ what: `the error of ${name}`, value: error });
      throw error;
    }
  }
}

/** A file is read as it is: printed, each of its bytes would be a number. */
function withoutBytes(value: unknown): string {
  if (typeof value !== 'object' || value === null || !('bytes' in value)) return textOf(value);
  const { bytes, ...rest } = value;
  return bytes instanceof Uint8Array ? `${textOf(rest)}\n${Buffer.from(bytes).toString('latin1')}` : textOf(value);
}

/** Everything that a log, a person or a front end could get to see of a value. */
export function textOf(value: unknown): string {
  const texts = [
    inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true, maxArrayLength: null, maxStringLength: null }),
  ];
  for (let error = value; error instanceof Error; error = error.cause) {
    texts.push(error.message, error.stack ?? '', JSON.stringify(Object.entries(error)));
  }
  texts.push(JSON.stringify(value) ?? '');
  return texts.join('\n');
}

/** The forms in which a secret could be written down. */
function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  return [secret, encodeURIComponent(secret), bytes.toString('base64').replace(/=+$/, ''), bytes.toString('hex')];
}

function expectNoSecret(what: string, text: string, secrets: readonly string[]): void {
  // Not `not.toContain`: its message would print the secret.
  const leaked = secrets.some((secret) => formsOf(secret).some((form) => text.includes(form)));
  expect(leaked, `a credential is readable in ${what}`).toBe(false);
}
