import { injectable } from 'tsyringe';
import { Authorized, Ctx, Query, Resolver } from 'type-graphql';
import type { Caller } from '../auth/caller.js';
import type { GatewayContext } from '../context.js';
import { unauthenticatedError } from '../errors/gateway-error.js';
import { Viewer } from './viewer.type.js';

/** Tells a client who it acts for. */
@injectable()
@Resolver(() => Viewer)
export class ViewerResolver {
  @Authorized()
  @Query(() => Viewer, { description: 'Who is asking: user, organization and roles.' })
  viewer(@Ctx() { caller }: GatewayContext): Caller {
    if (!caller) throw unauthenticatedError();
    return caller;
  }
}
