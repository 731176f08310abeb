import type { MirroredApplication, MirroredCandidate, RecordReference } from '@talentbridge/contracts';
import type { Transaction } from '../../../kernel/persistence/transaction.js';
import { uuidv7 } from '../../../kernel/persistence/uuidv7.js';
import type { ErasedPeople, Recogniser } from '../erased-people.js';
import type { MirrorWriter } from '../mirror-writer.js';
import { type ReadAttachment, readAttachment } from '../read-records.js';
import { rowsNamed } from '../writing/lookups.js';
import type { MirrorPlace } from '../writing/mirror-write.js';
import { announceChanges } from '../writing/notes.js';
import type { CopiedContents } from './copied-contents.js';
import {
  type CopiedRecord,
  type CopiedRows,
  isNewer,
  type NamedFile,
  type RefusedLine,
  recordsOf,
} from './copied-rows.js';
import type { DataCopyCounts } from './data-copy-model.js';

/** What became of some rows. */
export interface CopyReport {
  readonly counts: DataCopyCounts;
  readonly refused: readonly RefusedLine[];
}

/** A file that was uploaded. */
interface StoredCopyFile {
  readonly id: string;
  readonly path: string;
  /** `null`: it belongs to an attachment already. */
  readonly key: string | null;
  readonly size: number;
  readonly sha256: string;
  readonly contentType: string | null;
}

/** What the mirror holds of a record. */
interface Held {
  readonly remoteId: string;
  readonly at: Date | null;
  readonly copied: boolean;
}

/** A file on its way into the mirror. */
interface NewFile {
  readonly id: string;
  readonly owner: string;
  readonly attachment: ReadAttachment;
  readonly file: StoredCopyFile & { readonly key: string };
}

interface HeldAttachment {
  readonly id: string;
  readonly candidateRemoteId: string;
  readonly remoteId: string;
  readonly hash: string;
  readonly copied: boolean;
}

type Kind = RecordReference['kind'];

/** Writes rows of a data copy where the mirror and the ATS know nothing newer. */
export class CopyWriter {
  constructor(
    private readonly writer: MirrorWriter,
    private readonly erased: ErasedPeople,
    private readonly contents: CopiedContents,
  ) {}

  /**
   * Writes some rows of one file. The caller holds the lock on the connection's `mirror_state`.
   * @param from The copy, and the path of the file whose rows these are.
   */
  async write(
    tx: Transaction,
    place: MirrorPlace,
    from: { readonly dataCopyId: string; readonly path: string },
    rows: CopiedRows,
    refusedBefore: readonly RefusedLine[],
  ): Promise<CopyReport> {
    const known = await this.erased.recogniserOf(tx, place.accountKey);
    const counts = { written: 0, ...rows.repeated };
    const wanted = {
      candidates: await this.newer(tx, place, 'candidate', rows.candidates, counts, withRest),
      jobs: await this.newer(tx, place, 'job', rows.jobs, counts, (held, job) => ({ ...held, ...job })),
      applications: await this.ofPresent(
        tx,
        place,
        await this.newer(tx, place, 'application', rows.applications, counts, withRestOfApplication),
        counts,
      ),
    };
    const records = recordsOf(wanted);
    const written = await this.writer.writeCopied(tx, place, records);
    const all = wanted.candidates.length + wanted.jobs.length + wanted.applications.length;
    counts.written += written.written;
    counts.unchanged += written.unchanged;
    // The others are of people who were erased.
    counts.older += all - written.written - written.unchanged;
    const files = await this.writeFiles(tx, place, from, rows.files, known, counts);
    const refused = await this.withoutErased(tx, [...refusedBefore, ...rows.refused, ...files], known);
    const left = refusedBefore.length + rows.refused.length + files.length - refused.length;
    const { unchanged } = counts;
    const older = counts.older + left;
    return {
      counts: {
        read: counts.written + unchanged + older + refused.length,
        written: counts.written,
        unchanged,
        older,
        refused: refused.length,
      },
      refused,
    };
  }

