import { dueFunction } from '../../kernel/jobs/lost-jobs.js';
import { tenantTable } from '../../kernel/persistence/application-role.js';
import type { SchemaStep } from '../../kernel/persistence/migrate.js';
import { RUN_EXPORT_TASK } from './exports.js';

/** Tables of Export. */
export const exportSchema: readonly SchemaStep[] = [
  {
    name: 'export-1',
    sql: `
      create table talentbridge.export (
        organization_id uuid not null,
        id uuid not null,
        connection_id uuid not null,
        plugin_id text not null,
        account_key text not null,
        target jsonb not null,
        options jsonb not null,
        status text not null,
        status_reason text,
        idempotency_key text not null,
        request_hash text not null,
        requested_by text not null,
        -- Goes up each time a worker takes the export over; what an earlier worker still does is refused by it.
        epoch integer not null default 0,
        created_at timestamptz not null default now(),
        started_at timestamptz,
        finished_at timestamptz,
        primary key (organization_id, id),
        unique (organization_id, idempotency_key)
      );
      ${tenantTable('export', ['select', 'insert', 'update'])}
      create index export_by_connection on talentbridge.export (organization_id, connection_id, status);

      -- The intent ledger: an item is OPEN from before its first request until the vendor's definite answer is stored.
      create table talentbridge.export_item (
        organization_id uuid not null,
        id uuid not null,
        export_id uuid not null,
        position integer not null,
        account_key text not null,
        profile_id uuid not null,
        state text not null default 'PENDING',
        epoch integer not null default 0,
        tries integer not null default 0,
        first_tried_at timestamptz,
        opened_at timestamptz,
        next_try_at timestamptz,
        dummy_number integer,
        existing_id text,
        existing_url text,
        outcome text,
        code text,
        reason text,
        remedy text,
        remote_id text,
        remote_url text,
        warnings jsonb not null default '[]',
        finished_at timestamptz,
        primary key (organization_id, id),
        foreign key (organization_id, export_id) references talentbridge.export
      );
      ${tenantTable('export_item', ['select', 'insert', 'update'])}
      create index export_item_in_order on talentbridge.export_item (organization_id, export_id, position);
      create index export_item_unfinished on talentbridge.export_item (organization_id, export_id, position) where state <> 'DONE';
      create index export_item_of_profile on talentbridge.export_item (organization_id, profile_id, account_key);

      -- One person is under way once at a time per ATS account, whoever asks.
      create unique index export_item_under_way
        on talentbridge.export_item (organization_id, account_key, profile_id) where state = 'OPEN';
      -- A dummy address is never used twice in one ATS account.
      create unique index export_item_dummy_number
        on talentbridge.export_item (organization_id, account_key, dummy_number) where dummy_number is not null;
    `,
  },
  {
    name: 'export-2',
    sql: 'alter table talentbridge.export add column cancelled_at timestamptz',
  },
  {
    name: 'export-3',
    sql: `
      create index export_under_way on talentbridge.export (organization_id) where status in ('QUEUED', 'RUNNING');
      ${dueFunction(
        'talentbridge.exports_due',
        ['talentbridge.export'],
        `select e.organization_id, '${RUN_EXPORT_TASK}', e.id::text from talentbridge.export e
         where e.status in ('QUEUED', 'RUNNING') and coalesce(e.started_at, e.created_at) < before`,
      )}
    `,
  },
  {
    name: 'export-4',
    sql: `
      -- Numbers of dummy addresses that went into an account by other ways than an export.
      create table talentbridge.export_dummy_number (
        organization_id uuid not null,
        account_key text not null,
        number integer not null,
        primary key (organization_id, account_key, number)
      );
      ${tenantTable('export_dummy_number', ['select', 'insert'])}
    `,
  },
];
