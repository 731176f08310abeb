import { Links, type LinksParts } from '../links.js';
import { PushLedger, type PushLedgerParts } from './push-ledger.js';
import { defaultPushSettings, type PushSettings } from './push-model.js';
import { Pushing, type PushingParts } from './pushing.js';

/** What pushing is opened with. */
export interface OpenPushingOptions
  extends Omit<PushingParts, 'ledger' | 'links' | 'settings'>,
    PushLedgerParts,
    Omit<LinksParts, 'pushNow' | 'opener'> {
  /** Default of each: `defaultPushSettings`. */
  readonly settings?: Partial<PushSettings> | undefined;
}

/** Puts together what goes to the network, and who candidates are there. */
export function openPushing(options: OpenPushingOptions): { readonly pushing: Pushing; readonly links: Links } {
  const ledger = new PushLedger(options);
  const links = new Links({ ...options, pushNow: (tx, connectionId) => ledger.now(tx, connectionId) });
  const settings = { ...defaultPushSettings, ...options.settings };
  return { pushing: new Pushing({ ...options, ledger, links, settings }), links };
}
