import type { ConnectionOf } from './connection.type.js';
import type { PageArguments } from './page-arguments.js';

/** Part of a list, as the hub's services answer it. */
export interface ListedPage<Item> {
  readonly items: readonly Item[];
  /** A cursor for each item, in step with `items`. */
  readonly cursors: readonly string[];
  readonly hasNextPage: boolean;
  /** How many there are in all. */
  total(): Promise<number>;
}

/** What a service takes to answer a page. */
export function toPageRequest(page: PageArguments): { readonly first: number; readonly after?: string } {
  return page.after == null ? { first: page.first } : { first: page.first, after: page.after };
}

/** A page of the hub in the shape that Relay describes. `show` turns an item into what its GraphQL type shows. */
export function toConnection<Item, Node>(
  page: ListedPage<Item>,
  asked: PageArguments,
  show: (item: Item) => Node,
): ConnectionOf<Node> {
  const nodes = page.items.map(show);
  const edges = nodes.map((node, index) => ({ node, cursor: page.cursors[index] ?? '' }));
  return {
    edges,
    nodes,
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: asked.after != null,
      startCursor: edges[0]?.cursor,
      endCursor: edges.at(-1)?.cursor,
    },
    countAll: () => page.total(),
  };
}
