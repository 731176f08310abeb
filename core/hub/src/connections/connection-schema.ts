import { tenantTable } from '../kernel/persistence/application-role.js';
import type { SchemaStep } from '../kernel/persistence/migrate.js';

/** Tables of connections. */
export const connectionSchema: readonly SchemaStep[] = [
  {
    name: 'connections-1',
    sql: `
      create table talentbridge.connection (
        organization_id uuid not null,
        id uuid not null unique,
        plugin_id text not null,
        name text not null,
        status text not null,
        capabilities text[] not null,
        requirements_acknowledged_at timestamptz,
        settings jsonb not null,
        credential_names text[] not null,
        credential_version integer not null,
        account_id text,
        account_label text,
        attention_reason text,
        verification jsonb,
        left_behind text[] not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        removed_at timestamptz,
        version integer not null default 1,
        primary key (organization_id, id)
      );
      ${tenantTable('connection', ['select', 'insert', 'update'])}

      -- Apart from the connection, so that nothing that reads connections ever carries a secret along.
      create table talentbridge.credential (
        organization_id uuid not null,
        connection_id uuid not null,
        key_id text not null,
        sealed jsonb not null,
        updated_at timestamptz not null default now(),
        primary key (organization_id, connection_id),
        foreign key (organization_id, connection_id) references talentbridge.connection
      );
      ${tenantTable('credential', ['select', 'insert', 'update', 'delete'])}

      create table talentbridge.request_log_entry (
        organization_id uuid not null,
        id uuid not null,
        connection_id uuid not null,
        at timestamptz not null,
        call_id text not null,
        method text not null,
        host text not null,
        path text not null,
        status integer,
        error_code text,
        attempt integer not null,
        duration_ms integer not null,
        response_bytes integer not null,
        primary key (organization_id, connection_id, id)
      );
      ${tenantTable('request_log_entry', ['select', 'insert', 'delete'])}
    `,
  },
  {
    name: 'connections-2',
    sql: `
      -- A rotation of keys has to find the credentials of all organizations. This function shows which key wraps which, and
      -- nothing else; the wrapping itself happens inside each organization, as everything does. The policy is what lets
      -- the function see them where the owner is no superuser. Called by another role, it refuses instead of finding nothing.
      create policy key_rotation on talentbridge.credential for select to current_user using (true);
      create function talentbridge.credential_keys(
        other_than text, after_organization uuid, after_connection uuid, most integer
      )
      returns table (organization_id uuid, connection_id uuid, key_id text)
      language sql stable security definer set search_path = pg_catalog, pg_temp as $$
        select c.organization_id, c.connection_id, c.key_id from talentbridge.credential c
        where c.key_id is distinct from other_than
          and (after_organization is null or (c.organization_id, c.connection_id) > (after_organization, after_connection))
        order by c.organization_id, c.connection_id limit most;
      $$;
      revoke all on function talentbridge.credential_keys from public;
    `,
  },
];
