import type { AccountIdentity, CallContext } from '@talentbridge/contracts';
import type { SmartRecruitersClient } from './client.js';
import type { Environment } from './settings.js';

/**
 * Whose account the token opens: the company's identifier, which stays when tokens change. A sandbox may carry the identifier
 * of its production account and is another one, or "already exported there" would count for both.
 */
export async function identify(
  client: SmartRecruitersClient,
  environment: Environment,
  ctx: CallContext,
): Promise<AccountIdentity> {
  const { identifier, name } = await client.company(ctx);
  const accountId = environment === 'production' ? identifier : `${environment}/${identifier}`;
  return { accountId, ...(name ? { label: name } : {}) };
}
