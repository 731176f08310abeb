import type { Plugin } from '@talentbridge/contracts';
import { DuplicatePluginError, PluginUnknownError } from './errors.js';

/** The plugins that are installed, by id. Fixed once made. */
export class PluginRegistry {
  readonly #plugins = new Map<string, Plugin>();

  /**
   * @param plugins Checked ones, in the order that a catalogue shows.
   * @throws DuplicatePluginError
   */
  constructor(plugins: Iterable<Plugin>) {
    for (const plugin of plugins) {
      if (this.#plugins.has(plugin.id)) throw new DuplicatePluginError(plugin.id);
      this.#plugins.set(plugin.id, plugin);
    }
  }

  /** Whether a plugin is installed: ask this first where a stored id may outlive its plugin. */
  has(id: string): boolean {
    return this.#plugins.has(id);
  }

  /** @throws PluginUnknownError */
  get(id: string): Plugin {
    const plugin = this.#plugins.get(id);
    if (!plugin) throw new PluginUnknownError(id);
    return plugin;
  }

  /** Every plugin, in the order given. */
  all(): readonly Plugin[] {
    return [...this.#plugins.values()];
  }
}
