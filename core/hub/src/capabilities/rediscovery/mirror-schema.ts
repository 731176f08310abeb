import { dueFunction } from '../../kernel/jobs/lost-jobs.js';
import { ORGANIZATION_VARIABLE, tenantTable } from '../../kernel/persistence/application-role.js';
import type { SchemaStep } from '../../kernel/persistence/migrate.js';
import { CLEAR_TASK, SYNC_TASK } from './ledger/sync-schedule.js';

/** Tables of Rediscovery. */
export const rediscoverySchema: readonly SchemaStep[] = [
  {
    name: 'rediscovery-1',
    sql: `
      -- Ids of the ATS compare byte by byte: quicker, and no two of them are ever taken for one. They stand before the
      -- connection in each index that they are in, and no index that lookups can use begins with organization and connection:
      -- before the first statistics the planner takes these two for one row, and every index that begins with them for as good
      -- as the right one. It read all of 20,000 applications 400 times a page.
      create table talentbridge.mirror_candidate (
        organization_id uuid not null,
        id uuid not null,
        connection_id uuid not null,
        remote_id text collate "C" not null,
        -- Of the candidate's own data.
        hash uuid not null,
        -- Of all applications and of all files, where they came with the candidate. Null: they come by themselves, or nobody
        -- said. All zeros: something of them was written by itself since, so that they are compared one by one.
        applications_hash uuid,
        attachments_hash uuid,
        data jsonb not null,
        -- In lower case, to find a person by.
        emails text[] not null,
        remote_updated_at timestamptz,
        -- What lists are sorted by: the ATS's time, or when the candidate came first.
        sorted_at timestamptz not null,
        written_at timestamptz not null default now(),
        primary key (organization_id, id),
        unique (organization_id, remote_id, connection_id)
      );
      ${tenantTable('mirror_candidate', ['select', 'insert', 'update', 'delete'])}
      create index mirror_candidate_sorted on talentbridge.mirror_candidate (organization_id, connection_id, sorted_at desc, id desc)
        -- Always so, and said in the list alone: no other query may use it.
        where sorted_at > '-infinity';

      create table talentbridge.mirror_job (
        organization_id uuid not null,
        id uuid not null,
        connection_id uuid not null,
        remote_id text collate "C" not null,
        hash uuid not null,
        data jsonb not null,
        title text not null,
        code text,
        open boolean not null,
        remote_updated_at timestamptz,
        written_at timestamptz not null default now(),
        primary key (organization_id, id),
        unique (organization_id, remote_id, connection_id)
      );
      ${tenantTable('mirror_job', ['select', 'insert', 'update', 'delete'])}

      -- Refers to candidate and job by the ATS's ids, because either may arrive later.
      create table talentbridge.mirror_application (
        organization_id uuid not null,
        id uuid not null,
        connection_id uuid not null,
        remote_id text collate "C" not null,
        candidate_remote_id text collate "C" not null,
        job_remote_id text collate "C" not null,
        hash uuid not null,
        job_title text,
        status text not null,
        status_label text,
        sub_status text,
        stage text,
        rejection_reason text,
        withdrawal_reason text,
        source text,
        recruiter_remote_id text,
        recruiter_name text,
        applied_at timestamptz,
        remote_updated_at timestamptz,
        written_at timestamptz not null default now(),
        primary key (organization_id, id),
        unique (organization_id, remote_id, connection_id)
      );
      ${tenantTable('mirror_application', ['select', 'insert', 'update', 'delete'])}
      create index mirror_application_of_candidate
        on talentbridge.mirror_application (organization_id, candidate_remote_id, connection_id);

      create table talentbridge.mirror_attachment (
        organization_id uuid not null,
        id uuid not null,
        connection_id uuid not null,
        candidate_remote_id text collate "C" not null,
        remote_id text collate "C" not null,
        hash uuid not null,
        filename text not null,
        kind text not null,
        content_type text,
        size bigint,
        remote_updated_at timestamptz,
        written_at timestamptz not null default now(),
        primary key (organization_id, id),
        unique (organization_id, candidate_remote_id, remote_id, connection_id)
      );
      ${tenantTable('mirror_attachment', ['select', 'insert', 'update', 'delete'])}

      -- One per connection that has ever been mirrored; locked by whoever writes to its mirror.
      create table talentbridge.mirror_state (
        organization_id uuid not null,
        connection_id uuid not null,
        -- Whose data it is. Another account is another mirror.
        account_id text,
        -- Where the next run of changes begins. Null: only a full run can.
        mark text,
        complete_at timestamptz,
        full_at timestamptz,
        next_due_at timestamptz,
        -- Everything of it is being deleted; nothing is written meanwhile.
        clearing boolean not null default false,
        primary key (organization_id, connection_id)
      );
      ${tenantTable('mirror_state', ['select', 'insert', 'update', 'delete'])}

      create table talentbridge.sync_run (
        organization_id uuid not null,
        id uuid not null,
        connection_id uuid not null,
        kind text not null,
        trigger text not null,
        status text not null,
        status_reason text,
        requested_by text not null,
        since text,
        cursor text,
        mark text,
        -- Goes up each time a worker takes the run over; what an earlier worker still does is refused by it.
        epoch integer not null default 0,
        -- Failed tries of the page that comes next.
        tries integer not null default 0,
        restarts integer not null default 0,
        -- Until when it waits for the ATS.
        resume_at timestamptz,
        pages integer not null default 0,
        requests integer not null default 0,
        counts jsonb not null,
        expected jsonb not null default '{}',
        worked_ms bigint not null default 0,
        -- Since when what it did not bring is looked at. Later than its start where it had to begin anew.
        reading_since timestamptz,
        read_at timestamptz,
        pending_deletions jsonb,
        deletions_allowed boolean not null default false,
        created_at timestamptz not null default now(),
        started_at timestamptz,
        progress_at timestamptz,
        finished_at timestamptz,
        primary key (organization_id, id)
      );
      ${tenantTable('sync_run', ['select', 'insert', 'update', 'delete'])}
      create index sync_run_of_connection on talentbridge.sync_run (organization_id, connection_id, id);
      create unique index sync_run_under_way on talentbridge.sync_run (organization_id, connection_id)
        where status in ('QUEUED', 'RUNNING', 'PAUSED');

      -- What was read and when, one row a page: a seen-mark on each record would write all of them in every full run. Kept
      -- until no run needs it any more.
      create table talentbridge.mirror_read (
        organization_id uuid not null,
        id uuid not null,
        connection_id uuid not null,
        -- Null: it was named from outside a run.
        run_id uuid,
        -- When the ATS was asked, by the clock of this database.
        began_at timestamptz not null,
        -- Of the cursor that led here: one that comes again leads in a circle.
        cursor_hash uuid,
        candidate_ids uuid[] not null,
        job_ids uuid[] not null,
        application_ids uuid[] not null,
        -- What is not there, and what was named from outside a run: "candidate/17". "whole candidate/17": all applications
        -- were told with them; of whoever is not there, that there are none.
        refs text[] not null,
        primary key (organization_id, id)
      );
      ${tenantTable('mirror_read', ['select', 'insert', 'update', 'delete'])}
      create index mirror_read_in_order on talentbridge.mirror_read (organization_id, connection_id, began_at);
      create unique index mirror_read_cursor on talentbridge.mirror_read (organization_id, run_id, cursor_hash) where run_id is not null;

      create table talentbridge.sync_issue (
        organization_id uuid not null,
        id uuid not null,
        connection_id uuid not null,
        run_id uuid not null,
        kind text not null,
        remote_id text collate "C",
        reason text not null,
        at timestamptz not null default now(),
        primary key (organization_id, id)
      );
      ${tenantTable('sync_issue', ['select', 'insert', 'delete'])}
      create index sync_issue_of_run on talentbridge.sync_issue (organization_id, run_id, id);

      -- What whoever keeps something derived from the mirror (an index, matches) has to look at again, one row a page. Transactions
      -- are committed in another order than they began and note, so that whoever goes on behind the last position passes some over:
      -- outbox.ts reads by the transaction that wrote.
      create table talentbridge.mirror_change (
        organization_id uuid not null,
        position bigint generated always as identity,
        written_in xid8 not null default pg_current_xact_id(),
        connection_id uuid not null,
        -- CANDIDATES_WRITTEN, CANDIDATES_DELETED, JOBS_WRITTEN, JOBS_RETITLED (of those), JOBS_DELETED, CLEARED (everything of the connection).
        change text not null,
        ids uuid[] not null,
        at timestamptz not null default now(),
        primary key (organization_id, position)
      );
      ${tenantTable('mirror_change', ['select', 'insert', 'delete'])}

      -- Who was erased: keyed hashes, with which a person is known again and never named.
      create table talentbridge.mirror_erased (
        organization_id uuid not null,
        digest bytea not null,
        primary key (organization_id, digest)
      );
      ${tenantTable('mirror_erased', ['select', 'insert'])}
      create table talentbridge.mirror_erasure (
        organization_id uuid not null,
        id uuid not null,
        pseudonym text not null,
        removed jsonb not null,
        erased_at timestamptz not null default now(),
        primary key (organization_id, id)
      );
      ${tenantTable('mirror_erasure', ['select', 'insert'])}
      -- The key of those hashes, sealed as credentials are.
      create table talentbridge.mirror_erasure_key (
        organization_id uuid not null,
        key_id text not null,
        sealed jsonb not null,
        primary key (organization_id)
      );
      ${tenantTable('mirror_erasure_key', ['select', 'insert', 'update'])}
      -- A rotation of keys has to find those of all organizations, as it does the credentials.
      create policy key_rotation on talentbridge.mirror_erasure_key for select to current_user using (true);
      create function talentbridge.erasure_keys() returns table (organization_id uuid, key_id text)
      language sql stable security definer set search_path = pg_catalog, pg_temp as $$
        select k.organization_id, k.key_id from talentbridge.mirror_erasure_key k order by k.organization_id;
      $$;
      revoke all on function talentbridge.erasure_keys from public;
    `,
  },
  {
    name: 'rediscovery-2',
    sql: `
      -- How much the mirror holds, kept by whoever writes to it: counting a million rows takes a tenth of a second.
      alter table talentbridge.mirror_state add column candidates integer not null default 0,
        add column jobs integer not null default 0, add column applications integer not null default 0;
      update talentbridge.mirror_state s
        set candidates = (select count(*) from talentbridge.mirror_candidate c
            where c.organization_id = s.organization_id and c.connection_id = s.connection_id),
          jobs = (select count(*) from talentbridge.mirror_job j
            where j.organization_id = s.organization_id and j.connection_id = s.connection_id),
          applications = (select count(*) from talentbridge.mirror_application a
            where a.organization_id = s.organization_id and a.connection_id = s.connection_id);

      -- What the vendor allows, as it was when the run last heard of it: how many requests a second, and its quota.
      alter table talentbridge.sync_run add column vendor_limits jsonb,
        -- Requests that were made before what worked_ms counts.
        add column requests_before integer not null default 0;
    `,
  },
  {
    name: 'rediscovery-3',
    sql: `
      -- When the ATS was last asked about the record by its id, because a run of everything did not bring it.
      alter table talentbridge.mirror_candidate add column asked_at timestamptz;
      alter table talentbridge.mirror_job add column asked_at timestamptz;
      alter table talentbridge.mirror_application add column asked_at timestamptz;

      -- Records of which nobody knows what the ATS has: those that a run of everything did not bring, until they are asked
      -- about, and those that could not be read, until they can.
      create table talentbridge.sync_doubt (
        organization_id uuid not null,
        id uuid not null,
        connection_id uuid not null,
        kind text not null,
        remote_id text collate "C" not null,
        -- The run that asks about it. Null: none, at the moment.
        run_id uuid,
        -- When it could not be read. Null: it was not brought.
        noted_at timestamptz,
        asked_at timestamptz,
        -- Failed tries in this run.
        tries integer not null default 0,
        -- The ATS says that it is gone; the run deletes it at its end.
        gone boolean not null default false,
        primary key (organization_id, id),
        unique (organization_id, remote_id, connection_id, kind)
      );
      ${tenantTable('sync_doubt', ['select', 'insert', 'update', 'delete'])}
      create index sync_doubt_of_run on talentbridge.sync_doubt (organization_id, run_id, tries, id);

      -- Whether a run that has read everything has found out what to ask about.
      alter table talentbridge.sync_run add column questions_at timestamptz,
        -- Failed tries of the page that comes next, without waits that the ATS asked for.
        add column failures integer not null default 0;
      -- How often everything is worth reading at this ATS. Null: as often as the setting says.
      alter table talentbridge.mirror_state add column full_every_ms bigint;
    `,
  },
  {
    name: 'rediscovery-4',
    sql: `
      -- The organization is read once a statement and not once a row: a tenth of what rows of the mirror cost to write.
      ${['candidate', 'job', 'application', 'attachment'].map((kind) => organizationReadOnce(`mirror_${kind}`)).join('\n')}
    `,
  },
  {
    name: 'rediscovery-5',
    sql: `
      -- An organization that the statistics do not name would be taken for one row, and any index that begins with it for as
      -- good as the right one: a first load beside other organizations' mirrors read all of its rows for each lookup.
      ${['candidate', 'job', 'application', 'attachment']
        .map(
          (kind) => `alter table talentbridge.mirror_${kind}
            alter column organization_id set statistics 0, alter column connection_id set statistics 0;`,
        )
        .join('\n')}
    `,
  },
  {
    name: 'rediscovery-6',
    sql: `
      ${dueFunction(
        'talentbridge.mirrors_due',
        ['talentbridge.mirror_state', 'talentbridge.sync_run'],
        `select s.organization_id, case when s.clearing then '${CLEAR_TASK}' else '${SYNC_TASK}' end, s.connection_id::text
         from talentbridge.mirror_state s
         left join talentbridge.sync_run r
           on r.organization_id = s.organization_id and r.connection_id = s.connection_id
           and (r.status in ('QUEUED', 'RUNNING') or (r.status = 'AWAITING_APPROVAL' and r.deletions_allowed))
         where s.clearing or before > case
           when r.id is null then s.next_due_at
           else coalesce(r.resume_at, r.progress_at, r.started_at, r.created_at)
         end`,
      )}
    `,
  },
  {
    name: 'rediscovery-7',
    sql: `
      -- Candidates are read as a whole: as text they take the database half the time to write, and a sixth less room.
      alter table talentbridge.mirror_candidate alter column data type json;
    `,
  },
  {
    name: 'rediscovery-8',
    sql: `
      -- Of no use to whoever looks for an application by its own id: while the table is small the planner took it for as good as
      -- the right one all the same, and read all of the connection's applications for each.
      drop index talentbridge.mirror_application_of_candidate;
      create index mirror_application_of_candidate
        on talentbridge.mirror_application (candidate_remote_id, organization_id, connection_id);
    `,
  },
  {
    name: 'rediscovery-9',
    sql: `
      -- A page that was read, while the next one is asked for and this one is being written: whatever fails meanwhile, only that
      -- next one has to be asked for again. One of a connection at most, and not for long.
      create table talentbridge.sync_page (
        organization_id uuid not null,
        connection_id uuid not null,
        run_id uuid not null,
        -- Read with other credentials or settings it is of no use.
        credential_version integer not null,
        -- The one that it was asked with. Null: it is the first page.
        cursor text,
        -- When it was asked for, by the clock of this database.
        began_at timestamptz not null,
        requests integer not null,
        -- JSON, compressed.
        page bytea not null,
        primary key (organization_id, connection_id)
      );
      ${tenantTable('sync_page', ['select', 'insert', 'update', 'delete'])}
      alter table talentbridge.sync_page alter column page set storage external;
    `,
  },
  {
    name: 'rediscovery-10',
    sql: `
      -- Whether an application ever came by itself and not with its candidate. While none did, none has to be looked for after a run
      -- of everything, which reads all applications.
      alter table talentbridge.mirror_state add column applications_alone boolean not null default true;
      alter table talentbridge.mirror_state alter column applications_alone set default false;
    `,
  },
];

function organizationReadOnce(table: string): string {
  const isOwn = `(organization_id = (select nullif(current_setting('${ORGANIZATION_VARIABLE}', true), '')::uuid))`;
  return `alter policy organization on talentbridge.${table} using ${isOwn} with check ${isOwn};`;
}
