import type { Transaction } from '../../../kernel/persistence/transaction.js';
import type { ReadApplication, ReadAttachment, ReadCandidate, ReadJob } from '../read-records.js';

/** A record on its way into a table of the mirror. */
interface Row {
  readonly id: string;
  /** The mirror has it already, and it is replaced. */
  readonly replaces: boolean;
}

/** A job on its way into the mirror. */
export interface JobRow extends Row {
  readonly job: ReadJob;
}

/** A candidate on its way into the mirror. */
export interface CandidateRow extends Row {
  readonly read: ReadCandidate;
  /** Of parts that did not come with them this time. */
  readonly applicationsHash: string | null;
  readonly attachmentsHash: string | null;
}

/** An application on its way into the mirror. */
export interface ApplicationRow extends Row {
  readonly application: ReadApplication;
}

/** A file's description on its way into the mirror. */
export interface AttachmentRow extends Pick<Row, 'id'> {
  /** The ATS's id of the candidate. */
  readonly owner: string;
  readonly attachment: ReadAttachment;
}

/**
 * What is to be written into the tables of a mirror, gathered so that one statement writes all of it: each way to the database
 * and back costs a page more than a table does.
 *
 * Rows go in as one JSON document a table. Measured against arrays (`unnest`) and against COPY into a temporary table: those take
 * the database up to a third less and this process as much more, and row-level security would not let COPY do without a temporary
 * table. What the mirror does not have is inserted without `on conflict`, which costs a fifth: whoever writes holds the lock under
 * which it was looked up.
 */
export class MirrorRows {
  private readonly parts: string[] = [];
  private readonly parameters: unknown[];

  /** @param copied They come from a copy of the ATS's data. */
  constructor(
    private readonly tx: Transaction,
    private readonly connectionId: string,
    private readonly copied = false,
  ) {
    this.parameters = [tx.organizationId, connectionId];
  }

  jobs(rows: readonly JobRow[]): void {
    this.add(
      rows,
      (document) => `insert into talentbridge.mirror_job as j
         (organization_id, connection_id, id, remote_id, hash, data, title, code, open, remote_updated_at, copied)
       select $1, $2, n.id, n.r, n.h, n.d, n.d ->> 'title', n.d ->> 'code', (n.d ->> 'open')::boolean,
         (n.d ->> 'updatedAt')::timestamptz, ${this.copied}
       from jsonb_to_recordset(${document}::jsonb) as n (id uuid, r text, h uuid, d jsonb)`,
      `on conflict (organization_id, connection_id, remote_id) do update
         set hash = excluded.hash, data = excluded.data, title = excluded.title, code = excluded.code,
           open = excluded.open, remote_updated_at = excluded.remote_updated_at, written_at = now(),
           copied = j.copied and excluded.copied`,
      ({ job, id }) => `${fields({ id, r: job.remoteId, h: job.hash })},"d":${job.json}`,
    );
  }

  candidates(rows: readonly CandidateRow[]): void {
    this.add(
      rows,
      (document) => `insert into talentbridge.mirror_candidate as c
         (organization_id, connection_id, id, remote_id, hash, applications_hash, attachments_hash, data, emails,
          remote_updated_at, sorted_at, copied)
       select $1, $2, n.id, n.r, n.h, n.a, n.f, n.d, n.e, n.u, coalesce(n.s, now()), ${this.copied}
       from jsonb_to_recordset(${document}::jsonb) as n
         (id uuid, r text, h uuid, a uuid, f uuid, d jsonb, e text[], u timestamptz, s timestamptz)`,
      `on conflict (organization_id, connection_id, remote_id) do update
         set hash = excluded.hash, applications_hash = excluded.applications_hash,
           attachments_hash = excluded.attachments_hash, data = excluded.data, emails = excluded.emails,
           remote_updated_at = excluded.remote_updated_at, sorted_at = excluded.sorted_at, written_at = now(),
           copied = c.copied and excluded.copied`,
      ({ id, read, applicationsHash: a, attachmentsHash: f }) => {
        const { remoteId: r, hash: h, emails: e, remoteUpdatedAt: u, sortedAt: s } = read;
        return `${fields({ id, r, h, a, f, e, u, s })},"d":${read.json}`;
      },
    );
  }

