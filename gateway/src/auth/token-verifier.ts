import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { GatewayError, GatewayErrorCode, unauthenticatedError } from '../errors/gateway-error.js';
import { isUuid } from '../validation/uuid.js';
import { type AuthenticatedCaller, isRole } from './caller.js';

/** What a token must say, and where in it. */
export interface TokenRules {
  readonly issuer: string;
  readonly audience: string;
  /** The claim that holds the organization's UUID: a name, or a path with dots (`app.organization`). */
  readonly organizationClaim: string;
  /** The claim that holds the roles: an array, or one text with spaces between them. */
  readonly rolesClaim: string;
}

/** Finds out who sent a token. Given by the composition root; tests hand in their own. */
export interface TokenVerifier {
  /**
   * @throws GatewayError UNAUTHENTICATED when the token is forged, expired, for somebody else or lacks a claim;
   *   IDENTITY_PROVIDER_UNAVAILABLE when that could not be found out.
   */
  verify(token: string): Promise<AuthenticatedCaller>;
}

/** Asymmetric only: with a shared secret, whoever checks tokens could also make them. */
const ALGORITHMS = [
  'EdDSA',
  'Ed25519',
  'ES256',
  'ES384',
  'ES512',
  'PS256',
  'PS384',
  'PS512',
  'RS256',
  'RS384',
  'RS512',
];
/** Clocks of two machines differ. */
const CLOCK_TOLERANCE_SECONDS = 5;
/** A verified token is believed this long without looking at it again: a signature costs more CPU than a small query. */
const REMEMBERED_MS = 60_000;
const REMEMBERED_TOKENS = 1_000;
/** Longer ones are refused before any work is done on them. */
const MAX_TOKEN_LENGTH = 8_192;

/** Verifies JSON Web Tokens with the keys of their issuer. */
export class JwtVerifier implements TokenVerifier {
  private readonly remembered = new Map<string, { readonly until: number; readonly caller: AuthenticatedCaller }>();

  constructor(
    private readonly rules: TokenRules,
    private readonly keys: JWTVerifyGetKey,
  ) {}

  async verify(token: string): Promise<AuthenticatedCaller> {
    if (token.length > MAX_TOKEN_LENGTH) throw unauthenticatedError('it is too long');
    const known = this.remembered.get(token);
    if (known && known.until > Date.now()) return known.caller;
    const caller = this.readClaims(await this.check(token));
    this.remember(token, caller);
    return caller;
  }

  private async check(token: string): Promise<JWTPayload> {
    const { issuer, audience } = this.rules;
    try {
      const { payload } = await jwtVerify(token, this.keys, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['sub', 'exp'],
      });
      return payload;
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw unauthenticatedError('it has expired');
      if (error instanceof errors.JWTClaimValidationFailed) {
        throw unauthenticatedError(`its claim ${error.claim} is missing or not for this service`);
      }
      if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWKSNoMatchingKey) {
        throw unauthenticatedError("its signature is not the issuer's");
      }
      if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) {
        throw unauthenticatedError('it is no JSON Web Token');
      }
      if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported) {
        throw unauthenticatedError('its signature algorithm is not allowed');
      }
      // Anything else is about fetching the keys: the token may well be good, so it is not called bad.
      throw new GatewayError(
        GatewayErrorCode.IDENTITY_PROVIDER_UNAVAILABLE,
        'Tokens cannot be checked right now, because the keys of their issuer are out of reach. Try again in a minute.',
      );
    }
  }

  private readClaims(claims: JWTPayload): AuthenticatedCaller {
    const organizationId = claimAt(claims, this.rules.organizationClaim);
    if (typeof organizationId !== 'string' || !isUuid(organizationId)) {
      throw unauthenticatedError(`its claim ${this.rules.organizationClaim} must be the organization's UUID`);
    }
    // The library has checked that both are there and of the right type.
    const userId = claims.sub ?? '';
    if (userId === '') throw unauthenticatedError('its claim sub is empty');
    const roles = textsOf(claimAt(claims, this.rules.rolesClaim)).filter(isRole);
    return {
      caller: { organizationId: organizationId.toLowerCase(), userId, roles: [...new Set(roles)] },
      expiresAt: (claims.exp ?? 0) * 1_000,
    };
  }

  private remember(token: string, caller: AuthenticatedCaller): void {
    if (this.remembered.size >= REMEMBERED_TOKENS) {
      const oldest = this.remembered.keys().next().value;
      if (oldest !== undefined) this.remembered.delete(oldest);
    }
    // Deleted first, so that a token seen again becomes the youngest.
    this.remembered.delete(token);
    this.remembered.set(token, { until: Math.min(caller.expiresAt, Date.now() + REMEMBERED_MS), caller });
  }
}

/** A claim by its whole name, which may hold dots (`https://example.com/roles`), else by a path. */
function claimAt(claims: JWTPayload, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  let value: unknown = claims;
  for (const key of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value;
}

function textsOf(claim: unknown): readonly string[] {
  if (typeof claim === 'string') return claim.split(' ');
  return Array.isArray(claim) ? claim.filter((entry) => typeof entry === 'string') : [];
}
