import { expect, it } from 'vitest';
import { busiestRate } from '../../../src/capabilities/rediscovery/busiest-rate.js';

const tenASecond = { rate: { requests: 10, perMs: 1_000 } };
const seen = {
  requests: 100,
  lanes: new Map([
    ['people', 90],
    ['jobs', 10],
  ]),
  forMs: 10_000,
};

it('RED-1: where endpoints are limited by themselves, used and allowed are those of the one that is asked most', () => {
  expect(busiestRate({ eachLane: tenASecond }, seen)).toEqual({ usedPerSecond: 9, allowedPerSecond: 10 });
});

it('RED-1: the limit that most is used of counts, not the lowest', () => {
  const pace = { ...tenASecond, lanes: { jobs: { rate: { requests: 5, perMs: 1_000 } } } };
  expect(busiestRate(pace, seen)).toEqual({ usedPerSecond: 10, allowedPerSecond: 10 });
  const strict = { ...tenASecond, lanes: { jobs: { rate: { requests: 1, perMs: 2_000 } } } };
  expect(busiestRate(strict, seen)).toEqual({ usedPerSecond: 1, allowedPerSecond: 0.5 });
});

it('RED-1: what no request came under is none of its limits', () => {
  expect(busiestRate({ concurrency: 4, lanes: { files: tenASecond } }, seen)).toBeUndefined();
});

it('RED-1: no speed is told of less than two seconds', () => {
  expect(busiestRate(tenASecond, { ...seen, forMs: 1_999 })).toEqual({ usedPerSecond: null, allowedPerSecond: 10 });
});
