import type { ReadCandidate } from '../read-records.js';
import { writeCandidates } from './candidates.js';
import { isNobody, type Known } from './known.js';
import type { MirrorRows } from './mirror-rows.js';
import type { Counts, Owners, WrittenRecords } from './mirror-write.js';
import { Newcomers } from './newcomers.js';

/** So many candidates are worth a statement of their own, on which the database works while the next ones are still being checked. */
const WORTH_A_STATEMENT = 20;
/** Where all of them are, fewer statements cost less: the next page is being read then, and each answer waits until that is done. */
const WORTH_A_STATEMENT_ONCE_CHECKED = 100;

/** The candidates of one read who were written, and what came with those who are new. */
export interface WrittenPeople extends WrittenRecords {
  /** Whose parts are still to be compared with those that the mirror has. */
  readonly owners: Owners;
  readonly applicationsAdded: number;
  /** Of the files that came with those who are new. */
  readonly files: readonly string[];
}

/** Writes the candidates of one read, some after the other. */
export class PeopleWriter {
  private readonly ids: string[] = [];
  private readonly changed: string[] = [];
  private readonly owners: Owners = { applications: [], attachments: [] };
  private readonly newcomers: Newcomers;
  private added = 0;
  private begun = 0;

  /** @param copied They come from a copy of the ATS's data. */
  constructor(
    private readonly rows: MirrorRows,
    private readonly known: Known,
    private readonly counts: { readonly candidates: Counts; readonly applications: Counts },
    private readonly copied = false,
  ) {
    this.newcomers = new Newcomers(rows, isNobody(known.newer));
  }

  /**
   * Writes some of them, as far as they differ; it is not waited for.
   * @param isChecked Whether all of the page was checked by now.
   */
  async write(candidates: readonly ReadCandidate[], isChecked: boolean): Promise<void> {
    const { rows, known, counts, copied } = this;
    const { ids, changed, added, owners, newcomers } = writeCandidates(rows, candidates, known, counts, copied);
    this.ids.push(...ids);
    this.changed.push(...changed);
    this.added += added;
    this.owners.applications.push(...owners.applications);
    this.owners.attachments.push(...owners.attachments);
    this.newcomers.gather(newcomers);
    // Somebody else may have read their applications later.
    if (!isNobody(known.newer)) this.owners.applications.push(...newcomers.filter(({ applications }) => applications));
    const worth = isChecked ? WORTH_A_STATEMENT_ONCE_CHECKED : WORTH_A_STATEMENT;
    if (this.changed.length - this.begun < worth) return;
    this.begun = this.changed.length;
    this.newcomers.add();
    await rows.begin();
  }

  /** Ends it. */
  async settle(): Promise<WrittenPeople> {
    const { ids, changed, added, owners } = this;
    const { toCompare, files, added: applicationsAdded } = await this.newcomers.settle(this.counts.applications);
    const applications = [...owners.applications, ...toCompare];
    return { ids, changed, added, owners: { ...owners, applications }, applicationsAdded, files };
  }
}
