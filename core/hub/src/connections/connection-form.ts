import { type CapabilityName, type FieldValue, type Plugin, readFields } from '@talentbridge/contracts';
import { comesAlong } from '../kernel/capabilities.js';
import { type InputProblem, InvalidInputError } from '../kernel/errors.js';
import type { CredentialValues } from './credential-store.js';

/** Values as an admin enters them, by field name. */
export type EnteredFields = Readonly<Record<string, unknown>>;

/** What an admin enters for a connection. */
export interface EnteredForms {
  readonly credentials: EnteredFields;
  readonly settings?: EnteredFields;
}

/**
 * Reads both forms against the plugin's own fields.
 * @throws InvalidInputError with every problem of both.
 */
export function readForms(
  plugin: Plugin,
  brand: string,
  entered: EnteredForms,
): { readonly credentials: CredentialValues; readonly settings: Readonly<Record<string, FieldValue>> } {
  const settings = readFields(plugin.settings, entered.settings ?? {}, { brand });
  const chosen = settings.ok ? { settings: settings.values } : {};
  const credentials = readFields(plugin.credentials, entered.credentials, { brand, ...chosen });
  if (credentials.ok && settings.ok) {
    return { credentials: credentials.values as CredentialValues, settings: settings.values };
  }
  const problems: InputProblem[] = [];
  if (!credentials.ok) problems.push(...credentials.problems.map((problem) => inForm('credentials', problem)));
  if (!settings.ok) problems.push(...settings.problems.map((problem) => inForm('settings', problem)));
  throw new InvalidInputError(problems);
}

/** Fields that were left empty keep what they had. */
export function withoutEmpty(fields: EnteredFields): EnteredFields {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null && value !== ''),
  );
}

/**
 * The capabilities that an admin chose, each once, without those that come along by themselves.
 * @throws InvalidInputError when none is left, or the plugin does not have one.
 */
export function chosenCapabilities(plugin: Plugin, chosen: readonly CapabilityName[]): readonly CapabilityName[] {
  const wanted = [...new Set(chosen)].filter((capability) => !comesAlong(capability));
  if (wanted.length === 0) {
    throw new InvalidInputError([{ field: 'capabilities', message: 'Choose at least one capability.' }]);
  }
  const missing = wanted.filter((capability) => !plugin.capabilities.includes(capability));
  if (missing.length > 0) {
    throw new InvalidInputError([
      { field: 'capabilities', message: `${plugin.displayName} does not have ${missing.join(', ')}.` },
    ]);
  }
  return wanted;
}

/** A connection's name as it is kept. @throws InvalidInputError */
export function connectionName(name: string): string {
  const trimmed = name.trim();
  if (trimmed.length === 0 || trimmed.length > 100) {
    throw new InvalidInputError([{ field: 'name', message: 'A name has 1 to 100 characters.' }]);
  }
  return trimmed;
}

function inForm(form: string, problem: { readonly field: string; readonly message: string }): InputProblem {
  return { field: `${form}.${problem.field}`, message: problem.message };
}
