/** The end of a callback address, which is a secret. */
const CALLBACK_TOKEN = /(\/webhooks\/)[\w-]{20,}/g;

/** A secret that somebody entered wrongly is one of something else, perhaps. */
const ENTERED_SECRET = /(client_secret=)[^&\s[]+/g;

/** Takes secrets out of what is written down. Tokens get numbers in the order in which they were handed out. */
export class Concealment {
  readonly #names = new Map<string, string>();

  /** @param secrets What must not be shown, by the name that stands in its place. */
  constructor(secrets: Readonly<Record<string, string>>) {
    for (const [name, secret] of Object.entries(secrets)) this.#names.set(secret, `[${name}]`);
  }

  /** Takes note of the token in the answer to a sign-in. */
  learnToken(answer: string): void {
    const token = /"access_token":\s*"([^"]+)"/.exec(answer)?.[1];
    if (token === undefined || this.#names.has(token)) return;
    const tokens = [...this.#names.values()].filter((name) => name.startsWith('[token')).length;
    this.#names.set(token, `[token ${tokens + 1}]`);
  }

  /** The same text without secrets. */
  conceal(text: string): string {
    let rest = text.replace(CALLBACK_TOKEN, '$1[token of the address]');
    for (const [secret, name] of this.#names) {
      rest = rest.replaceAll(secret, name).replaceAll(encodeURIComponent(secret), name);
    }
    return rest.replace(ENTERED_SECRET, '$1[secret]');
  }

  /** Whether a secret can be read in a text. */
  isLeaked(text: string): boolean {
    return [...this.#names.keys()].some((secret) => text.includes(secret)) || text.search(CALLBACK_TOKEN) >= 0;
  }
}
