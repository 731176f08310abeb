import type { ListPage } from './api.js';
import { firstPage, type PlaceInList } from './run-position.js';

/** What a step through a list came upon. */
export interface Step<Item> {
  /** Items that have not come yet; some may come again. */
  readonly items: readonly Item[];
  /** Where the next step begins. Absent: the list is at its end. */
  readonly next?: PlaceInList;
  /** The page that the step stood on. */
  readonly page: ListPage<Item>;
}

interface Identified {
  readonly id: string;
}

type Read<Item> = (number: number) => Promise<ListPage<Item>>;

/**
 * One step through a list whose pages are numbered and which changes meanwhile.
 *
 * When somebody in front is deleted, all who follow move up, and the first of the next page ends up on the page that was
 * read already. So each step looks back at the page before: who is there and was not comes with this step. Whoever has not
 * come stands behind those of the page before: when none of these is left where they were, the walk looks for them first.
 */
export async function stepThrough<Item extends Identified>(list: Read<Item>, place: PlaceInList): Promise<Step<Item>> {
  if (place.search) return searchOn(list, place, place.search);
  const { page: number, before, done } = place;
  // This page first: whoever moves up between the two calls is then on both.
  const page = await list(number);
  const behind = number === 1 ? [] : (await list(number - 1)).items;
  if (number > 1 && !hasAny([...behind, ...page.items], before)) {
    return { items: [], page, next: { ...place, done: [], search: { around: likelyPage(place, page), apart: 0 } } };
  }
  const came = new Set([...before, ...done]);
  const items = new Map([...behind, ...page.items].filter(({ id }) => !came.has(id)).map((item) => [item.id, item]));
  return {
    items: [...items.values()],
    page,
    ...(isEnd(place, page, items.size) ? {} : { next: nextPlace(place, page) }),
  };
}

/** Looks for those of the page before, ever further to both sides; when all of them are gone, the walk begins again. */
async function searchOn<Item extends Identified>(
  list: Read<Item>,
  { search: _search, ...place }: PlaceInList,
  { around, apart }: NonNullable<PlaceInList['search']>,
): Promise<Step<Item>> {
  const returns = place.returns + 1;
  const page = await list(around + apart);
  // The step from here looks back at the page on which they are.
  const from = (number: number): PlaceInList => ({ ...place, page: number + 1, returns });
  if (hasAny(page.items, place.before)) return { items: [], page, next: from(around + apart) };
  const lower = around - apart;
  const below = apart > 0 && lower >= 1 ? await list(lower) : undefined;
  if (below && hasAny(below.items, place.before)) return { items: [], page, next: from(lower) };
  const isThrough = lower <= 1 && (page.last || page.items.length === 0);
  return {
    items: [],
    page,
    next: isThrough ? { ...firstPage(place.size), returns } : { ...place, search: { around, apart: apart + 1 } },
  };
}

/** Where those of the page before are if the list grew or shrank alike everywhere. */
function likelyPage({ page, total }: PlaceInList, now: ListPage<unknown>): number {
  const share = total && now.total !== undefined ? now.total / total : 1;
  return Math.max(1, Math.round((page - 1) * share));
}

function hasAny(items: readonly Identified[], ids: readonly string[]): boolean {
  const wanted = new Set(ids);
  return items.some(({ id }) => wanted.has(id));
}

/**
 * Whether a list has no further page. One that is not counted may come in smaller pages than were asked for, so that a short
 * page is no proof; without news JobScore ignores the page number, and the next page would say the same.
 */
function isEnd({ size, done }: PlaceInList, { counted, last, items }: ListPage<unknown>, news: number): boolean {
  return counted ? last : items.length === 0 || items.length > size || (news === 0 && done.length === 0);
}

function nextPlace({ page, size, returns }: PlaceInList, { items, total }: ListPage<Identified>): PlaceInList {
  const before = items.map(({ id }) => id);
  return { page: page + 1, size, before, done: [], returns, ...(total === undefined ? {} : { total }) };
}
