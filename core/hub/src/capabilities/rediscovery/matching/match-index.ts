import { type ContactList, contactKey, forEachBlockingKey, fullNameKey } from './blocking-keys.js';
import { Comparison, compare } from './compare.js';
import type { CompiledPerson } from './compiled-person.js';
import { CountTable } from './count-table.js';
import { GrowingInts } from './growing-ints.js';
import { combine } from './hash.js';
import { ABSENT, AT, FIELDS, type Field, LEVELS } from './levels.js';
import { NameBook } from './name-book.js';
import { LISTS, packPerson, RecordView } from './packed-person.js';
import { bitsOf, type LearnedWeights, learnedWeights } from './weights.js';

/** A block with more profiles is not read: its people also meet in smaller ones. A page, mailbox or number of more is nobody's. */
const LARGEST_BLOCK = 48;

/** The fields that identify, and the lists in which records have them. */
const CONTACTS: readonly (readonly ['linkedIn' | 'gitHub' | 'email' | 'phone', ContactList])[] = [
  ['linkedIn', 'linkedIn'],
  ['gitHub', 'gitHub'],
  ['email', 'emails'],
  ['phone', 'phones'],
];

const GONE = -1;
const [KEY, PROFILE, NEXT] = [0, 1, 2];
const NODE = 3;

/** What is counted apart from names. */
const COUNTED = { first: 31, last: 32, employer: 33, school: 34, city: 35 } as const;

/** A profile compared with a candidate, its evidence by field; valid until the next is compared. */
export interface Scored {
  /** Bits of evidence that both are one person, less the odds against it. */
  readonly score: number;
  /** The index of the level in `LEVELS`, or `ABSENT`. */
  readonly levels: Int8Array;
  /** Bits by field. */
  readonly weights: Float64Array;
}

/**
 * Public profiles, compiled, to find candidates in. Everything lies in typed arrays: a profile takes some 140 bytes for itself
 * and 260 for its keys, besides its id. Adding, removing and finding take the same time however many there are.
 */
export class MatchIndex {
  readonly #names = new NameBook();
  readonly #bits: readonly (readonly number[])[];
  readonly #slots = new Map<string, number>();
  readonly #ids: string[] = [];
  readonly #starts = new GrowingInts();
  #records = new GrowingInts(1 << 14);
  /** For each remainder of a key, the first node of its chain, plus one. */
  #heads = new Int32Array(1 << 12);
  #nodes = new GrowingInts(1 << 14);
  readonly #counts = new CountTable();
  /** When a profile was last found: in which search. */
  #seen = new Int32Array(1 << 10);
  #search = 0;
  readonly #found: number[] = [];
  /** The keys of the candidate's pages, mailboxes and numbers that too many profiles have. */
  readonly #shared = new Set<number>();

  readonly #candidate = new GrowingInts(256);
  readonly #candidateView = new RecordView();
  readonly #profileView = new RecordView();
  readonly #comparison = new Comparison();
  readonly #scored = { score: 0, levels: this.#comparison.levels, weights: new Float64Array(FIELDS.length) };

  constructor(readonly weights: LearnedWeights = learnedWeights) {
    this.#bits = bitsOf(weights);
  }

  /** How many profiles there are. */
  get size(): number {
    return this.#slots.size;
  }

