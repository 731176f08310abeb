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
];
