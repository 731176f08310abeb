import {
  type AccountIdentity,
  type CallContext,
  PermissionMissingError,
  RequestRefusedError,
} from '@talentbridge/contracts';
import type { JobScoreClient } from './client.js';

/**
 * Whose account the key opens. JobScore names no account id, so the id of the account's oldest user stands for it: the
 * same for every key of the account (INFERRED). A key that may not list users is known by its own user instead; a key
 * of another user then counts as another account, and "already exported" begins anew.
 */
export async function identify(client: JobScoreClient, ctx: CallContext): Promise<AccountIdentity> {
  const me = await client.me(ctx);
  return { accountId: (await oldestUserId(client, ctx)) ?? me.id };
}

async function oldestUserId(client: JobScoreClient, ctx: CallContext): Promise<string | undefined> {
  try {
    return await client.oldestUserId(ctx);
  } catch (error) {
    // Refused, or not served as the fact sheet says (the list is a SECONDARY fact). Silence and 5xx are no refusal:
    // answering another id because of them would make the account look like a new one.
    if (error instanceof PermissionMissingError || error instanceof RequestRefusedError) return undefined;
    throw error;
  }
}
