import { dueFunction } from '../../kernel/jobs/lost-jobs.js';
import { ORGANIZATION_VARIABLE, tenantTable } from '../../kernel/persistence/application-role.js';
import type { SchemaStep } from '../../kernel/persistence/migrate.js';
import { PROCESS_TASK, TEND_TASK } from './webhook-model.js';

/** Tables of Webhooks. */
export const webhooksSchema: readonly SchemaStep[] = [
  {
    name: 'webhooks-1',
    sql: `
      -- One per connection whose ATS could tell what changes.
      create table talentbridge.webhook_state (
        organization_id uuid not null,
        connection_id uuid not null,
        -- What the last look at the ATS met, for people. Null: nothing.
        reason text,
        -- The ATS or this deployment refuses, so that trying again soon is of no use.
        refused boolean not null default false,
        -- Failed looks in a row.
        tries integer not null default 0,
        -- When the subscription was last found, or made, as it should be.
        checked_at timestamptz,
        -- Until when the log of the ATS was read.
        log_read_until timestamptz,
        -- Since when events may have been missed that no log has, until somebody has seen to it.
        gap_since timestamptz,
        -- Somebody makes or removes subscriptions at the ATS until then.
        tended_until timestamptz,
        -- Of those that were seen to.
        last_event_at timestamptz,
        -- A job that sees to events is added and has not looked for them yet.
        queued boolean not null default false,
        -- Events wait until then because the ATS does not answer, and how often it did not.
        resume_at timestamptz,
        process_tries integer not null default 0,
        primary key (organization_id, connection_id)
      );
      ${tenantTable('webhook_state', ['select', 'insert', 'update', 'delete'])}

      create table talentbridge.webhook_subscription (
        organization_id uuid not null,
        id uuid not null,
        connection_id uuid not null,
        -- SHA-256 of the token in the callback URL.
        token_digest bytea not null unique,
        -- PENDING: about to be made. ACTIVATING: made, the ATS may try the address. ACTIVE. REMOVED: what still arrives is refused.
        status text not null,
        remote_id text,
        -- What its callback URL begins with.
        base_url text not null,
        events text[] not null default '{}',
        key_id text,
        -- Token and keys of signatures, sealed as credentials are. Null: nothing of it is at the ATS any more.
        sealed jsonb,
        secret_made_at timestamptz,
        -- A new key is being made: which one signs is not known.
        rotating_at timestamptz,
        replaced_until timestamptz,
        created_at timestamptz not null default now(),
        removed_at timestamptz,
        primary key (organization_id, id)
      );
      ${tenantTable('webhook_subscription', ['select', 'insert', 'update', 'delete'])}
      create unique index webhook_subscription_of_connection
        on talentbridge.webhook_subscription (organization_id, connection_id) where status <> 'REMOVED';
      create index webhook_subscription_by_connection on talentbridge.webhook_subscription (connection_id);

      -- Who calls knows a token and nothing else, so that its organization has to be found among all. The function shows
      -- whose it is, and only the migrating role may call it. The policy is what lets it see where that role is no superuser.
      create policy intake on talentbridge.webhook_subscription for select to current_user using (true);
      create function talentbridge.webhook_places(digests text[])
      returns table (digest text, organization_id uuid, id uuid)
      language sql stable security definer set search_path = pg_catalog, pg_temp as $$
        select encode(s.token_digest, 'hex'), s.organization_id, s.id from talentbridge.webhook_subscription s
        where s.token_digest = any(select decode(given, 'hex') from unnest(digests) as given);
      $$;
      revoke all on function talentbridge.webhook_places from public;
      -- A rotation of keys has to find those of all organizations, as it does the credentials.
      create function talentbridge.webhook_keys() returns table (organization_id uuid, connection_id uuid, id uuid, key_id text)
      language sql stable security definer set search_path = pg_catalog, pg_temp as $$
        select s.organization_id, s.connection_id, s.id, s.key_id from talentbridge.webhook_subscription s
        where s.sealed is not null order by s.organization_id, s.id;
      $$;
      revoke all on function talentbridge.webhook_keys from public;

      -- What an event says, it says in bodies, which are personal data: only which records it is about is kept.
      create table talentbridge.webhook_event (
        organization_id uuid not null,
        subscription_id uuid not null,
        -- Of the ATS's id of the event or of its body, keyed with the subscription's token, so that nobody can try out bodies.
        event_key bytea not null,
        id uuid not null,
        connection_id uuid not null,
        name text not null,
        -- "candidate/17"
        refs text[] not null,
        received_at timestamptz not null default now(),
        done_at timestamptz,
        -- Why a record could not be read again.
        reason text,
        primary key (organization_id, subscription_id, event_key)
      );
      ${tenantTable('webhook_event', ['select', 'insert', 'update', 'delete'])}
      create index webhook_event_waiting on talentbridge.webhook_event (organization_id, connection_id, id)
        where done_at is null;
      -- To find old ones, at next to no cost for those that arrive.
      create index webhook_event_received on talentbridge.webhook_event using brin (received_at);

      -- Stores events, and answers for which connections a job is to be added. Whoever sees to events takes the mark of the job
      -- away before looking for them; both hold its row until they commit, so that each event is either seen or has a job of its
      -- own. Adding a job for each delivery would cost more than storing it. A function, because its plan is kept: planning cost as
      -- much as storing, too. It runs as its caller, and so within the organization of the transaction.
      create function talentbridge.store_webhook_events(
        organization uuid, subscription_ids uuid[], keys text[], ids uuid[], connection_ids uuid[], names text[], refs text[]
      )
      returns setof uuid language plpgsql set search_path = pg_catalog, pg_temp as $$
      declare
        concerned uuid[];
        each_id uuid;
        is_queued boolean;
      begin
        with stored as (
          insert into talentbridge.webhook_event as w
            (organization_id, subscription_id, event_key, id, connection_id, name, refs)
          select organization, e.subscription_id, decode(e.key, 'base64'), e.id, e.connection_id, e.name,
            string_to_array(e.refs, e'\\n')
          from unnest(subscription_ids, keys, ids, connection_ids, names, refs)
            as e (subscription_id, key, id, connection_id, name, refs)
          where exists (select from talentbridge.connection c
            where c.organization_id = organization and c.id = e.connection_id and c.status not in ('REMOVING', 'REMOVED'))
          on conflict do nothing returning w.connection_id
        )
        select array_agg(distinct stored.connection_id order by stored.connection_id) into concerned from stored;
        foreach each_id in array coalesce(concerned, '{}') loop
          select s.queued into is_queued from talentbridge.webhook_state s
          where s.organization_id = organization and s.connection_id = each_id for no key update;
          if is_queued is not true then
            update talentbridge.webhook_state s set queued = true
            where s.organization_id = organization and s.connection_id = each_id;
            return next each_id;
          end if;
        end loop;
      end $$;
    `,
  },
  {
    name: 'webhooks-2',
    sql: `
      -- What cannot be read again while other records can waits by itself: how often it was tried, and until when it waits.
      alter table talentbridge.webhook_event
        add column tries integer not null default 0,
        add column resume_at timestamptz;
      -- Those are looked up for each batch, and are few.
      create index webhook_event_retried on talentbridge.webhook_event (organization_id, connection_id)
        where done_at is null and tries > 0;

      -- For figures of the whole deployment, of which no organization is told. The policy is what lets the function see where the
      -- migrating role is no superuser.
      create policy operations on talentbridge.webhook_event for select to current_user using (true);
      create function talentbridge.webhook_events_waiting() returns bigint
      language sql stable security definer set search_path = pg_catalog, pg_temp as $$
        select count(*) from talentbridge.webhook_event e where e.done_at is null;
      $$;
      revoke all on function talentbridge.webhook_events_waiting from public;

      drop function talentbridge.store_webhook_events(uuid, uuid[], text[], uuid[], uuid[], text[], text[]);
      -- Stores events of an organization and, where none waits, the job that sees to them; answers how many are new. All of it is
      -- one statement, and thus a transaction of its own: a way to the database for each of its parts took longer than the commit.
      --
      -- Whoever sees to events holds the lock alone while taking the mark of the waiting job away and looking for events; whoever
      -- stores holds it together with others until the commit. So each event is either seen or has a job of its own, and two
      -- batches of a connection need not wait for each other. Adding a job for each delivery would cost more than storing it.
      -- A function, because its plan is kept: planning cost as much as storing, too.
      create function talentbridge.store_webhook_events(
        organization uuid, subscription_ids uuid[], keys text[], ids uuid[], connection_ids uuid[], names text[], refs text[]
      )
      returns integer language plpgsql set search_path = pg_catalog, pg_temp as $$
      declare
        concerned uuid[];
        added integer;
        each_id uuid;
      begin
        perform set_config('${ORGANIZATION_VARIABLE}', organization::text, true);
        with stored as (
          insert into talentbridge.webhook_event as w
            (organization_id, subscription_id, event_key, id, connection_id, name, refs)
          select organization, e.subscription_id, decode(e.key, 'base64'), e.id, e.connection_id, e.name,
            string_to_array(e.refs, e'\\n')
          from unnest(subscription_ids, keys, ids, connection_ids, names, refs)
            as e (subscription_id, key, id, connection_id, name, refs)
          where exists (select from talentbridge.connection c
            where c.organization_id = organization and c.id = e.connection_id and c.status not in ('REMOVING', 'REMOVED'))
          -- Those who store the same events at once meet in the same order.
          order by e.subscription_id, e.key
          on conflict do nothing returning w.connection_id
        )
        select array_agg(distinct stored.connection_id order by stored.connection_id), count(*) into concerned, added
        from stored;
        foreach each_id in array coalesce(concerned, '{}') loop
          perform pg_advisory_xact_lock_shared(hashtextextended('${PROCESS_TASK}:' || each_id, 0));
          update talentbridge.webhook_state s set queued = true
          where s.organization_id = organization and s.connection_id = each_id and not s.queued;
          if found then
            -- As JobQueue adds it.
            perform talentbridge.add_job('${PROCESS_TASK}',
              json_build_object('organizationId', organization, 'id', each_id), '${PROCESS_TASK}:' || each_id, null);
          end if;
        end loop;
        return added;
      end $$;
    `,
  },
  {
    name: 'webhooks-3',
    sql: dueFunction(
      'talentbridge.webhooks_due',
      ['talentbridge.webhook_state', 'talentbridge.connection'],
      `with known as (
         select s.organization_id, s.connection_id, s.queued, s.resume_at,
           c.id is null or c.status in ('REMOVING', 'REMOVED') as gone,
           exists (
             select from talentbridge.webhook_event e
             where e.organization_id = s.organization_id and e.connection_id = s.connection_id and e.done_at is null
               and e.received_at < before and coalesce(e.resume_at < before, true)) as waiting
         from talentbridge.webhook_state s
         left join talentbridge.connection c on c.organization_id = s.organization_id and c.id = s.connection_id
       )
       -- A subscription that can be looked after always has a job for it; what is left of a connection that is gone is deleted.
       select k.organization_id, '${TEND_TASK}', k.connection_id::text from known k where not k.gone or k.waiting
       union all
       select k.organization_id, '${PROCESS_TASK}', k.connection_id::text from known k
       where not k.gone and (k.queued or k.waiting) and coalesce(k.resume_at < before, true)`,
    ),
  },
];
