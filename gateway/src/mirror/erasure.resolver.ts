import type { Hub } from '@talentbridge/hub';
import { inject, injectable } from 'tsyringe';
import { Authorized, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import type { GatewayContext } from '../context.js';
import { orUserError } from '../errors/user-error.type.js';
import { HUB } from '../hub-token.js';
import { IdArgument } from '../validation/id-argument.js';
import { ErasureCertificate } from './erasure.type.js';
import { EraseCandidateResult } from './mirror.result.js';

/** People who are removed for good. It works while Rediscovery is off, too: nobody's request has to wait for a license. */
@injectable()
@Resolver(() => ErasureCertificate)
export class ErasureResolver {
  constructor(@inject(HUB) private readonly hub: Hub) {}

  @Authorized('candidate:erase')
  @Query(() => ErasureCertificate, {
    nullable: true,
    description: 'Proof that a person was removed, given before; null when there is none of this id.',
  })
  erasureCertificate(
    @Ctx() { hub: scope }: GatewayContext,
    @IdArgument('id', 'The id of the certificate.') id: string,
  ): Promise<ErasureCertificate | undefined> {
    return this.hub.mirror.erasure(scope, id);
  }

  @Authorized('candidate:erase')
  @Mutation(() => EraseCandidateResult, {
    description:
      "Removes a person for good, with every candidate of the organization that has one of their email addresses: later sync runs do not bring them back. It cannot be undone. In the ATS nothing is changed. A profile of the directory that the person was matched with stays, without the match: it is the host platform's own record.",
  })
  eraseCandidate(
    @Ctx() { hub: scope }: GatewayContext,
    @IdArgument('id', 'The id of the candidate in the mirror.') id: string,
  ): Promise<typeof EraseCandidateResult> {
    return orUserError(this.hub.mirror.eraseCandidate(scope, id).then((certificate) => ({ certificate })));
  }
}
