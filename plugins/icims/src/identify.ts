import {
  type AccountIdentity,
  type CallContext,
  CredentialsRejectedError,
  RecordNotFoundError,
} from '@talentbridge/contracts';
import type { CustomerAnswer, IcimsClient } from './client.js';
import { ATS } from './vendor-errors.js';

/**
 * Whose iCIMS the credentials open. A customer ID is unique within a region, and stays when the API user changes.
 * @throws CredentialsRejectedError when the user or the customer is unknown.
 */
export async function identify(
  client: IcimsClient,
  ctx: CallContext,
  { customerId, region }: { readonly customerId: string; readonly region: string },
): Promise<{ readonly account: AccountIdentity } & CustomerAnswer> {
  try {
    const answer = await client.customer(ctx);
    return { account: { accountId: `${region}-${customerId}`, label: `iCIMS customer ${customerId}` }, ...answer };
  } catch (error) {
    if (error instanceof RecordNotFoundError) {
      throw new CredentialsRejectedError(ATS, 'it knows no such customer ID in this region', { cause: error });
    }
    throw error;
  }
}
