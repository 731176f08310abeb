import { CONTRACTS_VERSION, type Plugin } from '@talentbridge/contracts';
import { expect, it } from 'vitest';
import { allowedHosts, ContractVersionError, checkPlugin, PluginManifestError } from '../src/index.js';
import { testPlugin } from './support/test-plugin.js';

function problemsOf(changes: object): readonly string[] {
  try {
    checkPlugin({ ...testPlugin(), ...changes });
    return [];
  } catch (error) {
    if (error instanceof PluginManifestError) return error.problems;
    throw error;
  }
}

it('gives a good plugin back as it is', () => {
  const plugin = testPlugin();
  expect(checkPlugin(plugin)).toBe(plugin);
});

it('lists all problems at once', () => {
  const problems = problemsOf({ id: 'Bad Id', displayName: ' ', hosts: ['*.vendor.example'], open: 'no function' });
  expect(problems.map((problem) => problem.split(':')[0])).toEqual(['id', 'displayName', 'hosts.0', 'open']);
});

it.each([undefined, null, 7, 'plugin', [], () => undefined])('refuses %o, which is no plugin', (value) => {
  expect(() => checkPlugin(value)).toThrow(PluginManifestError);
});

it.each(['A', 'a', '1ats', 'ats_one', '-ats', 'a'.repeat(41), ''])('refuses the id %o', (id) => {
  expect(problemsOf({ id })).toHaveLength(1);
});

it.each([
  '10.0.0.1',
  '[::1]',
  '::1',
  '*.vendor.example',
  'vendor.example:8443',
  'https://vendor.example',
  'vendor.example/path',
  'Vendor.example',
  'localhost',
  'vendor.example.',
  '-a.example',
  '0x7f.1',
  '1.2',
  'user@vendor.example',
  '',
])('refuses the host %o', (host) => {
  expect(problemsOf({ hosts: [host] })).toEqual([expect.stringMatching(/^hosts\.0: must be a host name/)]);
});

it('wants at least one host', () => {
  expect(problemsOf({ hosts: [] })).toEqual(['hosts: name at least one host.']);
});

it('wants a host rule to name a choice setting, all of its values and no other', () => {
  const us = ['us.vendor.example'];
  expect(problemsOf({ hosts: [{ setting: 'nowhere', hosts: { us } }] })).toEqual([
    'hosts.0: nowhere is no setting of the kind choice.',
  ]);
  expect(problemsOf({ hosts: [{ setting: 'region', hosts: { us, moon: us } }] })).toEqual([
    'hosts.0: region has no choice moon.',
    'hosts.0: the choice eu of region has no hosts.',
  ]);
});

it('checks the fields of both forms', () => {
  const credentials = {
    fields: {
      'api key': { kind: 'text', label: 'Key' },
      token: { kind: 'secret', label: 'Token', default: 'letmein' },
      region: { kind: 'choice', label: 'Region' },
      plain: { kind: 'text', label: 'Plain', choices: [{ value: 'a', label: 'A' }] },
      onOff: { kind: 'switch', label: 'Switch', default: 'yes' },
      odd: { kind: 'choice', label: 'Odd', default: 'c', choices: [{ value: 'a', label: 'A' }] },
    },
  };
  expect(problemsOf({ credentials })).toEqual([
    'credentials.api key: the name must be in camelCase, at most 40 characters.',
    'credentials.token: a secret must not have a default.',
    'credentials.region: a choice must have choices.',
    'credentials.plain: only a choice may have choices.',
    'credentials.onOff: the default must be true or false.',
    'credentials.odd: the default is none of the choices.',
  ]);
  expect(problemsOf({ hosts: ['a.example'], settings: { fields: { key: { kind: 'secret', label: 'Key' } } } })).toEqual(
    ['settings.key: a secret belongs to the credentials.'],
  );
  expect(problemsOf({ credentials: { fields: { file: { kind: 'file', label: '' } } } })).toHaveLength(2);
});

it('wants requirements with ids of their own and capabilities that the plugin has', () => {
  const requirement = { id: 'admin', title: 'Be an admin', steps: [], capabilities: ['permissions'] };
  expect(problemsOf({ requirements: [requirement, requirement] })).toEqual(['requirements.1: the id admin is taken.']);
  expect(problemsOf({ requirements: [{ ...requirement, capabilities: ['telepathy'] }] })).toHaveLength(1);
  expect(
    problemsOf({ capabilities: ['permissions'], requirements: [{ ...requirement, capabilities: ['export'] }] }),
  ).toEqual(['requirements.0: the plugin does not have the capability export.']);
});

it('wants the permissions capability', () => {
  expect(problemsOf({ capabilities: ['export'] })).toEqual([
    'capabilities: permissions is missing; every plugin has it.',
  ]);
});

it('refuses a plugin for other contracts, and says what to do', () => {
  const future: Plugin = { ...testPlugin(), contracts: '^2.0.0' };
  expect(() => checkPlugin(future)).toThrow(ContractVersionError);
  expect(() => checkPlugin(future)).toThrow(
    `Plugin test-ats was built for contracts ^2.0.0, and this hub has ${CONTRACTS_VERSION}. ` +
      `Install a release of the plugin that accepts ${CONTRACTS_VERSION}, or a hub whose contracts satisfy ^2.0.0.`,
  );
  expect(checkPlugin(future, { contractsVersion: '2.3.0' })).toBe(future);
});

it('names the contract version before anything else, because the rest may be right in that version', () => {
  expect(() => checkPlugin({ id: 'ats', contracts: '^9.0.0' })).toThrow(ContractVersionError);
});

it.each(['', ' ', 'latest', 1, undefined])('refuses %o as a range of versions', (contracts) => {
  expect(problemsOf({ contracts })).toHaveLength(1);
});

it('answers the hosts that the settings allow', () => {
  const plugin = testPlugin();
  expect(allowedHosts(plugin, { region: 'eu' })).toEqual(['api.vendor.example', 'eu.vendor.example']);
  expect(allowedHosts(plugin, {})).toEqual(['api.vendor.example']);
  expect(allowedHosts(plugin, { region: 'constructor' })).toEqual(['api.vendor.example']);
});
