import { settingFields } from '@talentbridge/contracts';
import { z } from 'zod';
import { REGIONS } from './regions.js';

/** The choices of an iCIMS connection that are no secrets. */
export const icimsSettings = settingFields({
  region: {
    kind: 'choice',
    label: 'Region',
    help: 'Where iCIMS hosts your company. It decides the host of the API.',
    choices: Object.entries(REGIONS).map(([value, { label }]) => ({ value, label })),
    default: 'us',
  },
  sourceName: {
    kind: 'text',
    label: 'Source name',
    help: 'The source of the recruiting workflow. Where your iCIMS keeps a list of sources without this name, "Other (Please Specify)" is chosen and the name becomes its detail.',
    default: { from: 'brand' },
  },
  linkedinField: {
    kind: 'text',
    label: 'Field for the LinkedIn URL',
    help: 'The id of the person field that takes it, such as field1234. Leave empty to use the social accounts, or a field with LinkedIn in its name.',
    required: false,
    check: z
      .string()
      .regex(/^[a-z][a-z0-9]{0,39}$/, 'A field id has lower-case letters and digits, such as field1234.'),
  },
  recruiterSubmittedStatusId: {
    kind: 'text',
    label: 'Id of the status "Recruiter Submitted"',
    help: 'Such as D10105. Leave empty to look it up in the lists of your iCIMS.',
    required: false,
    check: z.string().regex(/^[A-Z]\d{1,12}$/, 'A status id is a capital letter and digits, such as D10105.'),
  },
  sendResume: {
    kind: 'switch',
    label: 'Send the generated résumé',
    help: 'Uploads the generated PDF to candidates that have no résumé in iCIMS.',
    default: false,
  },
  backgroundReserve: {
    kind: 'choice',
    label: 'Calls kept for people and exports',
    help: 'iCIMS counts the calls of a day. Reading what iCIMS holds stops for the day when this share of them is left.',
    choices: [
      { value: '0.1', label: '10 %' },
      { value: '0.2', label: '20 %' },
      { value: '0.5', label: '50 %' },
    ],
    default: '0.2',
  },
});
