import { Migration, Migrator } from '@mikro-orm/migrations';
import { MikroORM } from '@mikro-orm/postgresql';
import { runMigrations as migrateJobQueue } from 'graphile-worker';
import pg from 'pg';
import { APPLICATION_ROLE } from './application-role.js';

/** One step of the schema. Steps are never changed once released; the name orders nothing, the list does. */
export interface SchemaStep {
  /** Unique: the room it belongs to and a number, such as `connections-1`. */
  readonly name: string;
  readonly sql: string;
}

/** Any number that only we use, so that two processes that start together migrate one after the other. */
const MIGRATION_LOCK = 7_318_204_511;

/**
 * Brings the schema up to date: the job queue's own, the application role, then every step that has not run yet.
 * Several processes may call it at once.
 */
export async function migrate(url: string, steps: readonly SchemaStep[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await prepareRole(client);
    await migrateJobQueue({ connectionString: url, schema: 'graphile_worker' });
    await runSteps(url, steps);
  } finally {
    await client.end();
  }
}

async function prepareRole(client: pg.Client): Promise<void> {
  // Roles belong to the whole server: another database's migration may be making it at this very moment.
  await client.query(`
    do $$ begin
      if not exists (select from pg_roles where rolname = '${APPLICATION_ROLE}') then
        create role ${APPLICATION_ROLE} nologin nosuperuser nobypassrls nocreatedb nocreaterole;
      end if;
    exception when duplicate_object or unique_violation then null;
    end $$`);
  await client.query(`grant ${APPLICATION_ROLE} to current_user`);
  await client.query('create schema if not exists talentbridge');
  await client.query(`grant usage on schema talentbridge to ${APPLICATION_ROLE}`);
}

async function runSteps(url: string, steps: readonly SchemaStep[]): Promise<void> {
  const orm = await MikroORM.init({
    clientUrl: url,
    entities: [],
    discovery: { warnWhenNoEntities: false },
    extensions: [Migrator],
    migrations: {
      tableName: 'schema_step',
      migrationsList: steps.map(({ name, sql }) => ({
        name,
        class: class extends Migration {
          override up(): void {
            this.addSql(sql);
          }
        },
      })),
      snapshot: false,
      silent: true,
    },
    schema: 'talentbridge',
    pool: { min: 0, max: 2 },
    debug: false,
  });
  try {
    await orm.migrator.up();
  } finally {
    await orm.close(true);
  }
}
