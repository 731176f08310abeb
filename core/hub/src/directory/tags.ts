import { InvalidInputError } from '../kernel/errors.js';
import type { OrganizationScope } from '../kernel/persistence/organization-scope.js';
import type { Transaction } from '../kernel/persistence/transaction.js';

/** Longest name of a tag, in characters. */
const LONGEST_TAG = 100;

/** The tags that an organization uses. */
export class Tags {
  /** By name. */
  list(scope: OrganizationScope): Promise<readonly string[]> {
    return scope.read(async (tx) => {
      const rows = await tx.rows<{ name: string }>(
        `select t.name from talentbridge.organization_tag t where ${tx.own('t')} order by t.name`,
      );
      return rows.map((row) => row.name);
    });
  }

  /**
   * Adds tags that are not there yet, and answers all of them.
   * @throws InvalidInputError
   */
  async upsert(scope: OrganizationScope, names: readonly string[]): Promise<readonly string[]> {
    await scope.transaction((tx) => this.add(tx, names));
    return this.list(scope);
  }

  /** Adds tags that are not there yet. */
  async add(tx: Transaction, names: readonly string[]): Promise<void> {
    const wanted = [...new Set(names.map((name) => name.trim()))];
    for (const [index, name] of wanted.entries()) {
      if (name === '' || name.length > LONGEST_TAG) {
        throw new InvalidInputError([
          { field: `tags[${index}]`, message: `A tag has 1 to ${LONGEST_TAG} characters.` },
        ]);
      }
    }
    await tx.rows(
      `insert into talentbridge.organization_tag (organization_id, name) select $1, unnest($2::text[]) on conflict do nothing`,
      [tx.organizationId, wanted],
    );
  }
}
