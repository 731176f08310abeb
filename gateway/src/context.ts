import type { Caller } from './auth/caller.js';

/**
 * The hub's side of one operation: every service takes it first. The composition root opens it from the caller, and
 * the gateway closes it when the answer is out.
 */
export interface OrganizationScope {
  readonly organizationId: string;
  /** Releases what the operation holds. The scope can still be used afterwards. */
  close(): Promise<void>;
}

/** Opens the hub for one caller, without touching the database yet. */
export type OpenScope = (caller: Caller) => OrganizationScope;

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
    private readonly openScope: OpenScope,
  ) {}

  /**
   * THE place where services get their caller: `@Ctx() { hub }: GatewayContext`. Opened on first use.
   * Fields that use it carry `@Authorized`, so there is a caller.
   */
  get hub(): OrganizationScope {
    if (!this.caller) throw new Error('A resolver without @Authorized uses the hub.');
    this.opened.scope ??= this.openScope(this.caller);
    return this.opened.scope;
  }

  /** Ends what the operation, or one event of a subscription, has opened. */
  async close(): Promise<void> {
    await this.opened.scope?.close();
  }
}
