import { dueFunction } from '../../../kernel/jobs/lost-jobs.js';
import { tenantTable } from '../../../kernel/persistence/application-role.js';
import type { SchemaStep } from '../../../kernel/persistence/migrate.js';
import { SWEEP_TASK } from './abandoned-files.js';
import { FETCH_TASK } from './attachment-ledger.js';

/** Tables of the files of mirrored candidates. */
export const attachmentSchema: readonly SchemaStep[] = [
  {
    name: 'attachments-1',
    sql: `
      -- What is known of the content of a file. No row: nobody has asked for it yet.
      create table talentbridge.attachment_content (
        organization_id uuid not null,
        attachment_id uuid not null,
        connection_id uuid not null,
        state text not null,
        reason text,
        -- The hash of the mirrored file that this is about. Another one there: the file changed since.
        of_hash uuid,
        -- Whoever fetches it now, and until when nobody else does.
        claim uuid,
        claimed_until timestamptz,
        tries integer not null default 0,
        retry_at timestamptz,
        -- When it is fetched without anybody asking. Null: never.
        due_at timestamptz,
        file_key text,
        size bigint,
        sha256 text,
        -- As its bytes say, whatever the ATS calls it.
        content_type text,
        text_state text not null default 'NONE',
        stored_at timestamptz,
        primary key (organization_id, attachment_id)
      );
      ${tenantTable('attachment_content', ['select', 'insert', 'update', 'delete'])}
      create index attachment_content_due on talentbridge.attachment_content (organization_id, connection_id, due_at)
        where due_at is not null;

      -- Apart, so that lists of files stay light.
      create table talentbridge.attachment_text (
        organization_id uuid not null,
        attachment_id uuid not null,
        text text not null,
        primary key (organization_id, attachment_id)
      );
      ${tenantTable('attachment_text', ['select', 'insert', 'update', 'delete'])}

      -- Files of the store that are to be deleted. A file stands here before it is written, and leaves in the transaction that
      -- says whose it is: whatever a crash leaves behind is found here.
      create table talentbridge.abandoned_file (
        organization_id uuid not null,
        file_key text collate "C" not null,
        attachment_id uuid not null,
        due_at timestamptz not null,
        -- Somebody may still be writing it until then: deleted before, it is deleted once more.
        written_until timestamptz,
        primary key (organization_id, file_key)
      );
      ${tenantTable('abandoned_file', ['select', 'insert', 'update', 'delete'])}
      create index abandoned_file_due on talentbridge.abandoned_file (organization_id, due_at);
      create index abandoned_file_of_attachment on talentbridge.abandoned_file (organization_id, attachment_id);

      -- Whoever deletes a mirrored file, for whatever reason, deletes its content with it. The text goes at once, the file itself
      -- once this is committed.
      create function talentbridge.forget_attachments() returns trigger
      language plpgsql set search_path = pg_catalog, pg_temp as $$
      declare
        organization record;
      begin
        delete from talentbridge.attachment_text t using gone
        where t.organization_id = gone.organization_id and t.attachment_id = gone.id;
        with content as (
          delete from talentbridge.attachment_content c using gone
          where c.organization_id = gone.organization_id and c.attachment_id = gone.id
          returning c.organization_id, c.file_key, c.attachment_id
        )
        insert into talentbridge.abandoned_file (organization_id, file_key, attachment_id, due_at)
        select content.organization_id, content.file_key, content.attachment_id, now() from content
        where content.file_key is not null
        on conflict (organization_id, file_key) do update set due_at = excluded.due_at;
        -- One that is being written at this moment.
        update talentbridge.abandoned_file f set due_at = now() from gone
        where f.organization_id = gone.organization_id and f.attachment_id = gone.id and f.due_at > now();
        for organization in
          select distinct f.organization_id as id from talentbridge.abandoned_file f
          join gone on gone.organization_id = f.organization_id and gone.id = f.attachment_id
        loop
          perform talentbridge.add_job('${SWEEP_TASK}',
            json_build_object('organizationId', organization.id, 'id', organization.id),
            '${SWEEP_TASK}:' || organization.id, null);
        end loop;
        return null;
      end $$;
      create trigger forget_attachments after delete on talentbridge.mirror_attachment
        referencing old table as gone for each statement execute function talentbridge.forget_attachments();
    `,
  },
  {
    name: 'attachments-2',
    sql: dueFunction(
      'talentbridge.attachments_due',
      ['talentbridge.attachment_content', 'talentbridge.abandoned_file'],
      // A look by connection: with the index it ends at the first file that is due, however many there are.
      `select s.organization_id, '${FETCH_TASK}', s.connection_id::text from talentbridge.mirror_state s
       where exists (
         select from talentbridge.attachment_content c
         where c.organization_id = s.organization_id and c.connection_id = s.connection_id and c.due_at < before
           and (c.claimed_until is null or c.claimed_until < before))
       union all
       select distinct f.organization_id, '${SWEEP_TASK}', f.organization_id::text from talentbridge.abandoned_file f
       where f.due_at < before`,
    ),
  },
];
