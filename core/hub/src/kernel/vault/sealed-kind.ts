import type { SealedPlace } from './vault.js';

/**
 * One kind of values that the vault seals: a table with a value a row, in `sealed` beside the `key_id` that wraps it. Whoever
 * keeps such a table describes it so, and a rotation of keys finds it.
 */
export interface SealedKind {
  /** For the audit log: "credentials". */
  readonly name: string;
  /** Without its schema. */
  readonly table: string;
  /** The column that tells the rows of an organization apart, a UUID. */
  readonly idColumn: string;
  /** SQL, on the table as `t`: the connection that a row is about, or what stands for it. */
  readonly connectionId: string;
  /**
   * SQL: where such values are in all organizations, as `organization_id`, `id`, `key_id`, in the order of the first two. `$1`: only
   * those that another key wraps; null: all. `$2`, `$3`: only what comes after this organization and id; null: from the start.
   * `$4`: how many at most. Only the role that migrates may ask.
   */
  readonly places: string;
  /** What a value of a connection is bound to. */
  placeOf(organizationId: string, connectionId: string): SealedPlace;
}

/** `SealedKind.places` of a function that lists all there are, with `organization_id`, `key_id` and this column. */
export function placesListedBy(listing: string, idColumn: string): string {
  return `select k.organization_id, k.${idColumn} as id, k.key_id from talentbridge.${listing}() k
    where ($1::text is null or k.key_id is distinct from $1)
      and ($2::uuid is null or (k.organization_id, k.${idColumn}) > ($2::uuid, $3::uuid))
    order by 1, 2 limit $4`;
}