  /** Adds a profile, in place of an earlier one with this id. @returns `false`: nothing that is compared differs from that. */
  add(id: string, profile: CompiledPerson): boolean {
    if (this.#isAsBefore(id, profile)) return false;
    this.remove(id);
    const slot = this.#starts.length;
    this.#slots.set(id, slot);
    this.#ids.push(id);
    this.#starts.push(this.#records.length);
    packPerson(profile, this.#names, this.#records);
    const view = this.#viewOf(slot);
    this.#count(view, 1);
    forEachBlockingKey(view, this.#names, (key) => this.#link(key, slot));
    return true;
  }

  /** Takes a profile out. Nothing happens when there is none. */
  remove(id: string): void {
    const slot = this.#slots.get(id);
    if (slot === undefined) return;
    this.#count(this.#viewOf(slot), -1);
    this.#slots.delete(id);
    this.#ids[slot] = '';
    this.#starts.values[slot] = GONE;
    // What was removed lies where it lay until it is more than what is left.
    if (this.#starts.length > 2 * this.#slots.size + 1_000) this.#compact();
  }

  /** The id of a profile that was found. */
  idOf(slot: number): string {
    return this.#ids[slot] ?? '';
  }

  /** Where a profile is found; `undefined`: there is none. Holds until a profile is removed. */
  slotOf(id: string): number | undefined {
    return this.#slots.get(id);
  }

  /**
   * Takes a candidate to compare with and finds the profiles that share a block with them, each once.
   * @returns slots for `score`, in no particular order; valid until the next search.
   */
  find(candidate: CompiledPerson): readonly number[] {
    this.take(candidate);
    this.#search += 1;
    if (this.#seen.length < this.#starts.length) this.#seen = new Int32Array(this.#starts.values.length);
    const found = this.#found;
    found.length = 0;
    forEachBlockingKey(this.#candidateView, this.#names, (key, isContact) => {
      const before = found.length;
      let size = 0;
      let node = this.#heads[key & (this.#heads.length - 1)] ?? 0;
      while (node !== 0) {
        const at = (node - 1) * NODE;
        const slot = this.#nodes.values[at + PROFILE] ?? 0;
        if (this.#nodes.values[at + KEY] === key && this.#starts.values[slot] !== GONE) {
          size += 1;
          // A record may stand in one block twice, but never often enough to matter.
          if (size > LARGEST_BLOCK) break;
          if (this.#seen[slot] !== this.#search) {
            this.#seen[slot] = this.#search;
            found.push(slot);
          }
        }
        node = this.#nodes.values[at + NEXT] ?? 0;
      }
      if (size > LARGEST_BLOCK) {
        if (isContact) this.#shared.add(key);
        for (let index = before; index < found.length; index += 1) this.#seen[found[index] ?? 0] = 0;
        found.length = before;
      }
    });
    return found;
  }

  /** How many profiles the last search found. */
  get lastFound(): number {
    return this.#found.length;
  }

  /** Whether the last candidate that was searched for has a page, mailbox or number of too many profiles to say anything. */
  get hasSharedContact(): boolean {
    return this.#shared.size > 0;
  }

  /** Takes a candidate to compare with. */
  take(candidate: CompiledPerson): void {
    this.#shared.clear();
    this.#candidate.length = 0;
    packPerson(candidate, this.#names, this.#candidate);
    this.#candidateView.look(this.#candidate.values, 0);
  }

  /** Compares the candidate that was taken with a profile. The answer is written anew for the next profile. */
  score(slot: number): Scored {
    const profile = this.#viewOf(slot);
    const scored = this.#scored;
    compare(this.#candidateView, profile, this.#names, this.#comparison);
    if (this.#shared.size > 0) this.#discountShared(profile);
    let score = this.priorBits;
    for (let field = 0; field < FIELDS.length; field += 1) {
      const level = scored.levels[field] ?? ABSENT;
      const weight = level === ABSENT ? 0 : (this.#bits[field]?.[level] ?? 0);
      scored.weights[field] = weight;
    }
    this.#weighNames(profile);
    this.#weighCommon('employers', this.#shareOf(this.#comparison.sharedEmployers, COUNTED.employer));
    this.#weighCommon('schools', this.#shareOf(this.#comparison.sharedSchools, COUNTED.school));
    if (scored.levels[AT.place] === 0) this.#weighCommon('place', this.#rateOf(combine(profile.city, COUNTED.city)));
    for (let field = 0; field < FIELDS.length; field += 1) score += scored.weights[field] ?? 0;
    scored.score = score;
    return scored;
  }

  /** The odds before any evidence: one of so many profiles, if any. */
  get priorBits(): number {
    return Math.log2(this.weights.coverage / Math.max(1, this.size));
  }

  /** How rare what two people share is in this index, as a part of all profiles: of several things the rarest. */
  rarest(field: 'employers' | 'schools' | 'place'): number {
    if (field === 'employers') return this.#shareOf(this.#comparison.sharedEmployers, COUNTED.employer);
    if (field === 'schools') return this.#shareOf(this.#comparison.sharedSchools, COUNTED.school);
    return this.#rateOf(combine(this.#profileView.city, COUNTED.city));
  }

  /** What is the same only in what too many profiles have says nothing. */
  #discountShared(profile: RecordView): void {
    const candidate = this.#candidateView;
    for (const [field, list] of CONTACTS) {
      if (this.#scored.levels[AT[field]] !== LEVELS[field].indexOf('SAME')) continue;
      let isOwn = false;
      for (let entry = 0; entry < candidate.count(LISTS[list]); entry += 1) {
        const key = contactKey(candidate, list, entry);
        if (this.#shared.has(key)) continue;
        for (let against = 0; against < profile.count(LISTS[list]); against += 1) {
          isOwn ||= contactKey(profile, list, against) === key;
        }
      }
      if (!isOwn) this.#scored.levels[AT[field]] = LEVELS[field].indexOf('SHARED');
    }
  }

  /**
   * A shared name says as much as it is rare. Where first and last name agree, what counts is how many others of the index bear
   * both: first and last names are not independent of each other (Wei Zhang), so that multiplying how rare each is would see
   * one where there are twenty.
   */
  #weighNames(profile: RecordView): void {
    const { levels, weights } = this.#scored;
    const [first, last] = [levels[AT.firstName], levels[AT.lastName]];
    const firstAgrees = first === 0 || first === 1;
    const people = Math.max(1, this.size);
    const firstRate = this.#rateOf(this.#firstKey(profile));
    const lastRate = this.#rateOf(this.#lastKey(profile));
    const usual = (field: Field, level: number) => {
      const name = (LEVELS[field] as readonly string[])[level] ?? '';
      return this.weights.fields[field][name]?.m ?? 1;
    };
    if (firstAgrees) weights[AT.firstName] = Math.log2(usual('firstName', first) / firstRate);
    if (last === 0) weights[AT.lastName] = Math.log2(usual('lastName', last) / lastRate);
    if (!firstAgrees || last !== 0) return;
    const others = Math.max(0, this.#counts.get(fullNameKey(profile, this.#names)) - 1);
    // Half a namesake whom nobody has met yet, at the least a twentieth for a name that seems unique.
    const namesakes = others + Math.max(0.05, Math.min(0.5, 2 * people * firstRate * lastRate));
    const bits = Math.log2((usual('firstName', first) * usual('lastName', 0)) / Math.min(1, namesakes / people));
    weights[AT.lastName] = bits - (weights[AT.firstName] ?? 0);
  }

  /** Sharing a rare employer says more than sharing a frequent one. */
  #weighCommon(field: 'employers' | 'schools' | 'place', rate: number): void {
    if (rate === 0) return;
    const usual = this.weights.commonPerMillion[field] / 1_000_000;
    const at = AT[field];
    const { weights } = this.#scored;
    weights[at] = (weights[at] ?? 0) + Math.max(-5, Math.min(5, Math.log2(usual / rate)));
  }

  #shareOf(hashes: readonly number[], kind: number): number {
    let least = 0;
    for (const hash of hashes) {
      const rate = this.#rateOf(combine(hash, kind));
      if (least === 0 || rate < least) least = rate;
    }
    return least;
  }

  #rateOf(key: number): number {
    return Math.max(1, this.#counts.get(key)) / Math.max(1, this.size);
  }

  #firstKey(view: RecordView): number {
    const first = view.calledBy;
    return first < 0 ? 0 : combine(this.#names.groupsOf(first)[0] ?? 0, COUNTED.first);
  }

  #lastKey(view: RecordView): number {
    if (view.count(LISTS.lastNames) === 0) return 0;
    return combine(this.#names.soundOf(view.read(LISTS.lastNames, 0)), COUNTED.last);
  }

  #isAsBefore(id: string, profile: CompiledPerson): boolean {
    const slot = this.#slots.get(id);
    if (slot === undefined) return false;
    const before = this.#viewOf(slot);
    const packed = new GrowingInts(256);
    packPerson(profile, this.#names, packed);
    if (packed.length !== before.length) return false;
    const values = packed.values.subarray(0, packed.length);
    return values.every((value, index) => value === before.values[before.at + index]);
  }

  #count(view: RecordView, change: 1 | -1): void {
    const counts = this.#counts;
    counts.add(this.#firstKey(view), change);
    counts.add(this.#lastKey(view), change);
    counts.add(fullNameKey(view, this.#names), change);
    if (view.city !== 0) counts.add(combine(view.city, COUNTED.city), change);
    for (const [list, kind] of [
      [LISTS.jobs, COUNTED.employer],
      [LISTS.studies, COUNTED.school],
    ] as const) {
      for (let entry = 0; entry < view.count(list); entry += 1) {
        const hash = view.read(list, entry);
        let earlier = 0;
        while (earlier < entry && view.read(list, earlier) !== hash) earlier += 1;
        if (earlier === entry) counts.add(combine(hash, kind), change);
      }
    }
  }

  #viewOf(slot: number): RecordView {
    return this.#profileView.look(this.#records.values, this.#starts.values[slot] ?? 0);
  }

  #link(key: number, slot: number): void {
    if (this.#nodes.length / NODE >= this.#heads.length) this.#spread();
    const head = key & (this.#heads.length - 1);
    const next = this.#heads[head] ?? 0;
    // Two ways to one key lie side by side in the chain: "Alex" of either group with one employer, for example.
    if (next !== 0 && this.#nodes.values[(next - 1) * NODE + KEY] === key) {
      if (this.#nodes.values[(next - 1) * NODE + PROFILE] === slot) return;
    }
    this.#nodes.push(key);
    this.#nodes.push(slot);
    this.#nodes.push(next);
    this.#heads[head] = this.#nodes.length / NODE;
  }

  /** Gives the chains twice as many heads. */
  #spread(): void {
    this.#heads = new Int32Array(this.#heads.length * 2);
    this.#chain();
  }

  /** Chains all nodes anew. */
  #chain(): void {
    const nodes = this.#nodes.values;
    for (let at = 0; at < this.#nodes.length; at += NODE) {
      const head = (nodes[at + KEY] ?? 0) & (this.#heads.length - 1);
      nodes[at + NEXT] = this.#heads[head] ?? 0;
      this.#heads[head] = at / NODE + 1;
    }
  }

  /** Leaves out what was removed. */
  #compact(): void {
    const moved = new Int32Array(this.#starts.length).fill(GONE);
    const records = new GrowingInts(this.#records.length);
    const ends = this.#starts.values;
    let slots = 0;
    for (let slot = 0; slot < moved.length; slot += 1) {
      const start = ends[slot] ?? GONE;
      if (start === GONE) continue;
      const length = this.#profileView.look(this.#records.values, start).length;
      records.reserve(length);
      records.values.set(this.#records.values.subarray(start, start + length), records.length);
      this.#starts.values[slots] = records.length;
      records.length += length;
      const id = this.#ids[slot] ?? '';
      this.#ids[slots] = id;
      this.#slots.set(id, slots);
      moved[slot] = slots;
      slots += 1;
    }
    this.#records = records;
    this.#starts.length = slots;
    this.#ids.length = slots;
    const nodes = this.#nodes.values;
    let kept = 0;
    for (let at = 0; at < this.#nodes.length; at += NODE) {
      const slot = moved[nodes[at + PROFILE] ?? 0] ?? GONE;
      if (slot === GONE) continue;
      nodes[kept + KEY] = nodes[at + KEY] ?? 0;
      nodes[kept + PROFILE] = slot;
      kept += NODE;
    }
    this.#nodes.length = kept;
    this.#heads.fill(0);
    this.#chain();
    this.#seen.fill(0);
  }
}
