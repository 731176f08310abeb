import { expect, it } from 'vitest';
import { present } from '../src/present.js';

it('leaves out what has no value, and takes null, empty text and 0 for values', () => {
  expect(Object.entries(present({ city: undefined, region: null, street: '', floor: 0 }))).toEqual([
    ['region', null],
    ['street', ''],
    ['floor', 0],
  ]);
});
