import { rmSync } from 'node:fs';
import { DatabaseSync, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import { TEXT_COLUMNS } from './indexed-fields.js';
import type { PagedFile } from './page-caches.js';
import { beginningsOf, type PeopleExpression, TOKENIZER } from './text-terms.js';
import type { ListedValue } from './value-dictionary.js';

/** Changes with everything that makes files of before unreadable or wrong: the tables, the fields, how texts become terms. */
const FORMAT = 5;

const COLUMNS: readonly string[] = [...TEXT_COLUMNS.own, TEXT_COLUMNS.stemmed, TEXT_COLUMNS.plain, TEXT_COLUMNS.whole];

const WORDS = `fts5(${COLUMNS.join(', ')}, content = '', contentless_delete = 1, tokenize = "${TOKENIZER}")`;

const TABLES = `
  CREATE TABLE state (only INTEGER PRIMARY KEY CHECK (only = 1), sequence INTEGER NOT NULL, mark TEXT, untidy INTEGER NOT NULL);
  INSERT INTO state VALUES (1, 0, NULL, 0);
  CREATE TABLE value (code INTEGER PRIMARY KEY, field TEXT NOT NULL, key TEXT NOT NULL, label TEXT);
  CREATE TABLE person (number INTEGER PRIMARY KEY AUTOINCREMENT, record BLOB NOT NULL);
  CREATE VIRTUAL TABLE person_text USING ${WORDS};
  CREATE VIRTUAL TABLE beginning_text USING fts5(
    beginnings, content = '', contentless_delete = 1, detail = none, tokenize = "${TOKENIZER}"
  );
  CREATE VIRTUAL TABLE value_text USING fts5(value, content = '', contentless_delete = 1, tokenize = "${TOKENIZER}");
  PRAGMA user_version = ${FORMAT};
`;

/** How far a shard has come. */
export interface FileState {
  /** Of the last write. 0: there was none. */
  readonly sequence: number;
  readonly mark: string | undefined;
}

/** People as the file has them: the record of each, one after the other. Numbers grow with every write, and none is given twice. */
export interface StoredPeople {
  readonly numbers: Uint32Array;
  readonly records: Uint8Array;
}

/** Rows that are read in one go: as one text in a fifth of the time that they take one by one. */
const CHUNK = 1_000;

/** Most people whose words are also kept apart. */
const MOST_RECENT = 2_000;

/** Who writes more people at once is filling the index. */
const MOST_OF_A_CHANGE = 100;

/** Pages that FTS5 merges in one go: some 10 ms. */
const MERGED_PAGES = 200;

/**
 * By table of words: most pages that are merged with each person written. Left alone, FTS5 merges little for a while and then, within
 * one write, hundreds of pages, and searches wait for that. Few people need so many: every page is written again some ten times.
 */
const MERGED_AHEAD: ReadonlyMap<string, number> = new Map([
  ['person_text', 12],
  ['beginning_text', 3],
  ['value_text', 3],
]);

/** Pages that are written ahead of the file before they are brought into it. That waits for the disk, and so do searches. */
const PAGES_AHEAD = 4_000;

function* chunksOf(read: StatementSync): Generator<Record<string, SQLOutputValue>> {
  for (let last = 0; ; ) {
    const chunk = read.get(last);
    if (chunk?.['last'] == null) return;
    yield chunk;
    last = Number(chunk['last']);
  }
}

/** The words of a person, by column of the text index. */
export type PersonWords = Readonly<Record<string, string>>;

/** The file is in use by another process. */
export class IndexInUseError extends Error {
  override readonly name = 'IndexInUseError';
}

/** What of a shard lies on disk: words in FTS5, records and values beside them, in one transaction with the mark. */
export class IndexFile implements PagedFile {
  private readonly db: DatabaseSync;
  private readonly statements = new Map<string, StatementSync>();
  /**
   * The people from this number on have their words in memory too. FTS5 reads all of a word's list however few rows at its end are
   * asked for, and after every write that is what everything that was found before is asked for.
   */
  private recentFrom = Infinity;
  /** How many these are. */
  private recent = 0;
  /** So many people are being written that their words are not kept apart. */
  private filling = false;

  /** Opens the file, or makes it. @throws IndexInUseError, and whatever SQLite says of a file that it cannot read. */
  static open(path: string): IndexFile {
    try {
      return new IndexFile(path);
    } catch (error) {
      if (codeOf(error) !== SQLITE_BUSY) throw error;
      throw new IndexInUseError('The search index is in use by another process.', { cause: error });
    }
  }

  private constructor(path: string) {
    this.db = new DatabaseSync(path);
    try {
      // One process has the file. What a power failure takes of the last moments is written again, because the mark goes with it.
      this.db.exec(`
        PRAGMA locking_mode = EXCLUSIVE;
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = NORMAL;
        PRAGMA secure_delete = ON;
        PRAGMA temp_store = MEMORY;
        PRAGMA journal_size_limit = 16777216;
        PRAGMA wal_autocheckpoint = ${PAGES_AHEAD};
      `);
      const version = this.db.prepare('PRAGMA user_version').get()?.['user_version'];
      if (version === 0) this.db.exec(`BEGIN; ${TABLES} COMMIT;`);
      else if (version !== FORMAT) throw new RangeError('The search index has another format.');
      for (const table of MERGED_AHEAD.keys()) this.leaveMerging(table);
      this.cacheBytes = 0;
      this.db.exec(`CREATE VIRTUAL TABLE temp.recent_text USING ${WORDS}`);
      this.state();
    } catch (error) {
      this.db.close();
      throw error;
    }
  }

  close(): void {
    this.db.close();
  }

  /** How large the file is, in bytes. */
  get size(): number {
    return this.pragma('page_count') * this.pragma('page_size');
  }

  /** How many bytes of its pages may be kept in memory. */
  get cacheBytes(): number {
    return this.pragma('cache_size') * -1_024;
  }

  set cacheBytes(bytes: number) {
    // SQLite gives back at once what is too much. 0 would be what it begins with.
    this.db.exec(`PRAGMA cache_size = ${-Math.max(1, Math.floor(bytes / 1_024))}`);
  }

  private pragma(name: 'page_count' | 'page_size' | 'cache_size'): number {
    return Number(this.prepared(`PRAGMA ${name}`).get()?.[name] ?? 0);
  }

  /** Runs it as one transaction. */
  transaction(work: () => void): void {
    this.db.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.db.exec('COMMIT');
    } catch (error) {
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
      throw error;
    }
  }

  state(): FileState {
    const row = this.prepared('SELECT sequence, mark FROM state').get();
    return { sequence: Number(row?.['sequence'] ?? 0), mark: (row?.['mark'] as string | null) ?? undefined };
  }

  setState({ sequence, mark }: FileState): void {
    this.writing('UPDATE state SET sequence = ?, mark = coalesce(?, mark)').run(sequence, mark ?? null);
  }

  /** Whether the file may hold words of somebody who was removed. */
  get untidy(): boolean {
    return this.prepared('SELECT untidy FROM state').get()?.['untidy'] === 1;
  }

  set untidy(untidy: boolean) {
    this.writing('UPDATE state SET untidy = ?').run(untidy ? 1 : 0);
  }

  addValue({ code, field, key, label }: ListedValue, words: string): void {
    this.writing('INSERT INTO value VALUES (?, ?, ?, ?)').run(code, field, key, label === key ? null : label);
    this.writing('INSERT INTO value_text (rowid, value) VALUES (?, ?)').run(code, words);
  }

  removeValue(code: number): void {
    this.writing('DELETE FROM value WHERE code = ?').run(code);
    this.writing('DELETE FROM value_text WHERE rowid = ?').run(code);
  }

  /**
   * Does a part of the work after which no word is left in the file that no living row has: FTS5 only marks rows as deleted, and
   * leaves out what is marked when it merges. @param begin Begins anew, with everything. @returns Whether there is more to do.
   */
  mergeWords(begin: boolean): boolean {
    const merged = [...MERGED_AHEAD.keys()].map((table) => {
      const before = this.changes();
      this.merge(table, begin ? -MERGED_PAGES : MERGED_PAGES);
      return this.changes() - before > 1;
    });
    return merged.includes(true);
  }

  /** Merges as much as is due after so many people were written, within the transaction. */
  mergeAhead(people: number): void {
    for (const [table, pages] of MERGED_AHEAD) this.merge(table, pages * people);
  }

  private merge(table: string, pages: number): void {
    this.writing(`INSERT INTO ${table} (${table}, rank) VALUES ('merge', ?)`).run(pages);
  }

  /** Has FTS5 merge only when it is told to. The file remembers it. */
  private leaveMerging(table: string): void {
    const known = this.db.prepare(`SELECT v FROM ${table}_config WHERE k = 'automerge'`).get()?.['v'];
    if (known !== 0) this.db.exec(`INSERT INTO ${table} (${table}, rank) VALUES ('automerge', 0)`);
  }

  /** Brings everything into the file itself, and empties what is written ahead of it. */
  checkpoint(): void {
    this.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  private changes(): number {
    return Number(this.prepared('SELECT total_changes() AS changes').get()?.['changes'] ?? 0);
  }

  /** All values in the order of their codes. */
  *values(): Generator<ListedValue> {
    const read = this.prepared(
      `SELECT max(code) AS last, json_group_array(json_array(code, field, key, coalesce(label, key))) AS list
       FROM (SELECT * FROM value WHERE code > ? ORDER BY code LIMIT ${CHUNK})`,
    );
    for (const chunk of chunksOf(read)) {
      for (const row of JSON.parse(String(chunk['list'])) as [number, string, string, string][]) {
        const [code, field, key, label] = row;
        yield { code, field, key, label };
      }
    }
  }

  /** Prepares for writing so many people within the transaction. */
  expectPeople(count: number): void {
    this.filling = count > MOST_OF_A_CHANGE;
    if (!this.filling && this.recent + count <= MOST_RECENT) return;
    if (this.recent > 0) this.writing("INSERT INTO recent_text (recent_text) VALUES ('delete-all')").run();
    this.recent = 0;
    this.recentFrom = Infinity;
  }

  /** Writes a person of whom the file has nothing, and answers the number. */
  addPerson(record: Uint8Array, words: PersonWords): number {
    const { lastInsertRowid } = this.writing('INSERT INTO person (record) VALUES (?)').run(record);
    const number = Number(lastInsertRowid);
    this.addWords('person_text', number, words);
    const { [TEXT_COLUMNS.whole]: _, ...texts } = words;
    this.writing('INSERT INTO beginning_text (rowid, beginnings) VALUES (?, ?)').run(
      number,
      beginningsOf(Object.values(texts)),
    );
    if (!this.filling) {
      this.addWords('recent_text', number, words);
      this.recentFrom = Math.min(this.recentFrom, number);
      this.recent++;
    }
    return number;
  }

  private addWords(table: string, number: number, words: PersonWords): void {
    this.writing(
      `INSERT INTO ${table} (rowid, ${COLUMNS.join(', ')}) VALUES (${['', ...COLUMNS].map(() => '?').join(', ')})`,
    ).run(number, ...COLUMNS.map((column) => words[column] ?? null));
  }

  removePerson(number: number): void {
    this.writing('DELETE FROM person WHERE number = ?').run(number);
    this.writing('DELETE FROM person_text WHERE rowid = ?').run(number);
    this.writing('DELETE FROM beginning_text WHERE rowid = ?').run(number);
    if (number >= this.recentFrom) this.writing('DELETE FROM recent_text WHERE rowid = ?').run(number);
  }

  /** All people in the order of their numbers. */
  *people(): Generator<StoredPeople> {
    const read = this.prepared(
      `SELECT max(number) AS last, CAST(group_concat(number) AS BLOB) AS numbers, CAST(group_concat(record, '') AS BLOB) AS records
       FROM (SELECT * FROM person WHERE number > ? ORDER BY number LIMIT ${CHUNK})`,
    );
    for (const chunk of chunksOf(read)) {
      yield { numbers: numbersIn(chunk['numbers'] as Uint8Array).slice(), records: chunk['records'] as Uint8Array };
    }
  }

  /**
   * The numbers of everybody from `from` on whose words are as the expression says, ascending. Valid until the next search.
   *
   * One statement, which cannot be interrupted. A range of rows would not shorten it: FTS5 looks for the first match before it looks
   * for the range, and reads the lists of all words that begin alike before both. In a shard of 500,000 the most frequent words take
   * some 50 ms each in a phrase, two letters before a `*` up to two seconds. So the language limits both (`QUERY_LIMITS`).
   */
  findPeople({ words, beginnings }: PeopleExpression, from: number): Uint32Array {
    if (from >= this.recentFrom) return this.find('recent_text', words, from);
    return beginnings === undefined
      ? this.find('person_text', words, from)
      : this.find('beginning_text', beginnings, from);
  }

  /** The codes of every value from `from` on whose words are as the expression says, ascending. Valid until the next search. */
  findValues(expression: string, from: number): Uint32Array {
    return this.find('value_text', expression, from);
  }

  private find(table: string, expression: string, from: number): Uint32Array {
    // One text is made in a third of the time that as many rows take.
    const all = `SELECT CAST(group_concat(rowid) AS BLOB) AS numbers FROM ${table} WHERE ${table} MATCH ?`;
    const found =
      from === 0 ? this.prepared(all).get(expression) : this.prepared(`${all} AND rowid >= ?`).get(expression, from);
    return numbersIn((found?.['numbers'] as Uint8Array | null) ?? NOTHING);
  }

  /** A statement that writes. SQLite then tells the last row that was inserted, and rows of FTS5's own have larger numbers than are safe. */
  private writing(sql: string): StatementSync {
    const statement = this.prepared(sql);
    statement.setReadBigInts(true);
    return statement;
  }

  private prepared(sql: string): StatementSync {
    const known = this.statements.get(sql) ?? this.db.prepare(sql);
    this.statements.set(sql, known);
    return known;
  }
}

/** Deletes the file and what SQLite keeps beside it. */
export function deleteIndexFile(path: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${path}${suffix}`, { force: true });
}

const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

/** Whether an error says that the file is damaged. */
export function isDamage(error: unknown): boolean {
  return [SQLITE_CORRUPT, SQLITE_NOTADB].includes(codeOf(error) ?? 0);
}

/** What SQLite calls an error, without what it says more exactly. */
function codeOf(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : undefined;
}

const COMMA = 44;
const ZERO = 48;
const NOTHING = new Uint8Array(0);

/** Has room for one more number than it holds. */
let numbersRead = new Uint32Array(1_024);

function grown(numbers: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(numbers.length * 2);
  larger.set(numbers);
  return larger;
}

/** The numbers that stand in a text with commas between them. Valid until the next call. */
function numbersIn(text: Uint8Array): Uint32Array {
  let [length, number] = [0, 0];
  for (let index = 0; index < text.length; index++) {
    const byte = text[index] as number;
    if (byte === COMMA) {
      numbersRead[length++] = number;
      number = 0;
      if (length === numbersRead.length) numbersRead = grown(numbersRead);
    } else number = number * 10 + byte - ZERO;
  }
  if (text.length > 0) numbersRead[length++] = number;
  return numbersRead.subarray(0, length);
}
