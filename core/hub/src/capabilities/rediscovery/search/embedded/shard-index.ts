import type { SearchDocument } from '../search-document.js';
import { GrowingArray } from './growing-array.js';
import type { IndexFile } from './index-file.js';
import { RecordTable } from './record-table.js';
import { addRow, allRows, deleteRow, hasRow, type RowSet, withRoom } from './row-set.js';
import {
  decodeDocument,
  encodeDocument,
  type StoredDocument,
  storedDocument,
  wholeTermsOf,
  wordsOfDocument,
} from './stored-document.js';
import { indexedText } from './text-terms.js';
import { FIRST_VALUE_CODE, ValueDictionary } from './value-dictionary.js';

/**
 * What a shard knows: the columns in memory, and the file that they are made from.
 *
 * A person takes a new row with every write, and the row before is dead: it stays in the columns and is found no more.
 */
export class ShardIndex {
  readonly dictionary = new ValueDictionary();
  /** By code: how many living people have it. */
  readonly totals = new GrowingArray(new Int32Array(1024));
  people = new RecordTable();
  applications = new RecordTable();
  /** By row of a person: the number in the file, ascending. */
  numbers = new GrowingArray(new Uint32Array(1024));
  /** By row of a person: the row of the first application. The last one is where the next person's begin. */
  applicationStarts = new GrowingArray(new Uint32Array(1024));
  /** By row of a person. */
  ids: string[] = [];
  alive: RowSet = new Uint32Array(32);
  private readonly rows = new Map<string, number>();

  /** Reads everything from the file. */
  constructor(readonly file: IndexFile) {
    this.applicationStarts.push(0);
    for (const value of file.values()) this.dictionary.restore(value);
    for (const [number, id, record] of file.people()) this.append(number, id, decodeDocument(record));
  }

  /** How many people there are. */
  get size(): number {
    return this.rows.size;
  }

  /** Whether so many rows are dead that it is worth while to leave them behind. */
  get isWorn(): boolean {
    const dead = this.people.rows - this.rows.size;
    return dead > 1_000 && dead > 0.3 * this.people.rows;
  }

  /** Leaves dead rows behind. Rows have other numbers then: what clauses found is to be forgotten. */
  compact(): void {
    const { people, applications, numbers, applicationStarts, ids, alive } = this;
    this.people = new RecordTable();
    this.applications = new RecordTable();
    this.numbers = new GrowingArray(new Uint32Array(1024));
    this.applicationStarts = new GrowingArray(new Uint32Array(1024));
    this.applicationStarts.push(0);
    this.ids = [];
    for (let row = 0; row < people.rows; row++) {
      if (!hasRow(alive, row)) continue;
      const id = ids[row] ?? '';
      this.rows.set(id, this.people.rows);
      this.ids.push(id);
      this.people.copy(people, row);
      const end = applicationStarts.at(row + 1);
      for (let place = applicationStarts.at(row); place < end; place++) this.applications.copy(applications, place);
      this.applicationStarts.push(this.applications.rows);
      this.numbers.push(numbers.at(row));
    }
    this.alive = withRoom(allRows(this.people.rows), 1);
  }

  /** Forgets values that nobody has any more, within a transaction of the file. */
  forgetUnused(): void {
    for (let code = FIRST_VALUE_CODE; code < this.dictionary.size; code++) {
      if (this.totals.at(code) > 0 || !this.dictionary.forget(code)) continue;
      this.file.removeValue(code);
    }
  }

  /** Writes within a transaction of the file. When that fails, this object is of no more use. */
  write(upserts: readonly SearchDocument[], removals: readonly string[]): void {
    for (const id of removals) this.remove(id);
    for (const document of upserts) {
      this.remove(document.id);
      const wholes = wholeTermsOf(document);
      const stored = storedDocument(document, wholes, (field, value) =>
        this.dictionary.codeOf(field, value, (added) => this.file.addValue(added, indexedText([added.label]))),
      );
      const words = wordsOfDocument(document, wholes);
      this.append(this.file.addPerson(document.id, encodeDocument(stored), words), document.id, stored);
    }
  }

  private remove(id: string): void {
    const row = this.rows.get(id);
    if (row === undefined) return;
    this.file.removePerson(this.numbers.at(row));
    this.rows.delete(id);
    deleteRow(this.alive, row);
    for (const code of this.people.codesOf(row)) this.count(code, -1);
  }

  private append(number: number, id: string, { person, applications }: StoredDocument): void {
    const row = this.people.rows;
    this.people.push(person);
    for (const application of applications) this.applications.push(application);
    this.applicationStarts.push(this.applications.rows);
    this.numbers.push(number);
    this.ids.push(id);
    this.rows.set(id, row);
    this.alive = withRoom(this.alive, row + 1);
    addRow(this.alive, row);
    for (const code of person.codes) this.count(code, 1);
  }

  private count(code: number, by: number): void {
    while (this.totals.length <= code) this.totals.push(0);
    this.totals.array[code] = this.totals.at(code) + by;
  }
}
