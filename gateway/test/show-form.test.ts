import { credentialFields, settingFields } from '@talentbridge/contracts';
import { expect, it } from 'vitest';
import { showForm } from '../src/catalog/show-form.js';

const form = showForm(
  settingFields({
    region: {
      kind: 'choice',
      label: 'Region',
      choices: [
        { value: 'eu', label: 'Europe' },
        { value: 'us', label: 'United States' },
      ],
      default: 'eu',
    },
    portal: { kind: 'url', label: 'Portal', placeholder: 'https://jobs.example.com' },
    searches: { kind: 'urlList', label: 'Job searches', required: false },
    source: { kind: 'text', label: 'Source', default: { from: 'brand' } },
    resume: { kind: 'switch', label: 'Send a résumé', default: true },
    quiet: { kind: 'switch', label: 'Quiet' },
  }),
  'Acme Talent',
);

it('CON-4: keeps the order of the form, and resolves defaults as they would be entered', () => {
  expect(form.fields.map(({ name, required, defaultValue }) => [name, required, defaultValue])).toEqual([
    ['region', false, 'eu'],
    ['portal', true, undefined],
    ['searches', false, undefined],
    ['source', false, 'Acme Talent'],
    ['resume', false, 'true'],
    ['quiet', false, 'false'],
  ]);
});

it('CON-4: describes the same form as JSON Schema', () => {
  expect(form.jsonSchema).toEqual({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: {
      region: {
        title: 'Region',
        type: 'string',
        oneOf: [
          { const: 'eu', title: 'Europe' },
          { const: 'us', title: 'United States' },
        ],
        default: 'eu',
      },
      portal: { title: 'Portal', examples: ['https://jobs.example.com'], type: 'string', minLength: 1, format: 'uri' },
      searches: { title: 'Job searches', type: 'string' },
      source: { title: 'Source', type: 'string', default: 'Acme Talent' },
      resume: { title: 'Send a résumé', type: 'boolean', default: true },
      quiet: { title: 'Quiet', type: 'boolean', default: false },
    },
    required: ['portal'],
    additionalProperties: false,
  });
});

it('CON-4: marks a secret as write-only', () => {
  const { fields, jsonSchema } = showForm(credentialFields({ key: { kind: 'secret', label: 'Key' } }), 'Acme Talent');
  expect(fields).toMatchObject([{ name: 'key', secret: true, required: true }]);
  expect(jsonSchema).toMatchObject({
    properties: { key: { format: 'password', writeOnly: true, minLength: 1 } },
    required: ['key'],
  });
});
