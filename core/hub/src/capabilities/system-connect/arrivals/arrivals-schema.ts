import { dueFunction } from '../../../kernel/jobs/lost-jobs.js';
import { tenantTable } from '../../../kernel/persistence/application-role.js';
import type { SchemaStep } from '../../../kernel/persistence/migrate.js';

/** The job that brings people of the network into the ATS of a pair. */
export const ARRIVALS_TASK = 'systemConnect.arrivals';

/** The job that tells of new applications. */
export const TELL_APPLICATIONS_TASK = 'systemConnect.tellApplications';

/** Tables of people who come from the network, and of applications that are new. Those of pairs and of the mirror are there before. */
export const arrivalsSchema: readonly SchemaStep[] = [
  {
    name: 'system-connect-arrivals-1',
    sql: `
      -- People who come from the network into the ATS: a ledger, as that of exports is.
      create table talentbridge.network_arrival (
        organization_id uuid not null,
        id uuid not null,
        connection_id uuid not null,
        -- EXPORT: a recruiter exported them. REPLY: they answered a message.
        source text not null,
        -- What there is to be one arrival for: "export/" and the id of its notice, "contact/" and its id, "reply/" and the member.
        request_key text collate "C" not null,
        -- Null: nobody has asked yet who it is.
        member text,
        -- Who it is, encrypted. Null: nobody has asked yet, or the ATS has them.
        person bytea,
        -- They agreed to share an email or a phone.
        has_contact boolean not null default false,
        job_remote_id text,
        -- The seat that exported them.
        seat_id text,
        exported_at timestamptz,
        -- PENDING, SENDING (from before the first request until there is a definite answer), ADDED, REFUSED or UNCLEAR.
        state text not null default 'PENDING',
        -- CREATED, UPDATED or KNOWN (the ATS had them, and nothing was to be added).
        outcome text,
        reason text,
        remedy text,
        candidate_remote_id text collate "C",
        -- The candidate that a try made whose later steps failed.
        existing_id text,
        existing_url text,
        dummy_number integer,
        -- Of the worker that opened it last.
        epoch integer not null default 0,
        tries integer not null default 0,
        first_tried_at timestamptz,
        opened_at timestamptz,
        resume_at timestamptz,
        -- Of those that were added: whether the mirror was told.
        mirrored boolean not null default false,
        -- Of those that were added: somebody has put them on a job since.
        assigned boolean not null default false,
        created_at timestamptz not null default now(),
        finished_at timestamptz,
        primary key (organization_id, id),
        unique (organization_id, connection_id, request_key)
      );
      ${tenantTable('network_arrival', ['select', 'insert', 'update', 'delete'])}
      create index network_arrival_of_member on talentbridge.network_arrival (organization_id, connection_id, member);
      create index network_arrival_unfinished on talentbridge.network_arrival (organization_id, connection_id, id)
        where state in ('PENDING', 'SENDING') or (state = 'ADDED' and not mirrored);
      -- One person is on the way once at a time.
      create unique index network_arrival_under_way
        on talentbridge.network_arrival (organization_id, connection_id, member) where state = 'SENDING';
      ${dueFunction(
        'talentbridge.network_arrivals_due',
        ['talentbridge.network_arrival'],
        `select distinct a.organization_id, '${ARRIVALS_TASK}', a.connection_id::text
         from talentbridge.network_arrival a
         where (a.state in ('PENDING', 'SENDING') or (a.state = 'ADDED' and not a.mirrored))
           and coalesce(a.resume_at, a.opened_at, a.created_at) < before`,
      )}

      -- Which worker sees to the arrivals of a pair: goes up with each that takes them over, and what an earlier one still does is refused.
      create table talentbridge.network_arrival_run (
        organization_id uuid not null,
        connection_id uuid not null,
        epoch integer not null,
        primary key (organization_id, connection_id)
      );
      ${tenantTable('network_arrival_run', ['select', 'insert', 'update', 'delete'])}

      -- Applications that came into a mirror which was complete.
      create table talentbridge.new_application (
        organization_id uuid not null,
        id uuid not null default gen_random_uuid(),
        -- Of the network.
        connection_id uuid not null,
        ats_connection_id uuid not null,
        -- The mirror's.
        application_id uuid not null,
        candidate_remote_id text collate "C" not null,
        job_remote_id text collate "C" not null,
        found_at timestamptz not null default now(),
        -- When it was told of. Null: its candidate is being looked for at the network.
        told_at timestamptz,
        primary key (organization_id, id),
        unique (organization_id, application_id)
      );
      ${tenantTable('new_application', ['select', 'insert', 'update', 'delete'])}
      create index new_application_told on talentbridge.new_application (organization_id, told_at, id);

      -- Notes applications that come into the mirror of a pair. Writers of one mirror wait for each other anyway, so that the job
      -- of its pair keeps nobody waiting.
      create function talentbridge.notice_applications() returns trigger language plpgsql as $$
        declare
          pair record;
        begin
          for pair in
            select p.organization_id, p.connection_id, p.ats_connection_id, s.complete_at is not null and not s.clearing as complete
            from talentbridge.system_pair p
            join talentbridge.mirror_state s on s.organization_id = p.organization_id and s.connection_id = p.ats_connection_id
            where exists (select from added a where a.organization_id = p.organization_id and a.connection_id = p.ats_connection_id)
          loop
            update talentbridge.network_arrival r set assigned = true
              from added a
              where r.organization_id = pair.organization_id and r.connection_id = pair.connection_id and not r.assigned
                and r.state = 'ADDED' and a.organization_id = pair.organization_id and a.connection_id = pair.ats_connection_id
                and a.candidate_remote_id = r.candidate_remote_id;
            continue when not pair.complete;
            insert into talentbridge.new_application
                (organization_id, connection_id, ats_connection_id, application_id, candidate_remote_id, job_remote_id)
              select a.organization_id, pair.connection_id, a.connection_id, a.id, a.candidate_remote_id, a.job_remote_id
              from added a
              where a.organization_id = pair.organization_id and a.connection_id = pair.ats_connection_id
                -- Copies of data bring what is old, and so does a run after a long pause.
                and not a.copied and coalesce(a.applied_at, now()) > now() - interval '7 days'
              on conflict do nothing;
            continue when not found;
            -- As JobQueue adds it.
            perform talentbridge.add_job('${TELL_APPLICATIONS_TASK}',
              json_build_object('organizationId', pair.organization_id, 'id', pair.connection_id),
              '${TELL_APPLICATIONS_TASK}:' || pair.connection_id, null);
          end loop;
          return null;
        end $$;
      create trigger notice_applications after insert on talentbridge.mirror_application
        referencing new table as added for each statement execute function talentbridge.notice_applications();
      ${dueFunction(
        'talentbridge.new_applications_due',
        ['talentbridge.new_application'],
        `select distinct n.organization_id, '${TELL_APPLICATIONS_TASK}', n.connection_id::text
         from talentbridge.new_application n where n.told_at is null and n.found_at < before`,
      )}
    `,
  },
  {
    name: 'system-connect-arrivals-2',
    sql: `
      -- Somebody who was erased was exported: a person was asked whether they are to come back, and nothing says who it is.
      alter table talentbridge.network_arrival add column erased boolean not null default false;
    `,
  },
  {
    name: 'system-connect-arrivals-3',
    sql: `
      -- Of those that were added: where a person opens them in the ATS, and whether nobody but the ATS shows them while they are
      -- on no job.
      alter table talentbridge.network_arrival add column candidate_url text, add column hidden boolean not null default false;
    `,
  },
];
