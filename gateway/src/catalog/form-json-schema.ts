import type { FormField } from './form.type.js';

type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * A form as JSON Schema 2020-12. Order of the properties is order of the form.
 *
 * It says what the fields say. A plugin's own checks are left out: the hub trims a value before it checks it, which a
 * schema cannot say, so that a pattern here would refuse what the hub takes.
 */
export function formJsonSchema(fields: readonly FormField[]): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: Object.fromEntries(fields.map((field) => [field.name, propertySchema(field)])),
    required: fields.filter((field) => field.required).map((field) => field.name),
    additionalProperties: false,
  };
}

function propertySchema(field: FormField): JsonSchema {
  return {
    title: field.label,
    ...(field.help === undefined ? {} : { description: field.help }),
    ...(field.placeholder === undefined ? {} : { examples: [field.placeholder] }),
    ...valueSchema(field),
    ...defaultSchema(field),
  };
}

function valueSchema({ kind, choices, required }: FormField): JsonSchema {
  const text = required ? { type: 'string', minLength: 1 } : { type: 'string' };
  switch (kind) {
    case 'text':
    // Several URLs in one text are no `uri`.
    case 'urlList':
      return text;
    case 'secret':
      return { ...text, format: 'password', writeOnly: true };
    case 'url':
      return { ...text, format: 'uri' };
    case 'choice':
      return { type: 'string', oneOf: choices.map(({ value, label }) => ({ const: value, title: label })) };
    case 'switch':
      return { type: 'boolean' };
  }
}

function defaultSchema({ kind, defaultValue }: FormField): JsonSchema {
  if (defaultValue === undefined) return {};
  return { default: kind === 'switch' ? defaultValue === 'true' : defaultValue };
}
