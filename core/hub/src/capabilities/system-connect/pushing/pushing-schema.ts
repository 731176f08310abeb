import { dueFunction } from '../../../kernel/jobs/lost-jobs.js';
import { tenantTable } from '../../../kernel/persistence/application-role.js';
import type { SchemaStep } from '../../../kernel/persistence/migrate.js';

/** The job that pushes what is due of a pair; its id is the network connection's. */
export const PUSH_TASK = 'systemConnect.push';

/** The job that adds that one when its time has come: by itself it would put off one that is to run sooner. */
export const PUSH_LATER_TASK = 'systemConnect.pushLater';

/** How long changes gather before the job looks at them. */
const GATHER = "interval '1 second'";

/** Tables of what goes to the network. Those of pairs and of the mirror are there before. */
export const pushingSchema: readonly SchemaStep[] = [
  {
    name: 'system-connect-pushing-1',
    sql: `
      -- How far the pushing of a pair is.
      create table talentbridge.network_push (
        organization_id uuid not null,
        connection_id uuid not null,
        ats_connection_id uuid not null,
        -- Goes up each time a worker takes the work over; what an earlier worker still does is refused by it.
        epoch integer not null default 0,
        -- WAITING: for the mirror's first load. SEEDING: everything that the mirror holds becomes due, page by page.
        -- FOLLOWING: what changes becomes due. REMOVING: everything at the network is being removed.
        phase text not null default 'WAITING',
        seed_kind text not null default 'job',
        seed_after uuid,
        seed_done integer not null default 0,
        seed_total integer not null default 0,
        -- When all that the mirror held had been sent.
        first_sync_at timestamptz,
        -- Failed calls in a row, and until when everything waits for it.
        tries integer not null default 0,
        resume_at timestamptz,
        -- Why it waits, for people.
        reason text,
        histories_at timestamptz,
        pushed_at timestamptz,
        -- How many records could not be removed.
        left_behind integer not null default 0,
        -- When the job goes on by itself; a time that is past while it works. Null: once something changes.
        next_at timestamptz,
        primary key (organization_id, connection_id)
      );
      ${tenantTable('network_push', ['select', 'insert', 'update', 'delete'])}
      create index network_push_of_ats on talentbridge.network_push (organization_id, ats_connection_id);

      -- Whether a job waits. Apart, so that whoever writes to a mirror never waits for somebody who pushes it.
      create table talentbridge.network_push_queue (
        organization_id uuid not null,
        connection_id uuid not null,
        queued boolean not null,
        primary key (organization_id, connection_id)
      );
      ${tenantTable('network_push_queue', ['select', 'insert', 'update', 'delete'])}

      -- As with the tables of the mirror no index that lookups can use begins with organization and connection: those of lists have a
      -- condition that is always so, and said in the list alone.

      -- Candidates and jobs of the mirror, there or gone, that the network may have to hear of. Named by the mirror's ids.
      create table talentbridge.network_due (
        organization_id uuid not null,
        connection_id uuid not null,
        kind text not null,
        mirror_id uuid not null,
        -- Goes up with each change, so that one that comes while a record is on its way is not lost.
        version integer not null default 1,
        since timestamptz not null default now(),
        tries integer not null default 0,
        next_at timestamptz not null default now(),
        primary key (organization_id, mirror_id, kind, connection_id)
      );
      ${tenantTable('network_due', ['select', 'insert', 'update', 'delete'])}
      create index network_due_in_order on talentbridge.network_due (organization_id, connection_id, kind, since, mirror_id)
        where next_at > '-infinity';

      -- Records that the network has, or refuses.
      create table talentbridge.network_record (
        organization_id uuid not null,
        id uuid not null default gen_random_uuid(),
        connection_id uuid not null,
        kind text not null,
        remote_id text collate "C" not null,
        -- The candidate of a note, the application of what belongs to one. Empty: it belongs to nothing.
        parent_id text collate "C" not null,
        -- The candidate or job of the mirror that it goes with.
        mirror_id uuid not null,
        -- Of what was sent. Null: nobody knows what the network has.
        digest uuid,
        -- SENT or REFUSED.
        status text not null,
        reason text,
        -- Of an application.
        job_remote_id text collate "C",
        -- What is needed once more: a job, to close it; a stage that the hub saw itself, to know the last one.
        copy jsonb,
        at timestamptz not null default now(),
        primary key (organization_id, remote_id, parent_id, kind, connection_id)
      );
      ${tenantTable('network_record', ['select', 'insert', 'update', 'delete'])}
      create index network_record_of_mirror on talentbridge.network_record (organization_id, mirror_id, connection_id);
      create index network_record_of_parent on talentbridge.network_record (organization_id, parent_id, connection_id)
        where parent_id <> '';
      create index network_record_of_job on talentbridge.network_record (organization_id, job_remote_id, connection_id)
        where job_remote_id is not null;
      create index network_record_of_kind on talentbridge.network_record (organization_id, connection_id, kind, status)
        where at > '-infinity';
      create index network_record_refused on talentbridge.network_record (organization_id, connection_id, id) where status = 'REFUSED';

      -- What is looked at again of candidates that the network has.
      create table talentbridge.network_candidate (
        organization_id uuid not null,
        connection_id uuid not null,
        remote_id text collate "C" not null,
        mirror_id uuid not null,
        -- Whether there is an application that is under way.
        active boolean not null default false,
        sent_at timestamptz,
        history_at timestamptz,
        -- When the network is asked next whom it takes them for. Null: it is not.
        match_at timestamptz,
        match_tries integer not null default 0,
        primary key (organization_id, remote_id, connection_id)
      );
      ${tenantTable('network_candidate', ['select', 'insert', 'update', 'delete'])}
      create index network_candidate_to_match on talentbridge.network_candidate (organization_id, connection_id, match_at)
        where match_at is not null;
      create index network_candidate_history on talentbridge.network_candidate (organization_id, connection_id, history_at) where active;

      ${['network_due', 'network_record', 'network_candidate']
        .map(
          (table) => `alter table talentbridge.${table}
            alter column organization_id set statistics 0, alter column connection_id set statistics 0;`,
        )
        .join('\n')}

      -- Whoever changes a mirror notes what the network has to hear of, and adds the job where none waits: as with matching, the
      -- job takes the mark away while it alone holds the lock that writers share until they commit. What changes before
      -- everything became due needs no note. Nobody waits for another who writes.
      create function talentbridge.want_push() returns trigger language plpgsql as $$
        declare
          pair record;
          id text;
        begin
          for pair in
            select distinct p.organization_id, p.connection_id, p.phase, p.ats_connection_id,
              exists (select from changed x where x.organization_id = p.organization_id
                and x.connection_id = p.ats_connection_id and x.change = 'CLEARED') as cleared
            from changed c
            join talentbridge.network_push p on p.organization_id = c.organization_id and p.ats_connection_id = c.connection_id
            where p.phase in ('SEEDING', 'FOLLOWING')
              and c.change in ('CANDIDATES_WRITTEN', 'CANDIDATES_DELETED', 'JOBS_WRITTEN', 'JOBS_DELETED', 'CLEARED')
          loop
            if pair.cleared then
              -- Everything of the account goes, and what comes then begins anew; its ids name other people from now on.
              delete from talentbridge.network_link l
                where l.organization_id = pair.organization_id and l.connection_id = pair.connection_id;
              update talentbridge.network_push p set phase = 'REMOVING', epoch = p.epoch + 1
                where p.organization_id = pair.organization_id and p.connection_id = pair.connection_id;
            end if;
            insert into talentbridge.network_due as d (organization_id, connection_id, kind, mirror_id)
              select distinct pair.organization_id, pair.connection_id,
                case when c.change like 'JOBS%' then 'job' else 'candidate' end as kind, n.id
              from changed c, unnest(c.ids) as n (id)
              where c.organization_id = pair.organization_id and c.connection_id = pair.ats_connection_id
                and c.change in ('CANDIDATES_WRITTEN', 'CANDIDATES_DELETED', 'JOBS_WRITTEN', 'JOBS_DELETED')
              order by kind, n.id
              on conflict (organization_id, mirror_id, kind, connection_id)
                do update set version = d.version + 1, next_at = now();
            perform pg_advisory_xact_lock_shared(hashtextextended('${PUSH_TASK}:' || pair.connection_id, 0));
            continue when exists (select from talentbridge.network_push_queue q
              where q.organization_id = pair.organization_id and q.connection_id = pair.connection_id and q.queued);
            if pg_try_advisory_xact_lock(hashtextextended('${PUSH_TASK} mark:' || pair.connection_id, 0)) then
              insert into talentbridge.network_push_queue (organization_id, connection_id, queued)
                values (pair.organization_id, pair.connection_id, true)
                on conflict (organization_id, connection_id) do update set queued = true;
              -- As JobQueue adds it.
              perform talentbridge.add_job('${PUSH_TASK}',
                json_build_object('organizationId', pair.organization_id, 'id', pair.connection_id),
                '${PUSH_TASK}:' || pair.connection_id, now() + ${GATHER});
            else
              -- Somebody sets the mark at this moment, and may yet be rolled back. Nobody else adds a job of this key now.
              id := pair.connection_id || '/' || pg_backend_pid();
              perform talentbridge.add_job('${PUSH_LATER_TASK}',
                json_build_object('organizationId', pair.organization_id, 'id', id),
                '${PUSH_LATER_TASK}:' || id, now() + ${GATHER});
            end if;
          end loop;
          return null;
        end $$;
      create trigger want_push after insert on talentbridge.mirror_change
        referencing new table as changed for each statement execute function talentbridge.want_push();

      ${dueFunction(
        'talentbridge.network_pushes_due',
        ['talentbridge.network_push', 'talentbridge.network_push_queue'],
        // The mark and its job are one transaction.
        `select p.organization_id, '${PUSH_TASK}', p.connection_id::text
         from talentbridge.network_push p left join talentbridge.network_push_queue q using (organization_id, connection_id)
         where p.next_at < before or (q.queued and p.next_at is null)`,
      )}
    `,
  },
  {
    name: 'system-connect-pushing-2',
    sql: `
      -- Of somebody who was erased: the network is to remove it, and it holds ids alone until then.
      alter table talentbridge.network_record add column erasure_id uuid;
      create index network_record_erased on talentbridge.network_record (organization_id, erasure_id) where erasure_id is not null;
    `,
  },
];
