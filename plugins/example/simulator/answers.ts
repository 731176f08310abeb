/** A path that ends in the id of a record. */
export interface WithId {
  readonly Params: { readonly id: string };
}

/** What a list may be asked for. */
export interface ListQuery {
  readonly Querystring: Readonly<
    Partial<Record<'status' | 'q' | 'external_id' | 'updated_since' | 'since' | 'cursor' | 'limit', string>>
  >;
}

const PAGE_SIZE = 50;

/** The record of this id; a 404 otherwise. */
export function found<Item extends { readonly id: string }>(
  items: readonly Item[],
  id: string,
  otherwise: string,
): Item {
  const item = items.find((one) => one.id === id);
  if (!item) throw new Refusal(404, otherwise);
  return item;
}

/** One page in the order of the ids. The cursor is the last id, so that nothing moves to another page. */
export function pageOf<Item extends { readonly id: string }>(
  all: readonly Item[],
  { cursor = '', limit = String(PAGE_SIZE) }: ListQuery['Querystring'],
): { readonly items: readonly Item[]; readonly next_cursor: string | null } {
  const after = Buffer.from(cursor, 'base64url').toString();
  const left = all.filter(({ id }) => id > after).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const items = left.slice(0, Math.min(Number(limit), PAGE_SIZE));
  const last = items.length < left.length ? items.at(-1)?.id : undefined;
  return { items, next_cursor: last === undefined ? null : Buffer.from(last).toString('base64url') };
}

/** An answer that is no success, in the vendor's error shape. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly field?: string,
  ) {
    super(`Example ATS says: ${code}.`);
  }
}
