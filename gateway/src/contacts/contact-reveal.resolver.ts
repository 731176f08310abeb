import type { ContactRevealRecord, Hub } from '@talentbridge/hub';
import { inject, injectable } from 'tsyringe';
import {
  Arg,
  Args,
  Authorized,
  Ctx,
  FieldResolver,
  ID,
  Mutation,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import type { GatewayContext } from '../context.js';
import { orUserError } from '../errors/user-error.type.js';
import { batched } from '../graphql/batched.js';
import { subscribeWith } from '../graphql/subscribe-with.js';
import { HUB } from '../hub-token.js';
import type { ConnectionOf } from '../pagination/connection.type.js';
import { PageArguments } from '../pagination/page-arguments.js';
import { toConnection, toPageRequest } from '../pagination/to-connection.js';
import { IdArgument, parseId } from '../validation/id-argument.js';
import { RevealContactsInput } from './contact-reveal.input.js';
import { CancelContactRevealResult, RevealContactsResult } from './contact-reveal.result.js';
import { ContactReveal, ContactRevealConnection, ContactRevealFailure } from './contact-reveal.type.js';
import { contactRevealChanges } from './contact-reveal-changes.js';
import { toRevealOrder } from './to-reveal-order.js';

/** Orders to reveal contact data. */
@injectable()
@Resolver(() => ContactReveal)
export class ContactRevealResolver {
  private readonly failuresOf = batched((scope, ids: readonly string[]) =>
    this.hub.contactReveals.failures(scope, ids),
  );

  constructor(@inject(HUB) private readonly hub: Hub) {}

  @Authorized('candidate:read')
  @Query(() => ContactRevealConnection, {
    description: 'The orders of the organization to reveal contact data, newest first.',
  })
  async contactReveals(
    @Ctx() { hub: scope }: GatewayContext,
    @Args(() => PageArguments) page: PageArguments,
  ): Promise<ConnectionOf<ContactReveal>> {
    return toConnection(await this.hub.contactReveals.list(scope, toPageRequest(page)), page, (record) => record);
  }

  @Authorized('candidate:read')
  @Query(() => ContactReveal, {
    nullable: true,
    description: 'One order to reveal contact data; null when there is none of this id.',
  })
  contactReveal(
    @Ctx() { hub: scope }: GatewayContext,
    @IdArgument('id', 'The id of the order.') id: string,
  ): Promise<ContactReveal | undefined> {
    return this.hub.contactReveals.get(scope, id);
  }

  @Authorized('contact:reveal')
  @Mutation(() => RevealContactsResult, {
    description:
      'Reveals contact data ("get email for all", "get phone for all"), so that it is shown and exported. Answers as soon as the order is stored; it runs by itself. What is revealed already stays as it is.',
  })
  revealContacts(
    @Ctx() { hub: scope }: GatewayContext,
    @Arg('input', () => RevealContactsInput, { description: 'Whose contact data, and which.' })
    input: RevealContactsInput,
  ): Promise<typeof RevealContactsResult> {
    return orUserError(
      this.hub.contactReveals.order(scope, toRevealOrder(input)).then((contactReveal) => ({ contactReveal })),
    );
  }

  @Authorized('contact:reveal')
  @Mutation(() => CancelContactRevealResult, {
    description: 'Cancels an order to reveal contact data. What was revealed stays.',
  })
  cancelContactReveal(
    @Ctx() { hub: scope }: GatewayContext,
    @IdArgument('contactRevealId', 'The order.') contactRevealId: string,
  ): Promise<typeof CancelContactRevealResult> {
    return orUserError(
      this.hub.contactReveals.cancel(scope, contactRevealId).then((contactReveal) => ({ contactReveal })),
    );
  }

  @Authorized('candidate:read')
  @Subscription(() => ContactReveal, {
    description:
      'An order to reveal contact data at once, then at each change, at most some ten times a second; ends after it is complete or stopped.',
    subscribe: subscribeWith(
      () => ContactRevealResolver,
      ({ hub }, context, args) =>
        contactRevealChanges(hub, context.hub, parseId('contactRevealId', args['contactRevealId'])),
    ),
  })
  contactRevealProgress(
    @Root() record: ContactRevealRecord,
    @Arg('contactRevealId', () => ID, { description: 'The order.' }) _contactRevealId: string,
  ): ContactReveal {
    return record;
  }

  @FieldResolver(() => [ContactRevealFailure], {
    description: 'Why people failed: most frequent first, and nothing of whom it is about.',
  })
  async failures(
    @Ctx() { hub: scope }: GatewayContext,
    @Root() { id }: ContactReveal,
  ): Promise<readonly ContactRevealFailure[]> {
    return (await this.failuresOf(scope, id)) ?? [];
  }
}
