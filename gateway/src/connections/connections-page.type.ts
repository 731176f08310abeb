import { Field, Int, ObjectType } from 'type-graphql';
import { type ConnectionOf, type EdgeOf, PageInfo } from '../pagination/connection.type.js';
import { ConnectionType } from './connection.type.js';

// Relay calls every page of a list a "connection", and we call a link to an ATS so. By the usual pattern the page would
// be a ConnectionConnection; here alone it is called what it is. The shape is Relay's all the same.

/** One of the connections and its place in the list. */
@ObjectType({ description: 'One of the connections to an ATS and its place in the list.' })
export class ConnectionsEdge implements EdgeOf<ConnectionType> {
  @Field(() => ConnectionType, { description: 'The item.' })
  node!: ConnectionType;

  @Field(() => String, { description: 'The place of this item in the list, for `after`.' })
  cursor!: string;
}

/** A page of connections. */
@ObjectType({ description: 'A page of the connections to an ATS, as Relay describes pages.' })
export class ConnectionsPage implements ConnectionOf<ConnectionType> {
  @Field(() => [ConnectionsEdge], { description: 'The items of this page with their cursors.' })
  edges!: readonly ConnectionsEdge[];

  @Field(() => [ConnectionType], { description: 'The items of this page alone.' })
  nodes!: readonly ConnectionType[];

  @Field(() => PageInfo, { description: 'Where this page stands in the list.' })
  pageInfo!: PageInfo;

  @Field(() => Int, { description: 'How many items the whole list has; counted only when asked for.' })
  totalCount(): Promise<number> {
    return this.countAll();
  }

  countAll!: () => Promise<number>;
}
