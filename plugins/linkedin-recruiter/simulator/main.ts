import { parseArgs } from 'node:util';
import { runSimulator } from '@talentbridge/testkit/simulator';
import { startSimulator } from './index.js';

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    host: { type: 'string' },
    members: { type: 'string' },
    seed: { type: 'string' },
    'match-delay': { type: 'string' },
    'task-delay': { type: 'string' },
    requested: { type: 'boolean', default: false },
    'widget-domain': { type: 'string', multiple: true },
    'check-ownership': { type: 'boolean', default: false },
  },
});

const { members, seed, requested, port, host } = values;
const matchDelayMs = wholeNumber('match-delay', values['match-delay']);
const taskDelayMs = wholeNumber('task-delay', values['task-delay']);
const listen = { ...(port === undefined ? {} : { port }), ...(host === undefined ? {} : { host }) };

await runSimulator(
  (address) =>
    startSimulator({
      ...address,
      ...(members === undefined ? {} : { members: wholeNumber('members', members) ?? 0 }),
      ...(seed === undefined ? {} : { seed: wholeNumber('seed', seed) ?? 1 }),
      behaviour: {
        ...(matchDelayMs === undefined ? {} : { matchDelayMs }),
        ...(taskDelayMs === undefined ? {} : { taskDelayMs }),
      },
      integrations: requested ? 'requested' : 'nothing',
      widgetDomains: values['widget-domain'] ?? [],
      checksOwnership: values['check-ownership'],
    }),
  Object.entries(listen).map(([name, value]) => `--${name}=${value}`),
);

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) throw new Error(`--${name} ${text} is not a whole number.`);
  return Number(text);
}
