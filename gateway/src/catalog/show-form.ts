import type { FieldDefinition, FieldSet } from '@talentbridge/contracts';
import { asEntered } from './as-entered.js';
import type { Form, FormField } from './form.type.js';
import { formJsonSchema } from './form-json-schema.js';

/** A plugin's form. `brand` is the name under which the deployment presents itself: some defaults are that name. */
export function showForm(set: FieldSet, brand: string): Form {
  const fields = showFields(set, brand);
  return { fields, jsonSchema: formJsonSchema(fields) };
}

/** The inputs of a form, in the order in which they are shown. */
export function showFields(set: FieldSet, brand: string): readonly FormField[] {
  return Object.entries(set.fields).map(([name, definition]) => showField(name, definition, brand));
}

function showField(name: string, definition: FieldDefinition, brand: string): FormField {
  const { kind, label, help, placeholder, choices = [] } = definition;
  const defaultValue = defaultOf(definition, brand);
  return {
    name,
    label,
    help,
    placeholder,
    kind,
    required: kind !== 'switch' && definition.required !== false && defaultValue === undefined,
    defaultValue,
    choices,
    secret: kind === 'secret',
  };
}

function defaultOf({ kind, default: given }: FieldDefinition, brand: string): string | undefined {
  // A switch that says nothing is off.
  if (given === undefined) return kind === 'switch' ? 'false' : undefined;
  return asEntered(typeof given === 'object' ? brand : given);
}
