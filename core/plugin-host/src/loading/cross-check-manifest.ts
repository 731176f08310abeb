import type { ManifestShape } from './manifest-shape.js';

type Fields = ManifestShape['credentials']['fields'];

const CAMEL_CASE = /^[a-z][a-zA-Z0-9]{0,39}$/;

/** What is wrong with how the parts of a manifest fit together, one sentence each. */
export function crossCheckManifest(manifest: ManifestShape): readonly string[] {
  return [
    ...fieldProblems('credentials', manifest.credentials.fields),
    ...fieldProblems('settings', manifest.settings.fields),
    ...settingsAreNoSecrets(manifest.settings.fields),
    ...hostProblems(manifest),
    ...requirementProblems(manifest),
    ...capabilityProblems(manifest),
  ];
}

function* fieldProblems(set: string, fields: Fields): Generator<string> {
  for (const [name, field] of Object.entries(fields)) {
    const at = `${set}.${name}`;
    if (!CAMEL_CASE.test(name)) yield `${at}: the name must be in camelCase, at most 40 characters.`;
    const values = field.choices?.map((choice) => choice.value) ?? [];
    if (field.kind === 'choice' && values.length === 0) yield `${at}: a choice must have choices.`;
    if (field.kind !== 'choice' && field.choices !== undefined) yield `${at}: only a choice may have choices.`;
    if (new Set(values).size < values.length) yield `${at}: two choices have the same value.`;
    if (field.default !== undefined) yield* defaultProblems(at, field, values);
  }
}

function* defaultProblems(at: string, field: Fields[string], choices: readonly string[]): Generator<string> {
  if (field.kind === 'secret') yield `${at}: a secret must not have a default.`;
  const isSwitch = field.kind === 'switch';
  if (isSwitch !== (typeof field.default === 'boolean')) {
    yield `${at}: the default must be ${isSwitch ? 'true or false' : 'text'}.`;
  }
  if (field.kind === 'choice' && typeof field.default === 'string' && !choices.includes(field.default)) {
    yield `${at}: the default is none of the choices.`;
  }
}

function* settingsAreNoSecrets(fields: Fields): Generator<string> {
  for (const [name, field] of Object.entries(fields)) {
    if (field.kind === 'secret') yield `settings.${name}: a secret belongs to the credentials.`;
  }
}

function* hostProblems(manifest: ManifestShape): Generator<string> {
  if (manifest.hosts.length === 0) yield 'hosts: name at least one host.';
  for (const [index, rule] of manifest.hosts.entries()) {
    if (typeof rule === 'string') continue;
    const at = `hosts.${index}`;
    const setting = Object.hasOwn(manifest.settings.fields, rule.setting)
      ? manifest.settings.fields[rule.setting]
      : undefined;
    if (setting?.kind !== 'choice') {
      yield `${at}: ${rule.setting} is no setting of the kind choice.`;
      continue;
    }
    const values = setting.choices?.map((choice) => choice.value) ?? [];
    for (const value of Object.keys(rule.hosts)) {
      if (!values.includes(value)) yield `${at}: ${rule.setting} has no choice ${value}.`;
    }
    for (const value of values) {
      if (!Object.hasOwn(rule.hosts, value)) yield `${at}: the choice ${value} of ${rule.setting} has no hosts.`;
    }
  }
}

function* requirementProblems(manifest: ManifestShape): Generator<string> {
  const seen = new Set<string>();
  for (const [index, requirement] of manifest.requirements.entries()) {
    if (seen.has(requirement.id)) yield `requirements.${index}: the id ${requirement.id} is taken.`;
    seen.add(requirement.id);
    for (const name of requirement.capabilities) {
      if (!manifest.capabilities.includes(name)) {
        yield `requirements.${index}: the plugin does not have the capability ${name}.`;
      }
    }
  }
}

function* capabilityProblems(manifest: ManifestShape): Generator<string> {
  if (!manifest.capabilities.includes('permissions'))
    yield 'capabilities: permissions is missing; every plugin has it.';
  if (new Set(manifest.capabilities).size < manifest.capabilities.length) yield 'capabilities: one is named twice.';
}
