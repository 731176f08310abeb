import type { Plugin } from '@talentbridge/contracts';
import { type CheckPluginOptions, checkPlugin } from './check-plugin.js';
import { PluginImportError, PluginNotFoundError } from './errors.js';

/**
 * Imports a module. Written by the composition root as `(specifier) => import(specifier)`, because Node looks for a
 * package from the file in which the `import` stands.
 */
export type Importer = (specifier: string) => Promise<unknown>;

/**
 * Imports a package and checks that its default export is a plugin.
 * @throws PluginNotFoundError when there is no such package.
 * @throws PluginImportError when importing it fails, or it has no default export.
 * @throws ContractVersionError | PluginManifestError as `checkPlugin` does.
 */
export async function loadPlugin(
  specifier: string,
  importer: Importer,
  options: Omit<CheckPluginOptions, 'knownAs'> = {},
): Promise<Plugin> {
  const module = await importer(specifier).catch((cause: unknown) => {
    // Node gives the same code for the package itself and for a package that it imports; only the text differs, so the
    // message names both and `cause` has the details.
    if (codeOf(cause) === 'ERR_MODULE_NOT_FOUND') throw new PluginNotFoundError(specifier, { cause });
    throw new PluginImportError(specifier, 'failed while it was imported', { cause });
  });
  if (typeof module !== 'object' || module === null || !('default' in module) || module.default === undefined) {
    throw new PluginImportError(specifier, 'has no default export');
  }
  return checkPlugin(module.default, { ...options, knownAs: specifier });
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
