import { HubError, type HubErrorOptions } from '@talentbridge/contracts';

/** What was offered as a plugin is not one: everything that is wrong with it, not the first thing alone. */
export class PluginManifestError extends HubError {
  readonly code = 'PLUGIN_MANIFEST_INVALID';
  readonly recovery = 'fix';

  /**
   * @param plugin Its id, or whatever it is known by when the id itself is wrong.
   * @param problems One sentence each, beginning with where it is.
   */
  constructor(
    readonly plugin: string,
    readonly problems: readonly string[],
    options?: HubErrorOptions,
  ) {
    super(`Plugin ${plugin} cannot be loaded. Its author must mend: ${problems.join(' ')}`, options);
  }
}

/** The plugin was built for other versions of the contracts than ours. */
export class ContractVersionError extends HubError {
  readonly code = 'CONTRACT_VERSION_UNSUPPORTED';
  readonly recovery = 'fix';

  /**
   * @param range The versions that the plugin accepts.
   * @param version The version that is here.
   */
  constructor(
    readonly plugin: string,
    readonly range: string,
    readonly version: string,
    options?: HubErrorOptions,
  ) {
    super(
      `Plugin ${plugin} was built for contracts ${range}, and this hub has ${version}. ` +
        `Install a release of the plugin that accepts ${version}, or a hub whose contracts satisfy ${range}.`,
      options,
    );
  }
}

/** No module of this name could be found. */
export class PluginNotFoundError extends HubError {
  readonly code = 'PLUGIN_NOT_FOUND';
  readonly recovery = 'fix';

  constructor(
    readonly specifier: string,
    options?: HubErrorOptions,
  ) {
    super(
      `The plugin package ${specifier}, or a package it imports, cannot be found. ` +
        'Install it, or take it out of the list of plugins.',
      options,
    );
  }
}

/** The module was found, but importing it failed or it exports no plugin. */
export class PluginImportError extends HubError {
  readonly code = 'PLUGIN_IMPORT_FAILED';
  readonly recovery = 'fix';

  /** @param reason What was seen, as a phrase: "has no default export". */
  constructor(
    readonly specifier: string,
    readonly reason: string,
    options?: HubErrorOptions,
  ) {
    super(`The plugin package ${specifier} ${reason}. Report this to its author.`, options);
  }
}

/** Two plugins want the same id. */
export class DuplicatePluginError extends HubError {
  readonly code = 'PLUGIN_DUPLICATE';
  readonly recovery = 'fix';

  constructor(
    readonly pluginId: string,
    options?: HubErrorOptions,
  ) {
    super(`Two plugins call themselves ${pluginId}. Take one of them out of the list of plugins.`, options);
  }
}

/** Something refers to a plugin that is not installed here. */
export class PluginUnknownError extends HubError {
  readonly code = 'PLUGIN_UNKNOWN';
  readonly recovery = 'fix';

  constructor(
    readonly pluginId: string,
    options?: HubErrorOptions,
  ) {
    super(`There is no plugin ${pluginId} here. Add its package to the list of plugins.`, options);
  }
}
