import { parseArgs } from 'node:util';
import { runSimulator } from '@talentbridge/testkit/simulator';
import { startSimulator } from './index.js';

const { values } = parseArgs({
  options: { port: { type: 'string' }, host: { type: 'string' }, rate: { type: 'string' } },
});
const { rate, ...listen } = values;

await runSimulator(
  (options) => startSimulator({ ...options, ...(rate === undefined ? {} : { requestsPerMinute: Number(rate) }) }),
  Object.entries(listen).map(([name, value]) => `--${name}=${value}`),
);
