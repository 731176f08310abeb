import { dueFunction } from '../../../../kernel/jobs/lost-jobs.js';
import { tenantTable } from '../../../../kernel/persistence/application-role.js';
import type { SchemaStep } from '../../../../kernel/persistence/migrate.js';

/** The job that matches the candidates of an organization; its id is the organization's. */
export const MATCH_TASK = 'rediscovery.match';

/** The job that adds that one when its time has come: by itself it would put off one that is to run sooner. */
export const MATCH_LATER_TASK = 'rediscovery.matchLater';

/** How long changes gather before the job looks at them. */
const GATHER = "interval '1 second'";

/** Tables of matching. The outboxes of mirrors and profiles are there before. */
export const matchingSchema: readonly SchemaStep[] = [
  {
    name: 'matching-1',
    sql: `
      -- Who a candidate is. No row: nobody is like enough, or nobody has looked yet.
      create table talentbridge.candidate_match (
        organization_id uuid not null,
        candidate_id uuid not null,
        connection_id uuid not null,
        -- No foreign keys: when a profile goes its candidates are decided anew, and when a candidate goes those who claimed the
        -- same profile. Until then the match is shown to nobody.
        profile_id uuid not null,
        -- AUTOMATIC or REVIEW: of this candidate alone, and beside the others of the connection who claim the profile too.
        alone text not null,
        decision text not null,
        decided_by text not null,
        basis text not null,
        reason text,
        score double precision not null,
        evidence jsonb not null,
        others jsonb not null,
        decided_at timestamptz not null default now(),
        primary key (organization_id, candidate_id)
      );
      ${tenantTable('candidate_match', ['select', 'insert', 'update', 'delete'])}
      -- As with the tables of the mirror: an organization that the statistics do not name would be taken for one row.
      alter table talentbridge.candidate_match
        alter column organization_id set statistics 0, alter column connection_id set statistics 0;
      create index candidate_match_of_profile on talentbridge.candidate_match (organization_id, profile_id, connection_id);
      create index candidate_match_to_review on talentbridge.candidate_match (organization_id, candidate_id) where decision = 'REVIEW';

      -- What people said. Kept by account and by the ATS's id, so that it outlives the row of the mirror and the connection.
      create table talentbridge.match_verdict (
        organization_id uuid not null,
        account_key text not null,
        remote_id text collate "C" not null,
        profile_id uuid not null,
        -- CONFIRMED: this is the one. REJECTED: never offered again.
        verdict text not null,
        decided_by text not null,
        decided_at timestamptz not null default now(),
        primary key (organization_id, account_key, remote_id, profile_id)
      );
      ${tenantTable('match_verdict', ['select', 'insert', 'update', 'delete'])}
      create unique index match_verdict_confirmed on talentbridge.match_verdict (organization_id, account_key, remote_id)
        where verdict = 'CONFIRMED';

      -- How far the matching of an organization is.
      create table talentbridge.matching_state (
        organization_id uuid not null,
        -- Goes up each time a worker takes the work over; what an earlier worker still does is refused by it.
        epoch integer not null default 0,
        -- Goes up with each verdict: what was decided without knowing it is decided once more.
        verdicts integer not null default 0,
        -- How far the outboxes were read, as an OutboxPosition says it.
        mirror_from xid8 not null default '0',
        profiles_from xid8 not null default '0',
        -- Since when everything has to be decided anew, because profiles changed or somebody asked. Null: it has not.
        pass_wanted_at timestamptz,
        -- The candidate up to whom that is done. Null: none is under way.
        pass_after uuid,
        pass_done integer not null default 0,
        pass_total integer not null default 0,
        pass_began_at timestamptz,
        pass_ended_at timestamptz,
        -- How long the last one worked.
        pass_worked_ms bigint not null default 0,
        -- Candidates were passed over, because Rediscovery is off for them.
        passed_over boolean not null default false,
        primary key (organization_id)
      );
      ${tenantTable('matching_state', ['select', 'insert', 'update', 'delete'])}

      -- Whether a job waits. Apart, so that whoever writes to a mirror never waits for somebody who matches it.
      create table talentbridge.matching_queue (
        organization_id uuid not null,
        queued boolean not null,
        primary key (organization_id)
      );
      ${tenantTable('matching_queue', ['select', 'insert', 'update'])}

      create index mirror_change_in_order on talentbridge.mirror_change (organization_id, written_in, position);
      create index profile_change_in_order on talentbridge.profile_change (organization_id, written_in, position);

      -- Whoever writes a change that matters to matching adds its job, where none waits: as with webhooks, the job takes the mark
      -- away while it alone holds the lock that writers share until they commit, so that no change is left without a job.
      create function talentbridge.want_matching() returns trigger language plpgsql as $$
        declare
          organization uuid;
        begin
          for organization in
            select distinct c.organization_id from changed c
            where c.change in ('CANDIDATES_WRITTEN', 'CANDIDATES_DELETED', 'CLEARED', 'PROFILES_WRITTEN', 'PROFILES_DELETED')
          loop
            perform pg_advisory_xact_lock_shared(hashtextextended('${MATCH_TASK}:' || organization, 0));
            insert into talentbridge.matching_queue as q (organization_id, queued) values (organization, true)
              on conflict (organization_id) do update set queued = true where not q.queued;
            if found then
              -- As JobQueue adds it.
              perform talentbridge.add_job('${MATCH_TASK}',
                json_build_object('organizationId', organization, 'id', organization),
                '${MATCH_TASK}:' || organization, now() + ${GATHER});
            end if;
          end loop;
          return null;
        end $$;
      create trigger want_matching after insert on talentbridge.mirror_change
        referencing new table as changed for each statement execute function talentbridge.want_matching();
      create trigger want_matching after insert on talentbridge.profile_change
        referencing new table as changed for each statement execute function talentbridge.want_matching();
    `,
  },
  {
    name: 'matching-2',
    sql: `
      -- When the job goes on by itself; a time that is past while it works. Null: once something changes.
      alter table talentbridge.matching_state add column next_at timestamptz;
      ${dueFunction(
        'talentbridge.matching_due',
        ['talentbridge.matching_state', 'talentbridge.matching_queue'],
        // The mark and its job are one transaction.
        `select organization_id, '${MATCH_TASK}', organization_id::text
         from talentbridge.matching_queue q full join talentbridge.matching_state s using (organization_id)
         where s.next_at < before or (q.queued and s.next_at is null)`,
      )}

      -- As before, and nobody waits for another who writes: neither for the row of the mark, nor for its job.
      create or replace function talentbridge.want_matching() returns trigger language plpgsql as $$
        declare
          organization uuid;
          id text;
        begin
          for organization in
            select distinct c.organization_id from changed c
            where c.change in ('CANDIDATES_WRITTEN', 'CANDIDATES_DELETED', 'CLEARED', 'PROFILES_WRITTEN', 'PROFILES_DELETED')
          loop
            perform pg_advisory_xact_lock_shared(hashtextextended('${MATCH_TASK}:' || organization, 0));
            continue when exists (select from talentbridge.matching_queue q where q.organization_id = organization and q.queued);
            if pg_try_advisory_xact_lock(hashtextextended('${MATCH_TASK} mark:' || organization, 0)) then
              insert into talentbridge.matching_queue (organization_id, queued) values (organization, true)
                on conflict (organization_id) do update set queued = true;
              -- As JobQueue adds it.
              perform talentbridge.add_job('${MATCH_TASK}',
                json_build_object('organizationId', organization, 'id', organization),
                '${MATCH_TASK}:' || organization, now() + ${GATHER});
            else
              -- Somebody sets the mark at this moment, and may yet be rolled back. Nobody else adds a job of this id now.
              id := organization || '/' || pg_backend_pid();
              perform talentbridge.add_job('${MATCH_LATER_TASK}',
                json_build_object('organizationId', organization, 'id', id),
                '${MATCH_LATER_TASK}:' || id, now() + ${GATHER});
            end if;
          end loop;
          return null;
        end $$;
    `,
  },
  {
    name: 'matching-3',
    sql: `
      -- MATCHED or REVIEW, whoever decided; and NONE where something is known of what kept the candidate from being found.
      -- The owner is no superuser everywhere, and policies bind it as well.
      alter table talentbridge.candidate_match no force row level security;
      update talentbridge.candidate_match
        set alone = replace(alone, 'AUTOMATIC', 'MATCHED'), decision = replace(decision, 'AUTOMATIC', 'MATCHED')
        where 'AUTOMATIC' in (alone, decision);
      alter table talentbridge.candidate_match force row level security;
      alter table talentbridge.candidate_match
        alter column profile_id drop not null, alter column basis drop not null, add column unmatched_because text;
      -- A profile is one candidate's of a connection from now on: everybody is decided anew.
      alter table talentbridge.matching_state no force row level security;
      update talentbridge.matching_state set pass_wanted_at = coalesce(pass_wanted_at, now()), next_at = now();
      alter table talentbridge.matching_state force row level security;
    `,
  },
];
