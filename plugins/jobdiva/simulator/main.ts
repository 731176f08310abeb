import { parseArgs } from 'node:util';
import { runSimulator } from '@talentbridge/testkit/simulator';
import { startSimulator } from './index.js';

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    host: { type: 'string' },
    rate: { type: 'string' },
    jobs: { type: 'string' },
    latency: { type: 'string' },
    candidates: { type: 'string' },
    inactive: { type: 'string' },
    seed: { type: 'string' },
    days: { type: 'string' },
    until: { type: 'string' },
    'ms-per-row': { type: 'string' },
    source: { type: 'string', multiple: true },
  },
});

const { 'ms-per-row': perRow, source: sources, ...others } = values;
const { rate, jobs, latency, candidates, inactive, seed, days, until, ...listen } = others;
const counts = {
  ...wholeNumber('rate', rate),
  ...wholeNumber('jobs', jobs),
  ...wholeNumber('latency', latency),
  ...wholeNumber('candidates', candidates),
  ...wholeNumber('inactive', inactive),
  ...wholeNumber('seed', seed),
  ...wholeNumber('days', days),
  ...(until === undefined ? {} : { until: instant(until) }),
};
const { msPerRow = 0 } = wholeNumber('msPerRow', perRow);

await runSimulator(
  ({ port, host }) => startSimulator({ port, host, ...counts, bi: { msPerRow }, ...(sources ? { sources } : {}) }),
  Object.entries(listen).map(([name, value]) => `--${name}=${value}`),
);

function wholeNumber<Name extends string>(name: Name, text: string | undefined): Partial<Record<Name, number>> {
  if (text === undefined) return {};
  if (!/^\d+$/.test(text)) throw new Error(`--${name} ${text} is not a whole number.`);
  return { [name]: Number(text) } as Record<Name, number>;
}

function instant(text: string): number {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new Error(`--until ${text} is not a date such as 2026-11-01.`);
  return at;
}
