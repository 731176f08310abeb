import { dueFunction } from '../../../kernel/jobs/lost-jobs.js';
import { tenantTable } from '../../../kernel/persistence/application-role.js';
import type { SchemaStep } from '../../../kernel/persistence/migrate.js';
import { DATA_COPY_TASK, EXPIRE_TASK } from './data-copies.js';

/** Tables of data copies, and what the mirror has to know of them. They come after those of the mirror. */
export const dataCopySchema: readonly SchemaStep[] = [
  {
    name: 'rediscovery-data-copy-1',
    sql: `
      -- It came from a data copy, and no read of the ATS has shown it since: that it is missing there says nothing.
      alter table talentbridge.mirror_candidate add column copied boolean not null default false;
      alter table talentbridge.mirror_job add column copied boolean not null default false;
      alter table talentbridge.mirror_application add column copied boolean not null default false;
      alter table talentbridge.mirror_attachment add column copied boolean not null default false;

      -- What the ATS said is deleted: a data copy that was made before does not bring it back.
      create table talentbridge.mirror_gone (
        organization_id uuid not null,
        id uuid not null,
        connection_id uuid not null,
        kind text not null,
        remote_id text collate "C" not null,
        primary key (organization_id, id),
        unique (organization_id, remote_id, connection_id, kind)
      );
      ${tenantTable('mirror_gone', ['select', 'insert', 'delete'])}

      create table talentbridge.data_copy (
        organization_id uuid not null,
        id uuid not null,
        connection_id uuid not null,
        -- Whose data it is, once it was begun.
        account_id text,
        status text not null,
        status_reason text,
        requested_by text not null,
        -- Goes up each time a worker takes it over; what an earlier worker still does is refused by it.
        epoch integer not null default 0,
        -- How many files of candidates there were, once their rows are deleted.
        attachments jsonb,
        created_at timestamptz not null default now(),
        started_at timestamptz,
        progress_at timestamptz,
        finished_at timestamptz,
        expires_at timestamptz not null,
        primary key (organization_id, id)
      );
      ${tenantTable('data_copy', ['select', 'insert', 'update', 'delete'])}
      create index data_copy_of_connection on talentbridge.data_copy (organization_id, connection_id, id);
      create unique index data_copy_under_way on talentbridge.data_copy (organization_id, connection_id)
        where status in ('QUEUED', 'RUNNING');

      -- One per file, from before its upload, so that whatever lies in the file store is known here. Those that are no CSV are
      -- files of candidates: whoever keeps the content of attachments takes over what rows name, the others go when it ends.
      create table talentbridge.data_copy_file (
        organization_id uuid not null,
        id uuid not null,
        data_copy_id uuid not null,
        connection_id uuid not null,
        -- Until it is uploaded its own id.
        path text collate "C" not null,
        uploaded boolean not null default false,
        -- Where it lies. Null: it was deleted, or somebody else's.
        key text,
        size bigint not null default 0,
        sha256 text not null default '',
        -- Of a file of a candidate, as its bytes say. Null: its beginning does not say.
        content_type text,
        is_csv boolean not null,
        -- What it is read as: name, label and columns.
        copy_table jsonb,
        unreadable_reason text,
        -- Files of a later turn are read when those of the turns before are: what they hold refers to them.
        turn integer not null default 0,
        -- The last line that was dealt with. What follows is where reading goes on.
        line integer not null default 0,
        done boolean not null default false,
        -- Rows: read, written, unchanged, older, refused.
        counts jsonb not null,
        -- Whether a row named it.
        named boolean not null default false,
        primary key (organization_id, id),
        unique (organization_id, data_copy_id, path)
      );
      ${tenantTable('data_copy_file', ['select', 'insert', 'update', 'delete'])}

      create table talentbridge.data_copy_refusal (
        organization_id uuid not null,
        id uuid not null,
        data_copy_id uuid not null,
        connection_id uuid not null,
        file_id uuid not null,
        line integer not null,
        header text,
        reason text not null,
        -- The row itself. Empty: it could not be told apart, or somebody was erased since.
        cells text[] not null,
        primary key (organization_id, id)
      );
      ${tenantTable('data_copy_refusal', ['select', 'insert', 'update', 'delete'])}
      create index data_copy_refusal_in_order on talentbridge.data_copy_refusal (organization_id, data_copy_id, file_id, line);
    `,
  },
  {
    name: 'rediscovery-data-copy-2',
    sql: dueFunction(
      'talentbridge.data_copies_due',
      ['talentbridge.data_copy', 'talentbridge.data_copy_file'],
      `select d.organization_id, '${DATA_COPY_TASK}', d.id::text from talentbridge.data_copy d
       where (d.status in ('QUEUED', 'RUNNING') and coalesce(d.progress_at, d.started_at, d.created_at) < before)
         -- It has ended, and its files are to be deleted.
         or (d.finished_at < before and exists (
           select from talentbridge.data_copy_file f
           where f.organization_id = d.organization_id and f.data_copy_id = d.id and f.key is not null))
       union all
       select d.organization_id, '${EXPIRE_TASK}', d.id::text from talentbridge.data_copy d where d.expires_at < before`,
    ),
  },
];
