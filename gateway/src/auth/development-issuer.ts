import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  type CryptoKey,
  calculateJwkThumbprint,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JSONWebKeySet,
  type JWK,
  SignJWT,
} from 'jose';
import type { Role } from './caller.js';
import { JwtVerifier, type TokenRules, type TokenVerifier } from './token-verifier.js';

/** What a development token says. */
export interface DevelopmentIdentity {
  /** UUID. */
  readonly organizationId: string;
  readonly userId: string;
  readonly roles: readonly `${Role}`[];
}

/** How the issuer for development is set up. */
export interface DevelopmentIssuerOptions {
  /** Who a token is for when nobody says. */
  readonly identity: DevelopmentIdentity;
  /** Where the key is kept, so that tokens outlive a restart. Absent: in memory. */
  readonly keyFile?: string | undefined;
  /** Refused when `production`. */
  readonly environment: string;
}

const ALGORITHM = 'EdDSA';
const LIFETIME_SECONDS = 12 * 60 * 60;

const RULES: TokenRules = {
  issuer: 'talentbridge-development',
  audience: 'talentbridge',
  organizationClaim: 'organization_id',
  rolesClaim: 'roles',
};

/**
 * Stands in for the host platform's identity provider on a developer's machine: it hands a token to whoever asks.
 * Hence it refuses to exist in production.
 */
export class DevelopmentIssuer {
  private constructor(
    private readonly options: DevelopmentIssuerOptions,
    private readonly key: CryptoKey | Uint8Array,
    /** The public key, as an identity provider publishes it. */
    readonly publicKeys: JSONWebKeySet,
    /** Verifies what this issuer has signed. */
    readonly verifier: TokenVerifier,
  ) {}

  /** @throws Error in production. */
  static async create(options: DevelopmentIssuerOptions): Promise<DevelopmentIssuer> {
    if (options.environment === 'production') {
      throw new Error(
        'The development issuer gives a token to anybody, so it does not run with NODE_ENV=production. Set AUTH_JWKS_URL, AUTH_ISSUER and AUTH_AUDIENCE.',
      );
    }
    const privateKey = (await readKey(options.keyFile)) ?? (await makeKey(options.keyFile));
    const { d: _private, ...publicKey } = privateKey;
    const publicKeys: JSONWebKeySet = { keys: [publicKey] };
    const verifier = new JwtVerifier(RULES, createLocalJWKSet(publicKeys));
    return new DevelopmentIssuer(options, await importJWK(privateKey, ALGORITHM), publicKeys, verifier);
  }

  /** Signs a token. What is not said is taken from the options. */
  async issue(
    wishes: Partial<DevelopmentIdentity> = {},
    lifetimeSeconds: number = LIFETIME_SECONDS,
  ): Promise<{ readonly token: string; readonly expiresAt: Date }> {
    const identity = { ...this.options.identity, ...wishes };
    const expiresAt = new Date(Math.floor(Date.now() / 1_000 + lifetimeSeconds) * 1_000);
    const token = await new SignJWT({
      [RULES.organizationClaim]: identity.organizationId,
      [RULES.rolesClaim]: identity.roles,
    })
      .setProtectedHeader({ alg: ALGORITHM, kid: this.publicKeys.keys[0]?.kid ?? '' })
      .setIssuer(RULES.issuer)
      .setAudience(RULES.audience)
      .setSubject(identity.userId)
      .setIssuedAt()
      .setExpirationTime(expiresAt)
      .sign(this.key);
    return { token, expiresAt };
  }
}

async function readKey(file: string | undefined): Promise<JWK | undefined> {
  if (file === undefined) return undefined;
  try {
    return JSON.parse(await readFile(file, 'utf8')) as JWK;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new Error(`The development key in ${file} cannot be read. Delete the file to get a new one.`, {
      cause: error,
    });
  }
}

async function makeKey(file: string | undefined): Promise<JWK> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { crv: 'Ed25519', extractable: true });
  const key = await exportJWK(privateKey);
  const named: JWK = { ...key, alg: ALGORITHM, use: 'sig', kid: await calculateJwkThumbprint(key) };
  if (file !== undefined) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, JSON.stringify(named), { mode: 0o600 });
    // The mode of writeFile counts for new files only.
    await chmod(file, 0o600);
  }
  return named;
}
