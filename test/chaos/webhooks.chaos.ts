import { parseArgs } from 'node:util';
import { intakeHolds, webhookChaos } from './webhooks-chaos.ts';

/** `npm run chaos -- webhooks [--kills 20] [--rate 500] [--database]`: kills the product, or its database. */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    rate: { type: 'string', default: '500' },
    database: { type: 'boolean', default: false },
  },
});

const report = await webhookChaos({
  victim: values.database ? 'database' : 'gateway',
  kills: Number(values.kills),
  rate: Number(values.rate),
  progress: (line) => console.log(line),
});
console.log(JSON.stringify(report, null, 2));
const good = intakeHolds(report);
console.log(good ? 'Every acknowledged event is there once, and was seen to.' : 'It does not hold.');
process.exitCode = good ? 0 : 1;
