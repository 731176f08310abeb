import type { LookupAddress, LookupOptions } from 'node:dns';
import { lookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { isPublicAddress } from './public-address.js';

/** Finds the addresses of a host. Default: the machine's own resolver. */
export type ResolveHost = (host: string) => Promise<readonly LookupAddress[]>;

/** The host leads to an address that is not on the public Internet. Stays inside the HTTP client. */
class AddressRefusedError extends Error {
  readonly code = 'ADDRESS_REFUSED';
}

const resolveWithSystem: ResolveHost = (host) => lookup(host, { all: true });

/**
 * Resolves for a socket that is about to connect. The addresses that are checked here are the ones that are dialled,
 * so a name that answers differently the second time gains nothing. One bad address among good ones refuses all: no
 * vendor has such a mix, an attacker does.
 */
export function guardedLookup(resolve: ResolveHost = resolveWithSystem): LookupFunction {
  return (host: string, options: LookupOptions, done) => {
    resolve(host).then(
      (addresses) => {
        const [first] = addresses;
        if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address))) {
          done(new AddressRefusedError(`${host} does not lead to a public address`), '');
        } else if (options.all === true) done(null, [...addresses]);
        else done(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => done(error, ''),
    );
  };
}
