import type { SearchDocument } from '../search-document.js';
import { ByteReader } from './bytes.js';
import { GrowingArray } from './growing-array.js';
import type { IndexFile } from './index-file.js';
import { RecordTable } from './record-table.js';
import { addRow, allRows, deleteRow, hasRow, type RowSet, withRoom } from './row-set.js';
import { storedDocument, wholeTermsOf, wordsOfDocument } from './stored-document.js';
import { TextColumn, TextLookup, utf8Of } from './text-column.js';
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
  ids = new TextColumn();
  alive: RowSet = new Uint32Array(32);
  /** How many people there are. */
  size = 0;
  /** Codes of values that were forgotten, until `takeForgotten`. */
  private forgotten: number[] = [];
  /** By id: the row that was taken last. It may be dead. */
  private rows = new TextLookup(this.ids);

  /** Reads everything from the file. */
  constructor(readonly file: IndexFile) {
    this.applicationStarts.push(0);
    for (const value of file.values()) this.dictionary.restore(value);
    for (const { numbers, records } of file.people()) {
      const reader = new ByteReader(records);
      for (const number of numbers) this.append(number, reader);
    }
  }

  /** Whether so many rows are dead that it is worth while to leave them behind. */
  get isWorn(): boolean {
    const dead = this.people.rows - this.size;
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
    this.ids = new TextColumn();
    this.rows = new TextLookup(this.ids);
    for (let row = 0; row < people.rows; row++) {
      if (!hasRow(alive, row)) continue;
      this.ids.push(ids.bytesAt(row));
      this.rows.add(this.people.rows);
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
      this.forgotten.push(code);
    }
  }

  /** The codes of values that were forgotten since the last call. */
  takeForgotten(): readonly number[] {
    const { forgotten } = this;
    this.forgotten = [];
    return forgotten;
  }

  /** Writes within a transaction of the file. When that fails, this object is of no more use. */
  write(upserts: readonly SearchDocument[], removals: readonly string[]): void {
    this.file.expectPeople(upserts.length);
    for (const id of removals) this.remove(id);
    for (const document of upserts) {
      this.remove(document.id);
      const wholes = wholeTermsOf(document);
      const record = storedDocument(document, wholes, (field, value) =>
        this.dictionary.codeOf(field, value, (added) => this.file.addValue(added, indexedText([added.label]))),
      );
      this.append(this.file.addPerson(record, wordsOfDocument(document, wholes)), new ByteReader(record));
    }
    if (upserts.length > 0) this.file.mergeAhead(upserts.length);
  }

  private remove(id: string): void {
    const row = this.rows.find(utf8Of(id));
    if (row === undefined || !hasRow(this.alive, row)) return;
    this.file.removePerson(this.numbers.at(row));
    this.size--;
    deleteRow(this.alive, row);
    for (const code of this.people.codesOf(row)) this.count(code, -1);
  }

  private append(number: number, reader: ByteReader): void {
    const row = this.people.rows;
    this.ids.push(reader.text());
    this.rows.add(row);
    this.people.read(reader);
    for (let count = reader.count(); count > 0; count--) this.applications.read(reader);
    this.applicationStarts.push(this.applications.rows);
    this.numbers.push(number);
    this.size++;
    this.alive = withRoom(this.alive, row + 1);
    addRow(this.alive, row);
    for (const code of this.people.codesOf(row)) this.count(code, 1);
  }

  private count(code: number, by: number): void {
    while (this.totals.length <= code) this.totals.push(0);
    this.totals.array[code] = this.totals.at(code) + by;
  }
}
