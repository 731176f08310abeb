/** One page of a list. `cursor` is opaque, and absent on the last page. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly cursor?: string;
}