  /** Records that are news, put together with what the mirror holds of them and a copy does not tell. */
  private async newer<Value extends { readonly remoteId: string }>(
    tx: Transaction,
    { connectionId }: MirrorPlace,
    kind: Kind,
    records: ReadonlyMap<string, CopiedRecord<Value>>,
    counts: { unchanged: number; older: number },
    together: (held: Value, row: Value) => Value,
  ): Promise<readonly Value[]> {
    if (records.size === 0) return [];
    const ids = [...records.keys()];
    const rows = await tx.rows<Held>(
      `select r.remote_id as "remoteId", r.remote_updated_at as at, r.copied from ${rowsNamed(tx, kind, 'remote_id', '$2')} r`,
      [connectionId, ids],
    );
    const held = new Map(rows.map((row) => [row.remoteId, row]));
    const gone = await this.gone(tx, connectionId, kind, ids);
    const news: Value[] = [];
    const overwriting: Value[] = [];
    for (const [remoteId, { value, at }] of records) {
      const was = held.get(remoteId);
      const before = was?.at?.getTime();
      if (!was && gone.has(remoteId)) counts.older += 1;
      else if (!was) news.push(value);
      else if (at === before && at !== undefined) counts.unchanged += 1;
      // Where nobody says when, what the ATS itself told stands, and of two copies the later import.
      else if (before === undefined ? was.copied : isNewer(at, before)) overwriting.push(value);
      else counts.older += 1;
    }
    if (overwriting.length === 0) return news;
    const data = await this.data<Value>(
      tx,
      connectionId,
      kind,
      overwriting.map((value) => value.remoteId),
    );
    for (const value of overwriting) {
      const was = data.get(value.remoteId);
      news.push(was ? together(was, value) : value);
    }
    return news;
  }

  /** Leaves out applications of candidates whom the ATS deleted since: they went with them. */
  private async ofPresent(
    tx: Transaction,
    { connectionId }: MirrorPlace,
    applications: readonly MirroredApplication[],
    counts: { older: number },
  ): Promise<readonly MirroredApplication[]> {
    if (applications.length === 0) return [];
    const owners = [...new Set(applications.map(({ candidateRemoteId }) => candidateRemoteId))];
    const gone = await this.gone(tx, connectionId, 'candidate', owners);
    if (gone.size === 0) return applications;
    const there = await this.candidates(tx, connectionId, [...gone]);
    const present = applications.filter(({ candidateRemoteId: id }) => !gone.has(id) || there.has(id));
    counts.older += applications.length - present.length;
    return present;
  }

  private async gone(
    tx: Transaction,
    connectionId: string,
    kind: Kind,
    remoteIds: readonly string[],
  ): Promise<ReadonlySet<string>> {
    const rows = await tx.rows<{ remoteId: string }>(
      `select g.remote_id as "remoteId" from talentbridge.mirror_gone g
       where ${tx.own('g')} and g.connection_id = $1 and g.kind = $2 and g.remote_id = any($3::text[])`,
      [connectionId, kind, remoteIds],
    );
    return new Set(rows.map((row) => row.remoteId));
  }

  private async data<Value extends { readonly remoteId: string }>(
    tx: Transaction,
    connectionId: string,
    kind: Kind,
    remoteIds: readonly string[],
  ): Promise<ReadonlyMap<string, Value>> {
    const columns =
      kind === 'application'
        ? `jsonb_build_object('remoteId', r.remote_id, 'jobTitle', r.job_title, 'source', r.source, 'appliedAt', r.applied_at,
             'recruiter', case when r.recruiter_name is not null
               then jsonb_build_object('remoteId', r.recruiter_remote_id, 'name', r.recruiter_name) end)`
        : 'r.data';
    const rows = await tx.rows<{ data: Value }>(
      `select ${columns} as data from ${rowsNamed(tx, kind, 'remote_id', '$2')} r`,
      [connectionId, remoteIds],
    );
    return new Map(rows.map(({ data }) => [data.remoteId, data]));
  }

