import { tenantTable } from '../kernel/persistence/application-role.js';
import type { SchemaStep } from '../kernel/persistence/migrate.js';

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
];