  applications(rows: readonly ApplicationRow[]): void {
    this.add(
      rows,
      (document) => `insert into talentbridge.mirror_application as a
         (organization_id, connection_id, id, remote_id, candidate_remote_id, job_remote_id, hash, job_title, status,
          status_label, sub_status, stage, rejection_reason, withdrawal_reason, source, recruiter_remote_id, recruiter_name,
          applied_at, remote_updated_at, copied)
       select $1, $2, n.id, n."remoteId", n."candidateRemoteId", n."jobRemoteId", n.h, n."jobTitle", n.status,
         n."statusLabel", n."subStatus", n.stage, n."rejectionReason", n."withdrawalReason", n.source,
         n.recruiter ->> 'remoteId', n.recruiter ->> 'name', n."appliedAt", n."updatedAt", ${this.copied}
       from json_to_recordset(${document}::json) as n (
         id uuid, "remoteId" text, "candidateRemoteId" text, "jobRemoteId" text, h uuid, "jobTitle" text, status text,
         "statusLabel" text, "subStatus" text, stage text, "rejectionReason" text, "withdrawalReason" text, source text,
         recruiter json, "appliedAt" timestamptz, "updatedAt" timestamptz)`,
      `on conflict (organization_id, connection_id, remote_id) do update
         set candidate_remote_id = excluded.candidate_remote_id, job_remote_id = excluded.job_remote_id,
           hash = excluded.hash, job_title = excluded.job_title, status = excluded.status,
           status_label = excluded.status_label, sub_status = excluded.sub_status, stage = excluded.stage,
           rejection_reason = excluded.rejection_reason, withdrawal_reason = excluded.withdrawal_reason,
           source = excluded.source, recruiter_remote_id = excluded.recruiter_remote_id,
           recruiter_name = excluded.recruiter_name, applied_at = excluded.applied_at,
           remote_updated_at = excluded.remote_updated_at, written_at = now(), copied = a.copied and excluded.copied`,
      ({ id, application: { hash, json } }) => `"id":"${id}","h":"${hash}",${json.slice(1, -1)}`,
    );
  }

  attachments(rows: readonly AttachmentRow[]): void {
    this.add(
      // Whether the mirror has a file of somebody new is not looked up.
      rows.map((row) => ({ ...row, replaces: true })),
      (document) => `insert into talentbridge.mirror_attachment
         (organization_id, connection_id, id, candidate_remote_id, remote_id, hash, filename, kind, content_type, size,
          remote_updated_at)
       select $1, $2, n.id, n.owner, n."remoteId", n.h, n.filename, n.kind, n."contentType", n.size, n."updatedAt"
       from json_to_recordset(${document}::json) as n (
         id uuid, owner text, "remoteId" text, h uuid, filename text, kind text, "contentType" text, size bigint,
         "updatedAt" timestamptz)`,
      `on conflict (organization_id, connection_id, candidate_remote_id, remote_id) do update
         set hash = excluded.hash, filename = excluded.filename, kind = excluded.kind, content_type = excluded.content_type,
           size = excluded.size, remote_updated_at = excluded.remote_updated_at, written_at = now(), copied = false`,
      ({ id, owner, attachment: { hash, json } }) => `${fields({ id, owner, h: hash })},${json.slice(1, -1)}`,
    );
  }

  /**
   * Has a statement run together with the rows. It does not see them.
   * @param statement Is given how to hand over a value: `value => '$7'`.
   */
  also(statement: (bind: (value: unknown) => string) => string): void {
    this.part(statement((value) => this.bind(value)));
  }

  /** Writes what was gathered since this was last called. */
  async write(): Promise<void> {
    if (this.parts.length === 0) return;
    const parts = this.parts.splice(0);
    const parameters = this.parameters.splice(0);
    this.parameters.push(this.tx.organizationId, this.connectionId);
    // Named, so that their types are known where no part needs them.
    await this.tx.rows(`with place as (select $1::uuid, $2::uuid), ${parts.join(', ')} select`, parameters);
  }

  private add<Item extends Row>(
    rows: readonly Item[],
    insert: (document: string) => string,
    onConflict: string,
    inside: (row: Item) => string,
  ): void {
    const added = rows.filter((row) => !row.replaces);
    const replacing = rows.filter((row) => row.replaces);
    if (added.length > 0) this.part(insert(this.bind(documents(added, inside))));
    if (replacing.length > 0) this.part(`${insert(this.bind(documents(replacing, inside)))} ${onConflict}`);
  }

  private part(statement: string): void {
    this.parts.push(`part_${this.parts.length} as (${statement})`);
  }

  private bind(value: unknown): string {
    this.parameters.push(value);
    return `$${this.parameters.length}`;
  }
}

/** The inside of a JSON object, without its braces. */
function fields(values: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(values).slice(1, -1);
}

/** A JSON list of objects whose insides are given; what is JSON already is not read again. */
function documents<Item>(items: readonly Item[], inside: (item: Item) => string): string {
  return `[${items.map((item) => `{${inside(item)}}`).join(',')}]`;
}