  /** @returns Rows whose file or candidate is not there. */
  private async writeFiles(
    tx: Transaction,
    { connectionId }: MirrorPlace,
    from: { readonly dataCopyId: string; readonly path: string },
    named: readonly NamedFile[],
    erased: Recogniser | undefined,
    counts: { written: number; unchanged: number; older: number },
  ): Promise<readonly RefusedLine[]> {
    if (named.length === 0) return [];
    const refused: RefusedLine[] = [];
    const candidateIds = [...new Set(named.map(({ file }) => file.candidateRemoteId))];
    const candidates = await this.candidates(tx, connectionId, candidateIds);
    const gone = await this.gone(tx, connectionId, 'candidate', candidateIds);
    const isErased = await erased?.find(
      tx,
      candidateIds.map((remoteId) => ({ remoteId, emails: [] })),
    );
    const uploaded = await this.uploaded(
      tx,
      from.dataCopyId,
      named.flatMap(({ file }) => pathsOf(file.path, from.path)),
    );
    const held = await this.attachments(tx, connectionId, candidateIds);
    const has = await this.contents.hashes(
      tx,
      [...held.values()].map(({ id }) => id),
    );
    const differing = new Map<string, NewFile>();
    const taken = new Set<string>();
    const namedIds: string[] = [];
    for (const { line, cells, file } of named) {
      const owner = file.candidateRemoteId;
      const stored = pathsOf(file.path, from.path).flatMap((path) => uploaded.get(path) ?? [])[0];
      const attachment = stored && readAttachment({ ...file.attachment, size: stored.size });
      const refuse = (reason: string): void => void refused.push({ ok: false, line, cells, reason });
      if (isErased?.({ remoteId: owner, emails: [] }) || (gone.has(owner) && !candidates.has(owner))) counts.older += 1;
      else if (!stored) refuse('The file that the row names is not among those that were uploaded.');
      else if (!candidates.has(owner))
        refuse('The mirror holds no such candidate: upload the table of candidates too.');
      else if (!attachment) refuse('Not usable: remoteId is missing or malformed.');
      else {
        const key = JSON.stringify([owner, attachment.remoteId]);
        const was = held.get(key);
        // What the ATS lists by itself, it also hands out.
        const isKnown = was && (!was.copied || (was.hash === attachment.hash && has.get(was.id) === stored.sha256));
        if (isKnown || differing.get(key)?.file.id === stored.id) counts.unchanged += 1;
        else if (differing.has(key)) refuse('Another row names a file of the same candidate, name and date.');
        else if (stored.key === null || taken.has(stored.id)) refuse('Another row names this file already.');
        else {
          counts.written += 1;
          taken.add(stored.id);
          differing.set(key, { id: was?.id ?? uuidv7(), owner, attachment, file: { ...stored, key: stored.key } });
        }
        namedIds.push(stored.id);
      }
    }
    await this.insertFiles(tx, connectionId, [...differing.values()]);
    await tx.rows(
      `update talentbridge.data_copy_file f set named = true where ${tx.own('f')} and f.id = any($1::uuid[]) and not f.named`,
      [namedIds],
    );
    const owners = [...new Set([...differing.values()].map(({ owner }) => candidates.get(owner) ?? ''))];
    await announceChanges(tx, connectionId, { CANDIDATES_WRITTEN: owners.filter(Boolean) });
    return refused;
  }

  private async candidates(
    tx: Transaction,
    connectionId: string,
    remoteIds: readonly string[],
  ): Promise<ReadonlyMap<string, string>> {
    const rows = await tx.rows<{ id: string; remoteId: string }>(
      `select c.id, c.remote_id as "remoteId" from ${rowsNamed(tx, 'candidate', 'remote_id', '$2')} c`,
      [connectionId, remoteIds],
    );
    return new Map(rows.map((row) => [row.remoteId, row.id]));
  }

  private async uploaded(
    tx: Transaction,
    dataCopyId: string,
    paths: readonly string[],
  ): Promise<ReadonlyMap<string, StoredCopyFile>> {
    const rows = await tx.rows<StoredCopyFile>(
      `select f.id, f.path, f.key, f.size::float8 as size, f.sha256, f.content_type as "contentType" from talentbridge.data_copy_file f
       where ${tx.own('f')} and f.data_copy_id = $1 and f.path = any($2::text[]) and f.uploaded`,
      [dataCopyId, paths],
    );
    return new Map(rows.map((row) => [row.path, row]));
  }

  private async attachments(
    tx: Transaction,
    connectionId: string,
    candidateRemoteIds: readonly string[],
  ): Promise<ReadonlyMap<string, HeldAttachment>> {
    const rows = await tx.rows<HeldAttachment>(
      `select f.id, f.candidate_remote_id as "candidateRemoteId", f.remote_id as "remoteId", f.hash, f.copied
       from ${rowsNamed(tx, 'attachment', 'candidate_remote_id', '$2')} f`,
      [connectionId, candidateRemoteIds],
    );
    return new Map(rows.map((row) => [JSON.stringify([row.candidateRemoteId, row.remoteId]), row]));
  }

