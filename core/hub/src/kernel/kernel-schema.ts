import { paceSchema } from './pace/pace-schema.js';
import { APPLICATION_ROLE, tenantTable } from './persistence/application-role.js';
import type { SchemaStep } from './persistence/migrate.js';

/** Tables of the kernel. */
export const kernelSchema: readonly SchemaStep[] = [
  {
    name: 'kernel-1',
    sql: `
      -- Absent row: the deployment's default tier, integrations on.
      create table talentbridge.organization (
        organization_id uuid primary key,
        tier text not null,
        integrations_enabled boolean not null,
        updated_at timestamptz not null default now()
      );
      ${tenantTable('organization', ['select', 'insert', 'update'])}

      -- Absent row: switched on.
      create table talentbridge.capability_switch (
        organization_id uuid not null,
        plugin_id text not null,
        capability text not null,
        enabled boolean not null,
        updated_at timestamptz not null default now(),
        primary key (organization_id, plugin_id, capability)
      );
      ${tenantTable('capability_switch', ['select', 'insert', 'update'])}

      create table talentbridge.audit_event (
        organization_id uuid not null,
        id uuid not null,
        at timestamptz not null default now(),
        actor_id text not null,
        actor_roles text[] not null,
        action text not null,
        subject_type text not null,
        subject_id text not null,
        details jsonb not null,
        primary key (organization_id, id)
      );
      ${tenantTable('audit_event', ['select', 'insert'])}

      -- Which job workers are alive. Belongs to no organization, and the application never sees it.
      create table talentbridge.worker_heartbeat (
        worker_id text primary key,
        process_id text not null,
        beat_at timestamptz not null default now()
      );

      -- Jobs are added in the transaction that creates the work, by a role that has no other right on the queue.
      create function talentbridge.add_job(task text, payload json, job_key text, run_at timestamptz)
      returns void language sql security definer set search_path = pg_catalog, pg_temp as $$
        select graphile_worker.add_job(
          task, payload, queue_name := job_key, job_key := job_key, run_at := run_at, max_attempts := 32000,
          job_key_mode := 'replace');
      $$;
      revoke all on function talentbridge.add_job from public;
      grant execute on function talentbridge.add_job to ${APPLICATION_ROLE};
    `,
  },
  {
    name: 'kernel-2',
    sql: `
      -- The queue adds nothing when a worker takes the waiting job between its look for jobs that run and its insert. Asked once
      -- more, it sees that the job runs, and adds another.
      create function talentbridge.add_job_for_certain(task text, payload json, job_key text, run_at timestamptz, mode text)
      returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
        declare
          added bigint;
        begin
          while added is null loop
            select job.id into added from graphile_worker.add_job(
              task, payload, queue_name := job_key, job_key := job_key, run_at := run_at, max_attempts := 32000,
              job_key_mode := mode) as job;
          end loop;
        end $$;
      revoke all on function talentbridge.add_job_for_certain from public;

      create or replace function talentbridge.add_job(task text, payload json, job_key text, run_at timestamptz)
      returns void language sql security definer set search_path = pg_catalog, pg_temp as $$
        select talentbridge.add_job_for_certain(task, payload, job_key, run_at, 'replace');
      $$;

      -- Adds a job for later: one that waits already comes when it was to.
      create function talentbridge.put_off_job(task text, payload json, job_key text, run_at timestamptz)
      returns void language sql security definer set search_path = pg_catalog, pg_temp as $$
        select talentbridge.add_job_for_certain(task, payload, job_key, run_at, 'preserve_run_at');
      $$;
      revoke all on function talentbridge.put_off_job from public;
      grant execute on function talentbridge.put_off_job to ${APPLICATION_ROLE};
    `,
  },
  ...paceSchema,
];
