/** The database role of all requests and jobs: it owns nothing and cannot pass by row-level security. */
export const APPLICATION_ROLE = 'talentbridge_application';

/** The session variable that names the organization of a transaction; the policies compare with it. */
export const ORGANIZATION_VARIABLE = 'talentbridge.organization_id';

/** The session variable that names the user of a transaction, for policies that let some users of an organization see more than others. */
export const USER_VARIABLE = 'talentbridge.user_id';

/** A name quoted for SQL that is built by us from constants. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * The statements that confine a table to the organization of the transaction, for owner and application alike, and
 * give the application its rights on it. Every tenant table is made with them.
 *
 * @param rights What the application may do. An audit trail, say, takes no update.
 */
export function tenantTable(table: string, rights: readonly ('select' | 'insert' | 'update' | 'delete')[]): string {
  const name = `talentbridge.${quoted(table)}`;
  return `
    alter table ${name} enable row level security;
    alter table ${name} force row level security;
    create policy organization on ${name}
      using (organization_id = nullif(current_setting('${ORGANIZATION_VARIABLE}', true), '')::uuid)
      with check (organization_id = nullif(current_setting('${ORGANIZATION_VARIABLE}', true), '')::uuid);
    grant ${rights.join(', ')} on ${name} to ${APPLICATION_ROLE};
  `;
}
