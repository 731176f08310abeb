import { uuidv7 } from '../../../kernel/persistence/uuidv7.js';
import type { ReadCandidate } from '../read-records.js';
import type { MirrorRows } from './mirror-rows.js';
import type { ApplicationRow, AttachmentRow } from './mirror-tables.js';
import type { Counts } from './mirror-write.js';

/** Some of them, whose parts are written by one statement. */
interface Group {
  readonly people: readonly ReadCandidate[];
  readonly applications: number;
  /** The mirror has some of their applications already, so that none was written. */
  known: boolean;
}

/**
 * What came with candidates whom the mirror did not have. It hardly ever has applications of theirs: whether it has is looked at by
 * the very statement that writes them, so that nobody waits for an answer while the next candidates could be on their way.
 */
export class Newcomers {
  private readonly groups: Group[] = [];
  private readonly files: string[] = [];
  private gathered: ReadCandidate[] = [];

  /** @param withApplications Otherwise their applications are written by somebody else. */
  constructor(
    private readonly rows: MirrorRows,
    private readonly withApplications: boolean,
  ) {}

  /** Gathers some of them. */
  gather(people: readonly ReadCandidate[]): void {
    this.gathered.push(...people);
  }

  /** Adds the parts of whoever was gathered to the next statement: once for each, since what a statement adds it does not see. */
  add(): void {
    const people = this.gathered;
    this.gathered = [];
    this.addAttachments(people);
    const owners = people.filter(({ applications }) => applications && this.withApplications);
    if (owners.length === 0) return;
    const wanted = new Map<string, ApplicationRow>();
    for (const { applications } of owners) {
      for (const application of applications?.parts ?? [])
        wanted.set(application.remoteId, { application, id: uuidv7(), replaces: false });
    }
    const group: Group = { people: owners, applications: wanted.size, known: false };
    this.groups.push(group);
    this.rows.applicationsOfNew(
      [...wanted.values()],
      owners.map(({ remoteId }) => remoteId),
      () => {
        group.known = true;
      },
    );
  }

  /**
   * Ends the writing of what was gathered.
   * @param counts Of applications.
   * @returns How many applications were added; whose are to be compared with those that the mirror has; ids of the files.
   */
  async settle(counts: Counts): Promise<{
    readonly added: number;
    readonly toCompare: readonly ReadCandidate[];
    readonly files: readonly string[];
  }> {
    this.add();
    if (this.groups.length > 0) await this.rows.write();
    const added = this.groups.reduce((sum, group) => sum + (group.known ? 0 : group.applications), 0);
    counts.written += added;
    return { added, toCompare: this.groups.flatMap(({ known, people }) => (known ? people : [])), files: this.files };
  }

  private addAttachments(people: readonly ReadCandidate[]): void {
    const rows = people.flatMap(({ remoteId: owner, attachments }) =>
      (attachments?.parts ?? []).map((attachment): AttachmentRow => {
        return { id: uuidv7(), owner, attachment, replaces: false };
      }),
    );
    for (const { id } of rows) this.files.push(id);
    this.rows.attachments(rows);
  }
}