  private async insertFiles(tx: Transaction, connectionId: string, rows: readonly NewFile[]): Promise<void> {
    if (rows.length === 0) return;
    const documents = rows.map(({ id, owner, attachment: { hash, json } }) => ({
      ...JSON.parse(json),
      id,
      owner,
      h: hash,
    }));
    await tx.rows(
      `insert into talentbridge.mirror_attachment
         (organization_id, connection_id, id, candidate_remote_id, remote_id, hash, filename, kind, content_type, size,
          remote_updated_at, copied)
       select $1, $2, n.id, n.owner, n."remoteId", n.h, n.filename, n.kind, n."contentType", n.size, n."updatedAt", true
       from jsonb_to_recordset($3::jsonb) as n (
         id uuid, owner text, "remoteId" text, h uuid, filename text, kind text, "contentType" text, size bigint,
         "updatedAt" timestamptz)
       on conflict (organization_id, connection_id, candidate_remote_id, remote_id) do update
         set hash = excluded.hash, filename = excluded.filename, kind = excluded.kind, content_type = excluded.content_type,
           size = excluded.size, remote_updated_at = excluded.remote_updated_at, written_at = now()`,
      [tx.organizationId, connectionId, JSON.stringify(documents)],
    );
    await this.contents.keep(
      tx,
      connectionId,
      rows.map(({ id, file: { key, size, sha256, contentType } }) => ({
        attachmentId: id,
        key,
        size,
        sha256,
        contentType,
      })),
    );
    await tx.rows(
      `update talentbridge.data_copy_file f set key = null where ${tx.own('f')} and f.id = any($1::uuid[])`,
      [rows.map(({ file }) => file.id)],
    );
  }

  /** Whoever was erased is not quoted, either. A row that is no use may name them in any cell. */
  private async withoutErased(
    tx: Transaction,
    refused: readonly RefusedLine[],
    known: Recogniser | undefined,
  ): Promise<readonly RefusedLine[]> {
    if (!known || refused.length === 0) return refused;
    const traces = ({ cells }: RefusedLine) =>
      cells.filter((cell) => cell !== '' && cell.length <= LONGEST_TRACE).map((cell) => cell.trim());
    const isErased = await known.find(
      tx,
      refused.flatMap((line) => traces(line).map((cell) => ({ remoteId: cell, emails: [cell.toLowerCase()] }))),
    );
    return refused.filter(
      (line) => !traces(line).some((cell) => isErased({ remoteId: cell, emails: [cell.toLowerCase()] })),
    );
  }
}

/** An address or an id is no longer than this. */
const LONGEST_TRACE = 320;

/** Lists that a copy leaves empty, and texts that it leaves out, it may have no column for: what is known stays. */
function withRest(held: MirroredCandidate, row: MirroredCandidate): MirroredCandidate {
  const filled = <Item>(ours: readonly Item[], before: readonly Item[]): readonly Item[] =>
    ours.length > 0 ? ours : before;
  return {
    ...held,
    ...row,
    emails: filled(row.emails, held.emails),
    phones: filled(row.phones, held.phones),
    socialUrls: filled(row.socialUrls, held.socialUrls),
    workExperience: filled(row.workExperience, held.workExperience),
    education: filled(row.education, held.education),
    tags: filled(row.tags, held.tags),
  };
}

/** Of an application only what does not change with where it stands. */
function withRestOfApplication(held: MirroredApplication, row: MirroredApplication): MirroredApplication {
  const { jobTitle, source, appliedAt, recruiter } = held;
  return { ...withoutNulls({ jobTitle, source, appliedAt, recruiter }), ...row };
}

/** Records are kept with `null` for what is unknown, and told without it. */
function withoutNulls<Values extends object>(
  values: Values,
): { readonly [Name in keyof Values]?: NonNullable<Values[Name]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value != null)) as {
    [Name in keyof Values]?: NonNullable<Values[Name]>;
  };
}

/** Where a file may lie that a row names: as it stands there, or beside the table. */
function pathsOf(path: string, ofTable: string): readonly string[] {
  const folder = ofTable.slice(0, ofTable.lastIndexOf('/') + 1);
  return folder === '' ? [path] : [path, `${folder}${path}`];
}
