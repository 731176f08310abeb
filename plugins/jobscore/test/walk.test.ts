import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ListPage } from '../src/api.js';
import { firstPage, type PlaceInList } from '../src/run-position.js';
import { stepThrough } from '../src/walk.js';

/** What happens to a list between two steps: at these places somebody goes, at those somebody new comes. */
interface Change {
  readonly goes: readonly number[];
  readonly comes: readonly number[];
}

interface Item {
  readonly id: string;
}

const SIZE = 4;
const places = fc.array(fc.nat(30), { maxLength: 30, size: 'max' });

/** Walks through a list of numbered pages, which changes after each step, and answers who came. */
async function walk(
  list: string[],
  changes: readonly Change[],
  { counted, served = SIZE }: { readonly counted: boolean; readonly served?: number },
): Promise<ReadonlySet<string>> {
  const came = new Set<string>();
  const stoodAt = new Set<string>();
  const pageOf = async (number: number): Promise<ListPage<Item>> => {
    const items = list.slice((number - 1) * served, number * served).map((id) => ({ id }));
    if (!counted) return { items, last: items.length < SIZE, counted };
    return { items, last: number * SIZE >= list.length, counted, total: list.length };
  };
  let place: PlaceInList | undefined = firstPage(SIZE);
  for (let steps = 0; place !== undefined; steps += 1) {
    expect(steps, 'the walk comes to an end').toBeLessThan(1000);
    expect(stoodAt.has(JSON.stringify(place)), 'no place is stood at twice, or it would look like a circle').toBe(
      false,
    );
    stoodAt.add(JSON.stringify(place));
    const step: Awaited<ReturnType<typeof stepThrough<Item>>> = await stepThrough(pageOf, place);
    for (const { id } of step.items) came.add(id);
    place = step.next;
    const { goes = [], comes = [] } = changes[steps] ?? {};
    for (const at of goes) list.splice(at % (list.length + 1), 1);
    for (const [index, at] of comes.entries()) list.splice(at % (list.length + 1), 0, `new-${steps}-${index}`);
  }
  return came;
}

/** Everybody who was there all the time. */
function stayed(before: readonly string[], after: readonly string[]): readonly string[] {
  return before.filter((id) => after.includes(id));
}

const lists = fc.integer({ min: 0, max: 120 }).map((length) => Array.from({ length }, (_, index) => `old-${index}`));

it.each([true, false])(
  'RED-12: loses nobody when any number of others is deleted between two pages (counted: %s)',
  async (counted) => {
    const changes = fc.array(
      places.map((goes) => ({ goes, comes: [] })),
      { maxLength: 20 },
    );
    await fc.assert(
      fc.asyncProperty(lists, changes, async (before, happens) => {
        const list = [...before];
        const came = await walk(list, happens, { counted });
        expect(stayed(before, list).filter((id) => !came.has(id))).toEqual([]);
      }),
    );
  },
);

it.each([true, false])(
  'RED-1: loses nobody when any number of others is added between two pages (counted: %s)',
  async (counted) => {
    const changes = fc.array(
      places.map((comes) => ({ goes: [], comes })),
      { maxLength: 20 },
    );
    await fc.assert(
      fc.asyncProperty(lists, changes, async (before, happens) => {
        const list = [...before];
        const came = await walk(list, happens, { counted });
        expect(stayed(before, list).filter((id) => !came.has(id))).toEqual([]);
      }),
    );
  },
);

it.each([true, false])(
  'RED-1, RED-12: loses nobody when any number of others comes and goes between two pages (counted: %s)',
  async (counted) => {
    const changes = fc.array(fc.record({ goes: places, comes: places }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(lists, changes, async (before, happens) => {
        const list = [...before];
        const came = await walk(list, happens, { counted });
        expect(stayed(before, list).filter((id) => !came.has(id))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  },
);

it('RED-12: loses nobody when JobScore serves smaller pages than were asked for, and does not count them', async () => {
  const before = Array.from({ length: 30 }, (_, index) => `old-${index}`);
  const came = await walk([...before], [], { counted: false, served: SIZE - 1 });
  expect(before.filter((id) => !came.has(id))).toEqual([]);
});

it('reads a quiet list page by page, each item once', async () => {
  const list = Array.from({ length: 10 }, (_, index) => ({ id: `${index}` }));
  const asked: number[] = [];
  const pageOf = async (number: number): Promise<ListPage<Item>> => {
    asked.push(number);
    return { items: list.slice((number - 1) * SIZE, number * SIZE), last: number === 3, counted: true, total: 10 };
  };
  const came: Item[] = [];
  for (let place: PlaceInList | undefined = firstPage(SIZE); place; ) {
    const step: Awaited<ReturnType<typeof stepThrough<Item>>> = await stepThrough(pageOf, place);
    came.push(...step.items);
    place = step.next;
  }
  expect(came).toEqual(list);
  expect(asked, 'each page but the last once more, to look back').toEqual([1, 2, 1, 3, 2]);
});

it('ends when JobScore ignores the page number and counts nothing', async () => {
  const items = Array.from({ length: SIZE }, (_, index) => ({ id: `${index}` }));
  const always = async (): Promise<ListPage<Item>> => ({ items, last: false, counted: false });
  const first = await stepThrough(always, firstPage(SIZE));
  expect(first.items).toEqual(items);
  expect(first.next).toBeDefined();
  expect(await stepThrough(always, first.next ?? firstPage(SIZE))).not.toHaveProperty('next');
});

it('RED-12: goes on behind a page of which a part has come already, when the rest of it is deleted', async () => {
  const pages = [['a', 'b'], ['c']].map((ids) => ids.map((id) => ({ id })));
  const read = async (number: number): Promise<ListPage<Item>> => ({
    items: pages[number - 1] ?? [],
    last: false,
    counted: false,
  });
  const { items, next } = await stepThrough(read, { ...firstPage(SIZE), done: ['a', 'b'] });
  expect(items).toEqual([]);
  expect(next).toMatchObject({ page: 2 });
});

it('begins again when everybody of the page before is gone', async () => {
  const list = Array.from({ length: 40 }, (_, index) => `new-${index}`);
  const came = new Set<string>();
  let place: PlaceInList | undefined = { ...firstPage(SIZE), page: 6, before: ['old-1', 'old-2'], total: 40 };
  while (place !== undefined) {
    const pageOf = async (number: number): Promise<ListPage<Item>> => ({
      items: list.slice((number - 1) * SIZE, number * SIZE).map((id) => ({ id })),
      last: number * SIZE >= list.length,
      counted: true,
      total: list.length,
    });
    const step: Awaited<ReturnType<typeof stepThrough<Item>>> = await stepThrough(pageOf, place);
    for (const { id } of step.items) came.add(id);
    place = step.next;
  }
  expect([...came].toSorted()).toEqual(list.toSorted());
});
