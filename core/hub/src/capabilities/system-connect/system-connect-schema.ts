import { dueFunction } from '../../kernel/jobs/lost-jobs.js';
import { tenantTable, USER_VARIABLE } from '../../kernel/persistence/application-role.js';
import type { SchemaStep } from '../../kernel/persistence/migrate.js';

/** The job that looks what is switched on at a network, and whose seats there are; its id is the network connection's. */
export const WATCH_TASK = 'systemConnect.watch';

/** How long a seat is believed after the network told of it last: what nobody could look after opens nothing. */
const SEAT_BELIEVED = "interval '2 days'";

/** The tables that all of System Connect shares. `connection_id` is that of the network; people are named by the ids of ATS and network. */
export const systemConnectSchema: readonly SchemaStep[] = [
  {
    name: 'system-connect-1',
    sql: `
      -- A connection of a network, joined with the ATS whose mirror goes there. Neither is in two pairs.
      create table talentbridge.system_pair (
        organization_id uuid not null,
        connection_id uuid not null,
        ats_connection_id uuid not null,
        -- What becomes of people without an email where the ATS demands one: DUMMY gives them a placeholder, REFUSE tells the admin.
        missing_email text not null default 'DUMMY',
        created_by text not null,
        created_at timestamptz not null default now(),
        primary key (organization_id, connection_id),
        unique (organization_id, ats_connection_id)
      );
      ${tenantTable('system_pair', ['select', 'insert', 'update', 'delete'])}

      -- What has to be switched on at the network, as it stood when somebody looked last.
      create table talentbridge.network_integration (
        organization_id uuid not null,
        connection_id uuid not null,
        integration_id text not null,
        position integer not null,
        label text not null,
        status text not null,
        -- The services that work while this is enabled.
        carries text[] not null,
        remedy text,
        primary key (organization_id, connection_id, integration_id)
      );
      ${tenantTable('network_integration', ['select', 'insert', 'update', 'delete'])}

      -- When somebody looked at a network last, and looks next.
      create table talentbridge.network_watch (
        organization_id uuid not null,
        connection_id uuid not null,
        -- Since when somebody waits for a person to switch something on there: it is watched closely for a day.
        close_since timestamptz not null default now(),
        integrations_at timestamptz,
        seats_at timestamptz,
        tries integer not null default 0,
        -- Null: not before something changes here.
        next_at timestamptz,
        -- Why the network could not be asked. Null: it answered.
        reason text,
        primary key (organization_id, connection_id)
      );
      ${tenantTable('network_watch', ['select', 'insert', 'update', 'delete'])}
      ${dueFunction(
        'talentbridge.network_watches_due',
        ['talentbridge.network_watch'],
        `select w.organization_id, '${WATCH_TASK}', w.connection_id::text
         from talentbridge.network_watch w where w.next_at < before`,
      )}

      -- Licenses of recruiters, as the network told them last. What the network does not tell any more is not active.
      create table talentbridge.network_seat (
        organization_id uuid not null,
        connection_id uuid not null,
        seat_id text not null,
        contract_id text not null,
        member text,
        first_name text not null,
        last_name text not null,
        active boolean not null,
        seen_at timestamptz not null,
        -- The user whose seat it is. One seat has one user, and a user one seat of a connection.
        user_id text,
        -- An admin said that it is that user's: anybody could take a seat that nobody has taken yet.
        confirmed boolean not null default false,
        connected_at timestamptz,
        primary key (organization_id, connection_id, seat_id)
      );
      ${tenantTable('network_seat', ['select', 'insert', 'update', 'delete'])}
      create unique index network_seat_of_user on talentbridge.network_seat (organization_id, connection_id, user_id);

      -- Who a candidate of the ATS is at the network. Kept by the ATS's id, so that it outlives the row of the mirror.
      create table talentbridge.network_link (
        organization_id uuid not null,
        connection_id uuid not null,
        candidate_remote_id text collate "C" not null,
        -- Null: nobody, by a person's word.
        member text,
        -- MATCHED: the network found out. ADDED: they came from there. BY_HAND: a person said so. UNLINKED: a person took it back.
        how text not null,
        -- Whom the network found and a person took back: not taken again.
        refused_member text,
        linked_by text,
        linked_at timestamptz not null default now(),
        primary key (organization_id, connection_id, candidate_remote_id)
      );
      ${tenantTable('network_link', ['select', 'insert', 'update', 'delete'])}
      create index network_link_of_member on talentbridge.network_link (organization_id, connection_id, member);

      -- The key that texts and people of a network connection are encrypted with, sealed as credentials are.
      create table talentbridge.network_key (
        organization_id uuid not null,
        connection_id uuid not null,
        key_id text not null,
        sealed jsonb not null,
        primary key (organization_id, connection_id)
      );
      ${tenantTable('network_key', ['select', 'insert', 'update', 'delete'])}
      create policy key_rotation on talentbridge.network_key for select to current_user using (true);
      create function talentbridge.network_keys() returns table (organization_id uuid, connection_id uuid, key_id text)
      language sql stable security definer set search_path = pg_catalog, pg_temp as $$
        select k.organization_id, k.connection_id, k.key_id from talentbridge.network_key k
        order by k.organization_id, k.connection_id;
      $$;
      revoke all on function talentbridge.network_keys from public;

      -- Messages and notes of recruiters, without a word of what they say: that they exist, when, and who wrote them, is for all.
      create table talentbridge.network_item (
        organization_id uuid not null,
        id uuid not null,
        connection_id uuid not null,
        -- MESSAGE or NOTE.
        kind text not null,
        remote_id text collate "C" not null,
        member text not null,
        conversation_id text,
        contract_id text not null,
        -- Whose messages or notes were asked for.
        owner_seat_id text not null,
        -- A seat or a member wrote it.
        author_seat_id text,
        author_member text,
        author_name text,
        is_public boolean not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        primary key (organization_id, id),
        unique (organization_id, connection_id, kind, remote_id)
      );
      ${tenantTable('network_item', ['select', 'insert', 'update', 'delete'])}
      create index network_item_of_member on talentbridge.network_item (organization_id, connection_id, member, created_at);

      -- What they say, encrypted. Rows are written and never changed: whoever changes an item replaces it, and a text goes with its item.
      create table talentbridge.network_text (
        organization_id uuid not null,
        item_id uuid not null,
        connection_id uuid not null,
        contract_id text not null,
        owner_seat_id text not null,
        is_public boolean not null,
        sealed bytea not null,
        primary key (organization_id, item_id),
        foreign key (organization_id, item_id) references talentbridge.network_item (organization_id, id) on delete cascade
      );
      ${tenantTable('network_text', ['select', 'insert'])}
      -- The database itself hands a text to nobody but users with an active seat of its contract, a private one to its owner alone.
      create policy reading on talentbridge.network_text as restrictive for select using (
        exists (
          select from talentbridge.network_seat s
          where s.organization_id = network_text.organization_id and s.connection_id = network_text.connection_id
            and s.user_id = nullif(current_setting('${USER_VARIABLE}', true), '')
            and s.active and s.seen_at > now() - ${SEAT_BELIEVED}
            and s.contract_id = network_text.contract_id
            and (network_text.is_public or s.confirmed and s.seat_id = network_text.owner_seat_id)
        )
      );
    `,
  },
  {
    name: 'system-connect-2',
    sql: `
      -- Who sees jobs at the network: EVERYBODY who works there for the customer, or the RECRUITERS of each job.
      alter table talentbridge.system_pair add column job_viewers text not null default 'EVERYBODY';
      -- Which of the two the network was told last. Null: neither by this connection.
      alter table talentbridge.network_watch add column told_viewers text;
    `,
  },
  {
    name: 'system-connect-3',
    sql: `
      -- A candidate that goes takes the link along, so that the profile may be another one's. Of those that the network has heard
      -- of, the push that removes them there sees to it: until then they may come back.
      create function talentbridge.forget_links() returns trigger language plpgsql as $$
        begin
          delete from talentbridge.network_link l using gone g, talentbridge.system_pair p
            where p.organization_id = g.organization_id and p.ats_connection_id = g.connection_id
              and l.organization_id = p.organization_id and l.connection_id = p.connection_id
              and l.candidate_remote_id = g.remote_id
              and not exists (select from talentbridge.network_record r
                where r.organization_id = l.organization_id and r.connection_id = l.connection_id and r.kind = 'candidate'
                  and r.remote_id = l.candidate_remote_id and r.parent_id = '');
          return null;
        end $$;
      create trigger forget_links after delete on talentbridge.mirror_candidate
        referencing old table as gone for each statement execute function talentbridge.forget_links();
    `,
  },
];
