import { APPLICATION_ROLE, ORGANIZATION_VARIABLE, tenantTable } from '../persistence/application-role.js';
import type { SchemaStep } from '../persistence/migrate.js';

/**
 * How all processes together keep to what a vendor bears. One connection is one key, because one credential is one
 * connection, and vendors count by credential.
 *
 * The rules are functions of the database: one round trip, one clock, and the row of the connection as the lock.
 * They run as the application, confined to one organization like any other statement, and commit without waiting for
 * the disk: a crash of the server loses turns of the last moments at most.
 */
export const paceSchema: readonly SchemaStep[] = [
  {
    name: 'pace-1',
    sql: `
      -- The lane '' is the whole connection: its row is the lock, and holds the state of the circuit breaker.
      create table talentbridge.pace_gate (
        organization_id uuid not null,
        connection_id uuid not null,
        lane text not null,
        paused_until timestamptz not null default '-infinity',
        circuit_open boolean not null default false,
        next_probe_at timestamptz not null default '-infinity',
        primary key (organization_id, connection_id, lane)
      );
      ${tenantTable('pace_gate', ['select', 'insert', 'update', 'delete'])}

      -- Requests that still count: against what is under way until they are given back or their holder's lease ends,
      -- and against a window from the moment by which they had surely arrived at the vendor.
      create table talentbridge.pace_turn (
        organization_id uuid not null,
        connection_id uuid not null,
        id uuid not null default gen_random_uuid(),
        lane text not null,
        holder uuid not null,
        -- Null: given back.
        held_until timestamptz,
        -- Null: not known yet.
        arrived_by timestamptz,
        primary key (organization_id, connection_id, id)
      );
      ${tenantTable('pace_turn', ['select', 'insert', 'update', 'delete'])}

      -- Who was sent away, since when, and when it comes again: so that nobody is overtaken for long.
      create table talentbridge.pace_waiting (
        organization_id uuid not null,
        connection_id uuid not null,
        lane text not null,
        holder uuid not null,
        rank integer not null,
        wanted integer not null,
        since timestamptz not null,
        expected_at timestamptz not null,
        -- Whether it knows when: otherwise it hears of it when a turn comes back.
        knows_when boolean not null,
        primary key (organization_id, connection_id, lane, holder)
      );
      ${tenantTable('pace_waiting', ['select', 'insert', 'update', 'delete'])}

      -- Confines the transaction to the organization, locks the connection, and answers the time.
      create function talentbridge.pace_enter(organization uuid, connection uuid)
      returns timestamptz language plpgsql set search_path = pg_catalog, talentbridge, pg_temp as $$
      begin
        perform set_config('${ORGANIZATION_VARIABLE}', organization::text, true),
                set_config('synchronous_commit', 'off', true);
        perform from pace_gate g
          where g.organization_id = organization and g.connection_id = connection and g.lane = '' for update;
        if not found then
          insert into pace_gate (organization_id, connection_id, lane) values (organization, connection, '')
            on conflict do nothing;
          perform from pace_gate g
            where g.organization_id = organization and g.connection_id = connection and g.lane = '' for update;
        end if;
        -- Not the time of the transaction: it may have waited for the lock.
        return clock_timestamp();
      end $$;

      -- Tells the other processes to look again, once this transaction is committed.
      create function talentbridge.pace_announce(organization uuid, connection uuid, topic text)
      returns void language sql set search_path = pg_catalog, pg_temp as $$
        select pg_notify('talentbridge',
          json_build_object('organizationId', organization, 'topic', topic, 'id', connection)::text)
      $$;

      -- How many turns one limit leaves, and when the next one comes. "only_lane" null: of the whole connection.
      create function talentbridge.pace_room(
        organization uuid, connection uuid, only_lane text, lim jsonb, arrival interval, moment timestamptz,
        out free integer, out opens_at timestamptz, out knows_when boolean
      ) language plpgsql set search_path = pg_catalog, talentbridge, pg_temp as $$
      declare
        concurrency integer := (lim->>'concurrency')::integer;
        requests integer := (lim->'rate'->>'requests')::integer;
        per interval := (lim->'rate'->>'perMs')::float8 * interval '1 millisecond';
        counted integer;
        first timestamptz;
        first_held boolean;
      begin
        free := 1000000;
        opens_at := moment;
        knows_when := true;
        if concurrency is not null then
          select count(*), min(t.held_until) into counted, first from pace_turn t
            where t.organization_id = organization and t.connection_id = connection
              and (only_lane is null or t.lane = only_lane) and t.held_until > moment;
          free := least(free, concurrency - counted);
          if counted >= concurrency then
            opens_at := greatest(opens_at, first);
            knows_when := false;
          end if;
        end if;
        if requests is not null then
          -- A request of a holder that is never heard of again left within its lease, and arrived soon after.
          select count(*) into counted from pace_turn t
            where t.organization_id = organization and t.connection_id = connection
              and (only_lane is null or t.lane = only_lane)
              and coalesce(t.arrived_by, t.held_until + arrival) > moment - per;
          free := least(free, requests - counted);
          if counted >= requests then
            select coalesce(t.arrived_by, t.held_until + arrival) as bound, t.arrived_by is null and t.held_until > moment
              into first, first_held
              from pace_turn t
              where t.organization_id = organization and t.connection_id = connection
                and (only_lane is null or t.lane = only_lane)
                and coalesce(t.arrived_by, t.held_until + arrival) > moment - per
              order by bound offset counted - requests limit 1;
            opens_at := greatest(opens_at, first + per);
            knows_when := knows_when and not first_held;
          end if;
        end if;
      end $$;

      -- Takes turns back, renews those that are held, and grants new ones.
      create function talentbridge.pace_turns(organization uuid, connection uuid, by_holder uuid, demand jsonb)
      returns jsonb language plpgsql set search_path = pg_catalog, talentbridge, pg_temp as $$
      declare
        moment timestamptz := pace_enter(organization, connection);
        lease interval := (demand->>'leaseMs')::float8 * interval '1 millisecond';
        arrival interval := (demand->>'arrivalMs')::float8 * interval '1 millisecond';
        memory interval := (demand->>'memoryMs')::float8 * interval '1 millisecond';
        whole jsonb := demand->'whole';
        asked jsonb;
        room record;
        own record;
        free integer;
        opens_at timestamptz;
        knows_when boolean;
        paused timestamptz;
        my_since timestamptz;
        older integer;
        share integer;
        reserved integer;
        granted integer;
        ids uuid[];
        answer jsonb := '[]';
      begin
        insert into pace_gate as g (organization_id, connection_id, lane, paused_until)
          select organization, connection, p.lane, moment + p.ms * interval '1 millisecond'
          from jsonb_to_recordset(demand->'pauses') as p(lane text, ms float8)
          on conflict (organization_id, connection_id, lane)
          do update set paused_until = greatest(g.paused_until, excluded.paused_until);

        update pace_turn t
          set held_until = moment + lease,
              arrived_by = coalesce(moment - r."agoMs" * interval '1 millisecond', t.arrived_by)
          from jsonb_to_recordset(demand->'renewed') as r(id uuid, "agoMs" float8)
          where t.organization_id = organization and t.connection_id = connection and t.id = r.id
            and t.held_until is not null;

        if jsonb_array_length(demand->'returned') > 0 then
          delete from pace_turn t using jsonb_to_recordset(demand->'returned') as r(id uuid, "agoMs" float8)
            where t.organization_id = organization and t.connection_id = connection and t.id = r.id
              and r."agoMs" is null;
          update pace_turn t set held_until = null, arrived_by = moment - r."agoMs" * interval '1 millisecond'
            from jsonb_to_recordset(demand->'returned') as r(id uuid, "agoMs" float8)
            where t.organization_id = organization and t.connection_id = connection and t.id = r.id;
          delete from pace_turn t
            where t.organization_id = organization and t.connection_id = connection
              and coalesce(t.arrived_by, t.held_until + arrival) < moment - memory
              and (t.held_until is null or t.held_until < moment);
          delete from pace_waiting w
            where w.organization_id = organization and w.connection_id = connection
              and w.expected_at < moment - interval '10 seconds';
          update pace_waiting w set knows_when = true, expected_at = least(w.expected_at, moment)
            where w.organization_id = organization and w.connection_id = connection
              and w.holder <> by_holder and not w.knows_when;
          if found then perform pace_announce(organization, connection, 'pace'); end if;
        end if;

        for asked in select value from jsonb_array_elements(demand->'lanes') loop
          select max(g.paused_until) into paused from pace_gate g
            where g.organization_id = organization and g.connection_id = connection
              and g.lane in ('', asked->>'lane');
          select * into room from pace_room(organization, connection, null, whole, arrival, moment);
          select * into own from pace_room(
            organization, connection, asked->>'lane', asked->'limit', arrival, moment);
          free := case when paused > moment then 0 else greatest(0, least(room.free, own.free)) end;

          -- Others who have waited for longer, or whose work is more urgent, and who are about to come.
          reserved := 0;
          if free > 0 then
            select min(w.since) into my_since from pace_waiting w
              where w.organization_id = organization and w.connection_id = connection
                and w.lane = asked->>'lane' and w.holder = by_holder;
            my_since := coalesce(my_since, moment);
            select count(*) into older from pace_waiting w
              where w.organization_id = organization and w.connection_id = connection
                and w.lane = asked->>'lane' and w.holder <> by_holder
                and w.expected_at between moment - interval '50 milliseconds' and moment + interval '20 milliseconds'
                and (w.rank, w.since) < ((asked->>'rank')::integer, my_since);
            if older > 0 then
              share := greatest(1, free / (older + 1));
              select sum(least(w.wanted, share)) into reserved from pace_waiting w
                where w.organization_id = organization and w.connection_id = connection
                  and w.lane = asked->>'lane' and w.holder <> by_holder
                  and w.expected_at between moment - interval '50 milliseconds' and moment + interval '20 milliseconds'
                  and (w.rank, w.since) < ((asked->>'rank')::integer, my_since);
            end if;
          end if;

          granted := least((asked->>'wanted')::integer, greatest(0, free - reserved));
          ids := '{}';
          if granted > 0 then
            with made as (
              insert into pace_turn (organization_id, connection_id, lane, holder, held_until)
                select organization, connection, asked->>'lane', by_holder, moment + lease
                from generate_series(1, granted)
                returning id
            ) select array_agg(made.id) into ids from made;
          end if;

          opens_at := moment;
          knows_when := true;
          if granted < (asked->>'wanted')::integer then
            if free > granted then
              -- What is free is kept for others who are about to come.
              opens_at := moment + interval '10 milliseconds';
            else
              select * into room from pace_room(organization, connection, null, whole, arrival, moment);
              select * into own from pace_room(
                organization, connection, asked->>'lane', asked->'limit', arrival, moment);
              opens_at := greatest(room.opens_at, own.opens_at, paused);
              knows_when := room.knows_when and own.knows_when;
            end if;
            insert into pace_waiting as w (
                organization_id, connection_id, lane, holder, rank, wanted, since, expected_at, knows_when)
              values (organization, connection, asked->>'lane', by_holder, (asked->>'rank')::integer,
                (asked->>'wanted')::integer - granted, moment, opens_at, knows_when)
              on conflict (organization_id, connection_id, lane, holder) do update set
                rank = excluded.rank, wanted = excluded.wanted, expected_at = excluded.expected_at,
                knows_when = excluded.knows_when,
                since = case when granted > 0 then excluded.since else w.since end;
          else
            delete from pace_waiting w
              where w.organization_id = organization and w.connection_id = connection
                and w.lane = asked->>'lane' and w.holder = by_holder;
          end if;
          answer := answer || jsonb_build_object(
            'lane', asked->>'lane', 'ids', to_jsonb(ids), 'knowsWhen', knows_when,
            'waitMs', extract(epoch from opens_at - moment)::float8 * 1000);
        end loop;
        return answer;
      end $$;

      -- What a process has seen of the vendor ("look", "opened", "probe", "closed"), and what all of them have.
      create function talentbridge.pace_circuit(organization uuid, connection uuid, event text, probe_every_ms float8)
      returns jsonb language plpgsql set search_path = pg_catalog, talentbridge, pg_temp as $$
      declare
        moment timestamptz := pace_enter(organization, connection);
        circuit record;
        opening boolean;
        closing boolean;
        probing boolean;
      begin
        select g.circuit_open as is_open, g.next_probe_at into circuit from pace_gate g
          where g.organization_id = organization and g.connection_id = connection and g.lane = '';
        opening := event = 'opened' and not circuit.is_open;
        closing := event = 'closed' and circuit.is_open;
        probing := event = 'probe' and circuit.is_open and circuit.next_probe_at <= moment;
        if opening or probing then circuit.next_probe_at := moment + probe_every_ms * interval '1 millisecond'; end if;
        if opening or closing or probing then
          update pace_gate g set circuit_open = not closing, next_probe_at = circuit.next_probe_at
            where g.organization_id = organization and g.connection_id = connection and g.lane = '';
        end if;
        if opening then perform pace_announce(organization, connection, 'circuit.opened'); end if;
        if closing then perform pace_announce(organization, connection, 'circuit.closed'); end if;
        return jsonb_build_object(
          'open', opening or (circuit.is_open and not closing),
          'probe', probing,
          'nextProbeMs', greatest(0, extract(epoch from circuit.next_probe_at - moment)::float8 * 1000));
      end $$;

      -- Nothing is left of a connection that was removed.
      create function talentbridge.pace_forget(organization uuid, connection uuid)
      returns void language plpgsql set search_path = pg_catalog, talentbridge, pg_temp as $$
      begin
        perform pace_enter(organization, connection);
        delete from pace_turn t where t.organization_id = organization and t.connection_id = connection;
        delete from pace_waiting w where w.organization_id = organization and w.connection_id = connection;
        delete from pace_gate g where g.organization_id = organization and g.connection_id = connection;
      end $$;

      revoke all on function talentbridge.pace_enter, talentbridge.pace_announce, talentbridge.pace_room,
        talentbridge.pace_turns, talentbridge.pace_circuit, talentbridge.pace_forget from public;
      grant execute on function talentbridge.pace_enter, talentbridge.pace_announce, talentbridge.pace_room,
        talentbridge.pace_turns, talentbridge.pace_circuit, talentbridge.pace_forget to ${APPLICATION_ROLE};
    `,
  },
];
