import { expect, it } from 'vitest';
import {
  DuplicatePluginError,
  loadPlugin,
  PluginImportError,
  PluginManifestError,
  PluginNotFoundError,
  PluginRegistry,
  PluginUnknownError,
} from '../src/index.js';
import { testPlugin } from './support/test-plugin.js';

it('loads the default export of a package', async () => {
  const plugin = testPlugin();
  await expect(loadPlugin('ats', async () => ({ default: plugin }))).resolves.toBe(plugin);
});

it('says so when there is no such package', async () => {
  const loading = loadPlugin('@nobody/no-such-plugin', (specifier) => import(specifier));
  await expect(loading).rejects.toThrow(PluginNotFoundError);
  await expect(loading).rejects.toMatchObject({ code: 'PLUGIN_NOT_FOUND', recovery: 'fix', cause: expect.any(Error) });
});

it.each([{}, { default: undefined }, undefined])('says so when %o is all that a package exports', async (module) => {
  await expect(loadPlugin('ats', async () => module)).rejects.toMatchObject({
    code: 'PLUGIN_IMPORT_FAILED',
    message: 'The plugin package ats has no default export. Report this to its author.',
  });
});

it('says so when a package throws while it is imported', async () => {
  const failing = async () => {
    throw new SyntaxError('Unexpected token');
  };
  await expect(loadPlugin('ats', failing)).rejects.toThrow(PluginImportError);
});

it('checks what it loaded, and names the package', async () => {
  const loading = loadPlugin('@acme/ats', async () => ({ default: { id: 'ats' } }));
  await expect(loading).rejects.toThrow(PluginManifestError);
  await expect(loading).rejects.toThrow(/^Plugin @acme\/ats cannot be loaded/);
});

it('refuses two plugins of one id', () => {
  expect(() => new PluginRegistry([testPlugin(), testPlugin()])).toThrow(DuplicatePluginError);
});

it('finds plugins by id', () => {
  const plugin = testPlugin();
  const registry = new PluginRegistry([plugin]);
  expect(registry.has('test-ats')).toBe(true);
  expect(registry.get('test-ats')).toBe(plugin);
  expect(registry.all()).toEqual([plugin]);
  expect(registry.has('gone')).toBe(false);
  expect(() => registry.get('gone')).toThrow(PluginUnknownError);
});
