import { dueFunction } from '../kernel/jobs/lost-jobs.js';
import { tenantTable } from '../kernel/persistence/application-role.js';
import type { SchemaStep } from '../kernel/persistence/migrate.js';
import { REVEAL_TASK } from './contacts/contact-reveals.js';

/** Tables of the directory. */
export const directorySchema: readonly SchemaStep[] = [
  {
    name: 'directory-1',
    sql: `
      create table talentbridge.profile (
        organization_id uuid not null,
        id uuid not null,
        key text not null,
        data jsonb not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (organization_id, id),
        unique (organization_id, key)
      );
      ${tenantTable('profile', ['select', 'insert', 'update', 'delete'])}

      create table talentbridge.project (
        organization_id uuid not null,
        id uuid not null,
        key text not null,
        name text not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (organization_id, id),
        unique (organization_id, key)
      );
      ${tenantTable('project', ['select', 'insert', 'update', 'delete'])}

      create table talentbridge.project_member (
        organization_id uuid not null,
        project_id uuid not null,
        profile_id uuid not null,
        added_at timestamptz not null default now(),
        primary key (organization_id, project_id, profile_id),
        foreign key (organization_id, project_id) references talentbridge.project on delete cascade,
        foreign key (organization_id, profile_id) references talentbridge.profile on delete cascade
      );
      ${tenantTable('project_member', ['select', 'insert', 'delete'])}
      create index project_member_by_profile on talentbridge.project_member (organization_id, profile_id);

      create table talentbridge.organization_tag (
        organization_id uuid not null,
        name text not null,
        primary key (organization_id, name)
      );
      ${tenantTable('organization_tag', ['select', 'insert', 'delete'])}
    `,
  },
  {
    name: 'directory-2',
    sql: `
      -- An order to reveal contact data. The counts are kept here, in the transaction that stores what they count.
      create table talentbridge.contact_reveal (
        organization_id uuid not null,
        id uuid not null,
        kinds text[] not null,
        project_id uuid,
        status text not null,
        status_reason text,
        idempotency_key text not null,
        request_hash text not null,
        requested_by text not null,
        -- Goes up each time a worker takes the order over; what an earlier worker still does is refused by it.
        epoch integer not null default 0,
        total integer not null,
        done integer not null default 0,
        with_contact integer not null default 0,
        revealed integer not null default 0,
        failed integer not null default 0,
        deleted integer not null default 0,
        created_at timestamptz not null default now(),
        started_at timestamptz,
        cancelled_at timestamptz,
        finished_at timestamptz,
        primary key (organization_id, id),
        unique (organization_id, idempotency_key)
      );
      ${tenantTable('contact_reveal', ['select', 'insert', 'update'])}

      -- One person of an order: OPEN from before the source is asked until its answer is stored. Holds no contact data.
      create table talentbridge.contact_reveal_item (
        organization_id uuid not null,
        reveal_id uuid not null,
        position integer not null,
        profile_id uuid not null,
        state text not null default 'PENDING',
        tries integer not null default 0,
        opened_at timestamptz,
        next_try_at timestamptz,
        outcome text,
        code text,
        -- The kinds that the source has answered about.
        answered text[] not null default '{}',
        finished_at timestamptz,
        primary key (organization_id, reveal_id, position),
        foreign key (organization_id, reveal_id) references talentbridge.contact_reveal
      );
      ${tenantTable('contact_reveal_item', ['select', 'insert', 'update'])}
      create index contact_reveal_item_unfinished
        on talentbridge.contact_reveal_item (organization_id, reveal_id, position) where state <> 'DONE';
      create index contact_reveal_item_of_profile on talentbridge.contact_reveal_item (organization_id, profile_id);
    `,
  },
  {
    name: 'directory-3',
    sql: `
      -- What whoever keeps something derived from profiles (an index, matches) has to look at again, one row a statement. To be
      -- read as talentbridge.mirror_change is. Written by the database, so that no writer can forget it.
      create table talentbridge.profile_change (
        organization_id uuid not null,
        position bigint generated always as identity,
        written_in xid8 not null default pg_current_xact_id(),
        -- PROFILES_WRITTEN, PROFILES_DELETED.
        change text not null,
        ids uuid[] not null,
        at timestamptz not null default now(),
        primary key (organization_id, position)
      );
      ${tenantTable('profile_change', ['select', 'insert', 'delete'])}
      create function talentbridge.note_profile_change() returns trigger language plpgsql as $$
        begin
          insert into talentbridge.profile_change (organization_id, change, ids)
          select c.organization_id, case tg_op when 'DELETE' then 'PROFILES_DELETED' else 'PROFILES_WRITTEN' end, array_agg(c.id)
          from changed c group by c.organization_id;
          return null;
        end $$;
      create trigger note_insert after insert on talentbridge.profile
        referencing new table as changed for each statement execute function talentbridge.note_profile_change();
      create trigger note_update after update on talentbridge.profile
        referencing new table as changed for each statement execute function talentbridge.note_profile_change();
      create trigger note_delete after delete on talentbridge.profile
        referencing old table as changed for each statement execute function talentbridge.note_profile_change();
    `,
  },
  {
    name: 'directory-4',
    sql: `
      create index contact_reveal_under_way on talentbridge.contact_reveal (organization_id) where status in ('QUEUED', 'RUNNING');
      ${dueFunction(
        'talentbridge.contact_reveals_due',
        ['talentbridge.contact_reveal'],
        `select r.organization_id, '${REVEAL_TASK}', r.id::text from talentbridge.contact_reveal r
         where r.status in ('QUEUED', 'RUNNING') and coalesce(r.started_at, r.created_at) < before`,
      )}
    `,
  },
];
