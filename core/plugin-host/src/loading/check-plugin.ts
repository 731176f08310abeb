import { CONTRACTS_VERSION, type Plugin } from '@talentbridge/contracts';
import semver from 'semver';
import { crossCheckManifest } from './cross-check-manifest.js';
import { ContractVersionError, PluginManifestError } from './errors.js';
import { manifestShape } from './manifest-shape.js';

/** How a plugin is checked. */
export interface CheckPluginOptions {
  /** What to call it while its own id is not known to be good. Default: the id it gives itself. */
  readonly knownAs?: string;
  /** The version of the contracts to hold it against. Default: the version of the contracts that are installed. */
  readonly contractsVersion?: string;
}

/**
 * Makes sure that a value is a plugin whose manifest keeps the contract. Runs once, when the plugin is loaded, and
 * calls nothing of the plugin's.
 *
 * The contract version comes first: a manifest written for another version is refused for that alone, because what
 * else looks wrong about it may be right there.
 * @throws ContractVersionError when the plugin was built for other contracts.
 * @throws PluginManifestError with every problem that was found.
 */
export function checkPlugin(value: unknown, options: CheckPluginOptions = {}): Plugin {
  const name = options.knownAs ?? idOf(value) ?? 'without an id';
  const version = options.contractsVersion ?? CONTRACTS_VERSION;
  const range = contractsOf(value);
  if (range !== undefined && !semver.satisfies(version, range)) throw new ContractVersionError(name, range, version);

  const problems: string[] = [];
  const isPlugin = (candidate: unknown): candidate is Plugin => {
    const read = manifestShape.safeParse(candidate);
    if (read.success) problems.push(...crossCheckManifest(read.data));
    else problems.push(...read.error.issues.map((issue) => `${where(issue.path)}: ${issue.message}.`));
    return problems.length === 0;
  };
  if (!isPlugin(value)) throw new PluginManifestError(name, problems);
  return value;
}

function where(path: readonly PropertyKey[]): string {
  return path.length === 0 ? 'The plugin' : path.map(String).join('.');
}

function idOf(value: unknown): string | undefined {
  const id = property(value, 'id');
  // An id of any length and content would end up in a message: show it only when it could be one.
  return typeof id === 'string' && /^[\w.-]{1,40}$/.test(id) ? id : undefined;
}

/** The range of contract versions, when it is one; otherwise the manifest check says what is wrong with it. */
function contractsOf(value: unknown): string | undefined {
  const range = property(value, 'contracts');
  return typeof range === 'string' && range.trim() !== '' && semver.validRange(range) !== null ? range : undefined;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value ? Reflect.get(value, name) : undefined;
}
