import { hash, randomBytes } from 'node:crypto';

const TOKEN = /^[\w-]{43}$/;

/** A new token for a callback URL: 256 random bits. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Whether a text can be a token at all. */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/** What a token is looked up by, in hexadecimal. */
export function digestOf(token: string): string {
  return hash('sha256', token, 'hex');
}

/** Where a token stands. @param baseUrl Without a slash at its end. @param token Or the placeholder of one. */
export function callbackUrl(baseUrl: string, token: string): string {
  return `${baseUrl}/webhooks/${token}`;
}

/** The token in a callback URL, or `undefined` when it has none. */
export function tokenIn(url: string): string | undefined {
  return /\/webhooks\/([\w-]{43})$/.exec(url)?.[1];
}
