import { parseArgs } from 'node:util';
import { runSimulator } from '@talentbridge/testkit/simulator';
import { startSimulator } from './index.js';

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    host: { type: 'string' },
    rate: { type: 'string' },
    quota: { type: 'string' },
    jobs: { type: 'string' },
    latency: { type: 'string' },
    candidates: { type: 'string' },
    seed: { type: 'string' },
  },
});

const { rate, quota, jobs, latency, candidates, seed, ...listen } = values;
const counts = {
  ...wholeNumber('rate', rate),
  ...wholeNumber('quota', quota),
  ...wholeNumber('jobs', jobs),
  ...wholeNumber('latency', latency),
  ...wholeNumber('candidates', candidates),
  ...wholeNumber('seed', seed),
};

await runSimulator(
  ({ port, host }) => startSimulator({ port, host, ...counts }),
  Object.entries(listen).map(([name, value]) => `--${name}=${value}`),
);

function wholeNumber<Name extends string>(name: Name, text: string | undefined): Partial<Record<Name, number>> {
  if (text === undefined) return {};
  if (!/^\d+$/.test(text)) throw new Error(`--${name} ${text} is not a whole number.`);
  return { [name]: Number(text) } as Record<Name, number>;
}
