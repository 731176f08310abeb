import type { ListPage } from './api.js';
import type { PlaceInList } from './run-position.js';

/** What a step through a list came upon. */
export interface Step<Item> {
  /** Items that have not come yet; some may come again. */
  readonly items: readonly Item[];
  /** Where the next step begins. Absent: the list is at its end. */
  readonly next?: PlaceInList;
  /** The page that the step stood on. */
  readonly page: ListPage<Item>;
}

/**
 * One step through a list whose pages are numbered and which changes meanwhile.
 *
 * When somebody in front is deleted, all who follow move up, and the first of the next page ends up on the page that was
 * read already. So each step looks back at the page before: who is there and was not comes with this step. When none of
 * those are left who were, and the list has become shorter, more is gone than a page holds: the walk goes back.
 */
export async function stepThrough<Item extends { readonly id: string }>(
  list: (number: number) => Promise<ListPage<Item>>,
  place: PlaceInList,
): Promise<Step<Item>> {
  const { page: number, before, done } = place;
  // This page first: whoever moves up between the two calls is then on both.
  const page = await list(number);
  const behind = number === 1 ? [] : (await list(number - 1)).items;
  const next = nextPlace(place, page);
  const wasThere = new Set(before);
  if (number > 1 && ![...behind, ...page.items].some(({ id }) => wasThere.has(id))) {
    const back = stepBack(place, page);
    if (back) return { items: [], page, next: back };
  }
  const came = new Set([...before, ...done]);
  const items = new Map([...behind, ...page.items].filter(({ id }) => !came.has(id)).map((item) => [item.id, item]));
  // Uncounted pages without news mean that JobScore ignores the page number; the next one would say the same.
  const isEnd = page.last || (!page.counted && items.size === 0);
  return { items: [...items.values()], page, ...(isEnd ? {} : { next }) };
}

function nextPlace(
  { page, size, returns }: PlaceInList,
  { items, total }: ListPage<{ readonly id: string }>,
): PlaceInList {
  const before = items.map(({ id }) => id);
  return { page: page + 1, size, before, done: [], returns, ...(total === undefined ? {} : { total }) };
}

/** Where to begin again when the page before holds nobody whom it held; nowhere when the list has grown instead. */
function stepBack(place: PlaceInList, { total }: ListPage<unknown>): PlaceInList | undefined {
  const back = { ...place, done: [], returns: place.returns + 1 };
  if (total === undefined || place.total === undefined) return { ...back, page: place.page - 1 };
  if (total >= place.total) return undefined;
  const pages = Math.ceil((place.total - total) / place.size);
  return { ...back, page: Math.max(1, place.page - pages), before: [], total };
}
