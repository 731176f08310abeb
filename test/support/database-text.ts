import { zstdDecompressSync } from 'node:zlib';
import pg from 'pg';

/** Everything that a database holds, as text: every row of every table of every schema, past every policy, and unpacked. */
export async function databaseText(databaseUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const tables = await client.query<{ name: string }>(
      `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
       where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema') order by 1`,
    );
    const rows: string[] = [];
    for (const { name } of tables.rows) {
      const found = await client.query<{ row: string }>(`select row_to_json(each)::text as row from ${name} each`);
      rows.push(...found.rows.map(({ row }) => `${name} ${row.replace(COMPRESSED, decompressed)}`));
    }
    return rows.join('\n');
  } finally {
    await client.end();
  }
}

/** Runs SQL as the superuser, past every policy: for what no user of the product can do. */
export async function asSuperuser(
  databaseUrl: string,
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query(sql, [...parameters])).rows;
  } finally {
    await client.end();
  }
}

/** Bytes as JSON has them that begin as everything does that was compressed with zstd. */
const COMPRESSED = /\\\\x(28b52ffd[0-9a-f]+)/g;

function decompressed(_all: string, hex: string): string {
  return zstdDecompressSync(Buffer.from(hex, 'hex')).toString();
}
