import { type ClassType, Field, Int, ObjectType } from 'type-graphql';

/** Where a page stands in its list. */
@ObjectType({ description: 'Where a page stands in its list.' })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether there are items after this page.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, {
    description: 'Whether there are items before this page; known only when the page was asked for with a cursor.',
  })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Cursor of the first item; absent on an empty page.' })
  startCursor?: string | undefined;

  @Field(() => String, {
    nullable: true,
    description: 'Cursor of the last item, for `after`; absent on an empty page.',
  })
  endCursor?: string | undefined;
}

/** An item and its place in the list. */
export interface EdgeOf<Node> {
  node: Node;
  cursor: string;
}

/** A page as Relay describes it. */
export interface ConnectionOf<Node> {
  edges: readonly EdgeOf<Node>[];
  nodes: readonly Node[];
  pageInfo: PageInfo;
  /** Counts the whole list; called only when a client selects `totalCount`. */
  countAll: () => Promise<number>;
}

/** The two classes of one list. */
export interface ConnectionTypes<Node> {
  readonly Edge: ClassType<EdgeOf<Node>>;
  readonly Connection: ClassType<ConnectionOf<Node>>;
}

/**
 * Makes the Relay types of a list: `connectionTypes('Profile', () => Profile, 'profiles')` gives `ProfileEdge` and
 * `ProfileConnection`. Call it once for each list, in the `.type` file of its item.
 * @param plural The items in words, for descriptions.
 */
export function connectionTypes<Node extends object>(
  name: string,
  nodeType: () => ClassType<Node>,
  plural: string,
): ConnectionTypes<Node> {
  @ObjectType(`${name}Edge`, { description: `One of the ${plural} and its place in the list.` })
  class Edge implements EdgeOf<Node> {
    @Field(nodeType, { description: 'The item.' })
    node!: Node;

    @Field(() => String, { description: 'The place of this item in the list, for `after`.' })
    cursor!: string;
  }

  @ObjectType(`${name}Connection`, { description: `A page of ${plural}.` })
  class Connection implements ConnectionOf<Node> {
    @Field(() => [Edge], { description: 'The items of this page with their cursors.' })
    edges!: readonly EdgeOf<Node>[];

    @Field(() => [nodeType()], { description: 'The items of this page alone.' })
    nodes!: readonly Node[];

    @Field(() => PageInfo, { description: 'Where this page stands in the list.' })
    pageInfo!: PageInfo;

    @Field(() => Int, { description: 'How many items the whole list has; counted only when asked for.' })
    totalCount(): Promise<number> {
      return this.countAll();
    }

    countAll!: () => Promise<number>;
  }

  return { Edge, Connection };
}
