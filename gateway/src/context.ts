import type { Caller, OrganizationScope } from '@talentbridge/hub';
import type { ClassType } from 'type-graphql';

/** Opens the hub for one caller, without touching the database yet. */
export type OpenScope = (caller: Caller) => OrganizationScope;

/** What the composition root gives to every operation. */
export interface OperationServices {
  readonly openScope: OpenScope;
  /** The instance of a resolver class, with its services injected. */
  readonly instanceOf: <Instance extends object>(type: ClassType<Instance>) => Instance;
}

/** What a resolver is given as its context. */
export class GatewayContext {
  // A box, because the GraphQL server works on a shallow copy of the context: both must see what was opened.
  private readonly opened: { scope?: OrganizationScope } = {};

  constructor(
    /** Absent: nobody is signed in, and only introspection is answered. */
    readonly caller: Caller | undefined,
    /** The request's id, also in its log lines and in the `x-request-id` header. */
    readonly requestId: string,
    /** Aborts when the client is gone. */
    readonly signal: AbortSignal,
    private readonly services: OperationServices,
  ) {}

  /**
   * THE place where services get their caller: `@Ctx() { hub }: GatewayContext`. Opened on first use.
   * Fields that use it carry `@Authorized`, so there is a caller.
   */
  get hub(): OrganizationScope {
    if (!this.caller) throw new Error('A resolver without @Authorized uses the hub.');
    this.opened.scope ??= this.services.openScope(this.caller);
    return this.opened.scope;
  }

  /** The resolver of a subscription, for `subscribeWith`; everywhere else services are injected. */
  instanceOf<Instance extends object>(type: ClassType<Instance>): Instance {
    return this.services.instanceOf(type);
  }

  /** Ends what the operation, or one event of a subscription, has opened. */
  async close(): Promise<void> {
    await this.opened.scope?.close();
  }
}
