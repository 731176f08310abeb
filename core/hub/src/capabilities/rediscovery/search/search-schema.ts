import { tenantTable } from '../../../kernel/persistence/application-role.js';
import type { SchemaStep } from '../../../kernel/persistence/migrate.js';

/** What search needs of the tables. The indexes themselves lie in files beside the processes that serve searches. */
export const searchSchema: readonly SchemaStep[] = [
  {
    name: 'search-1',
    sql: `
      -- Up to which transaction an outbox does not hold everything any more.
      create table talentbridge.outbox_pruning (
        organization_id uuid not null,
        outbox text not null,
        up_to xid8 not null,
        primary key (organization_id, outbox)
      );
      ${tenantTable('outbox_pruning', ['select', 'insert', 'update'])}

      -- The text of a file is part of what is known of a candidate: whoever writes or deletes one, tells. A file that is gone has
      -- been told of with its candidate.
      create function talentbridge.tell_text_changes() returns trigger
      language plpgsql set search_path = pg_catalog, pg_temp as $$
      begin
        insert into talentbridge.mirror_change (organization_id, connection_id, change, ids)
        select c.organization_id, c.connection_id, 'CANDIDATES_WRITTEN', array_agg(distinct c.id)
        from written w
        join talentbridge.mirror_attachment f on f.organization_id = w.organization_id and f.id = w.attachment_id
        join talentbridge.mirror_candidate c on c.organization_id = f.organization_id
          and c.remote_id = f.candidate_remote_id and c.connection_id = f.connection_id
        group by c.organization_id, c.connection_id;
        return null;
      end $$;
      create trigger tell_inserts after insert on talentbridge.attachment_text
        referencing new table as written for each statement execute function talentbridge.tell_text_changes();
      create trigger tell_updates after update on talentbridge.attachment_text
        referencing new table as written for each statement execute function talentbridge.tell_text_changes();
      create trigger tell_deletes after delete on talentbridge.attachment_text
        referencing old table as written for each statement execute function talentbridge.tell_text_changes();
    `,
  },
];
