import { randomBytes } from 'node:crypto';
import type { Application } from './records.js';
import { Refusal } from './refusal.js';

/** How long an access token lasts, in seconds (LinkedIn sheet §2.1, CONFIRMED). */
export const TOKEN_LIFE_S = 1800;

/** The access tokens that were handed out. */
export class Tokens {
  readonly #tokens = new Map<string, { readonly application: Application; readonly expiresAt: number }>();

  /** A new token of an application. */
  issue(application: Application, now: number): string {
    const token = `AQV${randomBytes(24).toString('base64url')}`;
    this.#tokens.set(token, { application, expiresAt: now + TOKEN_LIFE_S * 1000 });
    return token;
  }

  /**
   * The application that asks.
   * @throws Refusal with status 401 without a token, with one that is unknown, and with one that has expired.
   */
  application(authorization: string | undefined, now: number): Application {
    const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) throw new Refusal(401, 'Empty oauth2_access_token');
    const found = this.#tokens.get(token);
    if (!found) throw new Refusal(401, 'Invalid access token', 65_600);
    if (found.expiresAt <= now) throw new Refusal(401, 'Expired access token', 65_601);
    return found.application;
  }

  /** No token that was handed out so far works any more. */
  revoke(): void {
    this.#tokens.clear();
  }
}
