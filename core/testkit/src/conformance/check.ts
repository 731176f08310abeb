import type { Plugin } from '@talentbridge/contracts';
import type { SimulatedAccount } from './simulated-account.js';
import type { PluginConnection, StartConnectionOptions } from './start-connection.js';

/** One promise of the contract, and how to see whether a plugin keeps it. */
export interface Check<Name extends string = string> {
  /** By which a subject can skip it. */
  readonly name: Name;
  /** A sentence about behaviour, with the requirement's code where there is one. */
  readonly title: string;
  /** Resolves when the promise is kept. */
  readonly run: (world: CheckWorld) => Promise<void>;
}

/** What a check works with: a vendor of its own, and a connection to it with good credentials. */
export interface CheckWorld {
  readonly plugin: Plugin;
  readonly account: SimulatedAccount;
  readonly connection: PluginConnection;
  /** One more connection to the same vendor. */
  connect(options?: StartConnectionOptions): Promise<PluginConnection>;
  /** One more vendor, with a connection to it. */
  another(): Promise<CheckWorld>;
}

/** Thrown by a check that does not concern this plugin, because the plugin declares so. */
export class NotConcerned extends Error {}

/** Lists checks, so that a wrong name in a subject's skips does not compile. */
export function listChecks<const Name extends string>(checks: readonly Check<Name>[]): readonly Check<Name>[] {
  return checks;
}
