import { parseArgs } from 'node:util';
import { runSimulator } from '@talentbridge/testkit/simulator';
import { MISSABLE_PARTS, type MissablePart } from './deviations.js';
import { startSimulator } from './index.js';

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    host: { type: 'string' },
    rate: { type: 'string' },
    jobs: { type: 'string' },
    latency: { type: 'string' },
    database: { type: 'string', multiple: true },
    tag: { type: 'string', multiple: true },
    candidates: { type: 'string' },
    seed: { type: 'string' },
    'ignore-updated-since': { type: 'boolean', default: false },
    'not-offered': { type: 'string', multiple: true, default: [] },
  },
});

const { rate, jobs, latency, candidates, seed, database: databases, tag: tags, ...rest } = values;
const { 'ignore-updated-since': withoutUpdatedSince, 'not-offered': missing, ...listen } = rest;
const counts = {
  ...wholeNumber('rate', rate),
  ...wholeNumber('jobs', jobs),
  ...wholeNumber('latency', latency),
  ...wholeNumber('candidates', candidates),
  ...wholeNumber('seed', seed),
};
const deviations = { withoutUpdatedSince, notOffered: missing.map(partNamed) };

await runSimulator(
  ({ port, host }) =>
    startSimulator({
      port,
      host,
      deviations,
      ...counts,
      ...(databases ? { databases } : {}),
      ...(tags ? { tags } : {}),
    }),
  Object.entries(listen).map(([name, value]) => `--${name}=${value}`),
);

function wholeNumber<Name extends string>(name: Name, text: string | undefined): Partial<Record<Name, number>> {
  if (text === undefined) return {};
  if (!/^\d+$/.test(text)) throw new Error(`--${name} ${text} is not a whole number.`);
  return { [name]: Number(text) } as Record<Name, number>;
}

function partNamed(text: string): MissablePart {
  const part = MISSABLE_PARTS.find((one) => one === text);
  if (part === undefined) throw new Error(`--not-offered ${text} is none of ${MISSABLE_PARTS.join(', ')}.`);
  return part;
}
