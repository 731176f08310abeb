import { parseArgs } from 'node:util';
import { runSimulator } from '@talentbridge/testkit/simulator';
import { type DuplicatePolicy, type ListOrder, startSimulator } from './index.js';

const DUPLICATES: readonly DuplicatePolicy[] = ['existing', 'new', 'conflict'];
const ORDERS: readonly ListOrder[] = ['changed', 'created'];

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    host: { type: 'string' },
    rate: { type: 'string' },
    jobs: { type: 'string' },
    latency: { type: 'string' },
    duplicates: { type: 'string' },
    source: { type: 'string', multiple: true },
    candidates: { type: 'string' },
    hidden: { type: 'string' },
    seed: { type: 'string' },
    order: { type: 'string' },
    'quiet-status': { type: 'boolean' },
    'cursor-life': { type: 'string' },
    'redelivery-unit': { type: 'string' },
    'suspend-after': { type: 'string' },
  },
});

const {
  duplicates,
  order,
  source: sources,
  'quiet-status': quietStatus,
  'cursor-life': cursorLife,
  ...others
} = values;
const { 'redelivery-unit': redeliveryUnit, 'suspend-after': suspendAfter, ...rest } = others;
const { rate, jobs, latency, candidates, hidden, seed, ...listen } = rest;
const counts = wholeNumbers({ rate, jobs, latency, candidates, hidden, seed });
const set = {
  ...(duplicates === undefined ? {} : { duplicates: oneOf('duplicates', duplicates, DUPLICATES) }),
  ...(order === undefined ? {} : { order: oneOf('order', order, ORDERS) }),
  ...(cursorLife === undefined ? {} : { cursorLifeMs: wholeNumber('cursor-life', cursorLife) }),
  ...(quietStatus ? { statusMovesUpdatedOn: false } : {}),
  ...(sources ? { sources } : {}),
  webhooks: {
    ...(redeliveryUnit === undefined ? {} : { redeliveryUnitMs: wholeNumber('redelivery-unit', redeliveryUnit) }),
    ...(suspendAfter === undefined ? {} : { suspendAfter: wholeNumber('suspend-after', suspendAfter) }),
  },
};

await runSimulator(
  ({ port, host }) => startSimulator({ port, host, ...counts, ...set }),
  Object.entries(listen).map(([name, value]) => `--${name}=${value}`),
);

function wholeNumbers<Name extends string>(
  texts: Readonly<Record<Name, string | undefined>>,
): Partial<Record<Name, number>> {
  const given = Object.entries<string | undefined>(texts).filter(([, text]) => text !== undefined);
  return Object.fromEntries(given.map(([name, text]) => [name, wholeNumber(name, text ?? '')])) as Partial<
    Record<Name, number>
  >;
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`--${name} ${text} is not a whole number.`);
  return Number(text);
}

function oneOf<Value extends string>(name: string, text: string, values: readonly Value[]): Value {
  const value = values.find((one) => one === text);
  if (value === undefined) throw new Error(`--${name} ${text} is none of ${values.join(', ')}.`);
  return value;
}
