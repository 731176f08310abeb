import { dueFunction } from '../../../kernel/jobs/lost-jobs.js';
import { tenantTable } from '../../../kernel/persistence/application-role.js';
import type { SchemaStep } from '../../../kernel/persistence/migrate.js';

/** The job that asks the seats of a pair. */
export const POLL_TASK = 'systemConnect.poll';

/** Tables of what is fetched from the network, beside the items themselves. */
export const pullingSchema: readonly SchemaStep[] = [
  {
    name: 'system-connect-pulling-1',
    sql: `
      -- One per pair: when its seats are asked, and how it went.
      create table talentbridge.network_poll (
        organization_id uuid not null,
        connection_id uuid not null,
        -- Goes up each time a worker takes the poll over; what an earlier worker still does is refused by it.
        epoch integer not null default 0,
        -- Failed tries since the last complete one.
        tries integer not null default 0,
        -- Null: it rests until the pair works again.
        next_at timestamptz,
        -- Since when seats are being asked: who was asked for everything after that is not asked again. Null: nobody is.
        began_at timestamptz,
        -- When every seat was asked for everything.
        polled_at timestamptz,
        -- Why the last one was not complete.
        problem text,
        -- When the network was asked who left it.
        closed_asked_at timestamptz,
        primary key (organization_id, connection_id)
      );
      ${tenantTable('network_poll', ['select', 'insert', 'update', 'delete'])}

      -- Up to when a seat was asked for everything of a kind.
      create table talentbridge.network_mark (
        organization_id uuid not null,
        connection_id uuid not null,
        seat_id text not null,
        kind text not null,
        until timestamptz not null,
        primary key (organization_id, connection_id, seat_id, kind)
      );
      ${tenantTable('network_mark', ['select', 'insert', 'update', 'delete'])}

      -- Members who left the network, of those whom it knows us to have.
      create table talentbridge.network_closed_member (
        organization_id uuid not null,
        connection_id uuid not null,
        member text not null,
        closed_at timestamptz not null,
        seen_at timestamptz not null default now(),
        primary key (organization_id, connection_id, member)
      );
      ${tenantTable('network_closed_member', ['select', 'insert', 'update', 'delete'])}
      ${dueFunction(
        'talentbridge.network_polls_due',
        ['talentbridge.network_poll'],
        `select p.organization_id, '${POLL_TASK}', p.connection_id::text
         from talentbridge.network_poll p where p.next_at < before`,
      )}
    `,
  },
];
