import type { ClassType, SubscribeResolverData } from 'type-graphql';
import type { GatewayContext } from '../context.js';

/**
 * The `subscribe` option of a subscription, as a method of its resolver, which has its services injected:
 *
 * ```ts
 * @Subscription(() => Export, {
 *   subscribe: subscribeWith(() => ExportResolver, (resolver, { hub }, args) => resolver.changes(hub, args)),
 * })
 * ```
 *
 * The iterable must end at once when `return` is called, also while it waits for the next event. An async generator does
 * not. Arguments come as GraphQL has checked them, without the checks of `parsedBy` and `IdArgument`: use `parseId`.
 */
export function subscribeWith<ResolverType extends object>(
  resolver: () => ClassType<ResolverType>,
  events: (
    resolver: ResolverType,
    context: GatewayContext,
    args: Readonly<Record<string, unknown>>,
  ) => AsyncIterable<unknown> | Promise<AsyncIterable<unknown>>,
): (data: SubscribeResolverData) => Promise<AsyncIterable<unknown>> {
  return async ({ args, context }) => {
    const gatewayContext = context as GatewayContext;
    return events(gatewayContext.instanceOf(resolver()), gatewayContext, args);
  };
}
