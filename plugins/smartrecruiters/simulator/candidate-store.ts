import { generatedFile } from './generated-file.js';
import type { Population } from './population.js';
import type { SimulatedAttachment, SimulatedCandidate } from './records.js';
import { TextSearch } from './text-search.js';

/**
 * In which order a list shows people; no order is documented.
 *
 * - `changed`: who changed last comes first, so that people move to pages that have been read
 * - `created`: everybody keeps their place; new ones come first
 */
export type ListOrder = 'changed' | 'created';

/** What of a list is asked for. */
export interface ListWish {
  readonly limit: number;
  /** The position of the last one that was shown. Absent: from the beginning. */
  readonly after?: string | undefined;
  /** Milliseconds since the epoch: only those who changed later. */
  readonly changedAfter?: number | undefined;
  /** Whom to show, of those with an application. Absent: everybody. */
  readonly matches?: ((candidate: SimulatedCandidate) => boolean) | undefined;
  /** Among whom to look. Absent: everybody. */
  readonly among?: ReadonlySet<string> | undefined;
}

/** A part of a list. */
export interface ListPart {
  readonly content: readonly SimulatedCandidate[];
  /** The positions of the content. */
  readonly positions: readonly string[];
  readonly more: boolean;
  readonly total: number;
}

/** Tenants up to this size are searched through; in larger ones, generated people are found by their address alone. */
const SEARCHED_THROUGH = 20_000;

/**
 * The candidates of an account: a population that is generated on demand, and on top of it those who were created or
 * changed, who alone take memory.
 */
export class CandidateStore {
  /** Created, and generated ones that have changed. */
  readonly #own = new Map<string, SimulatedCandidate>();
  /** Places of generated ones that are in `#own`, and of those that are deleted. */
  readonly #left = new Set<number>();
  /** Ids of own ones that come before the generated, latest last; an entry counts while `#rankOf` names its rank. */
  #front: { readonly rank: number; readonly id: string }[] = [];
  readonly #rankOf = new Map<string, number>();
  #nextRank = 0;
  /** The own candidates of each email address, lower case. */
  readonly #byEmail = new Map<string, Set<SimulatedCandidate>>();
  readonly #search = new TextSearch<SimulatedCandidate>(searchedTexts);
  /** Own ones whom `#search` does not know as they are: an index is dear, and a mirror never searches. */
  readonly #unindexed = new Set<string>();
  /** Over everybody who was generated, where these are few; made when it is needed. */
  #generatedSearch: TextSearch<SimulatedCandidate> | undefined;

  constructor(
    private readonly population: Population,
    private readonly order: ListOrder,
  ) {}

  /** Created ones, newest first, then generated ones; made as they are asked for. */
  *everybody(): Generator<SimulatedCandidate> {
    for (const candidate of this.own()) yield candidate;
    for (let place = 0; place < this.population.size; place += 1) {
      if (!this.#left.has(place)) yield this.population.at(place);
    }
  }

  /** Those who were created or have changed, newest first. */
  own(): readonly SimulatedCandidate[] {
    return [...this.#own.values()].reverse();
  }

  /** How many were generated, and are still there as they were. */
  get untouched(): number {
    return this.population.size - this.#left.size;
  }

  /** A candidate, to look at. */
  find(id: string): SimulatedCandidate | undefined {
    const own = this.#own.get(id);
    if (own) return own;
    const place = this.population.placeOf(id);
    return place === undefined || this.#left.has(place) ? undefined : this.population.at(place);
  }

  /** A candidate, to change. Call `changed` when it has been. */
  take(id: string): SimulatedCandidate | undefined {
    const candidate = this.find(id);
    if (candidate && !this.#own.has(id)) {
      this.#left.add(this.population.placeOf(id) ?? -1);
      this.#put(candidate);
    }
    return candidate;
  }

  /** Takes in a new one. */
  add(candidate: SimulatedCandidate): void {
    this.#put(candidate);
    this.#moveToFront(candidate.id);
  }

  /** Makes a change of somebody's texts found, and shows them where somebody who changed is shown. */
  changed(candidate: SimulatedCandidate, change: () => void, { moves }: { readonly moves: boolean }): void {
    this.#unlist(candidate);
    change();
    this.#list(candidate);
    // Who had no place in the list needs one, should an application bring them into it.
    if ((moves && this.order === 'changed') || !this.#hasPlace(candidate.id)) this.#moveToFront(candidate.id);
  }

  /** Deletes somebody. */
  remove(id: string): void {
    const candidate = this.take(id);
    if (!candidate) return;
    this.#unlist(candidate);
    this.#own.delete(id);
    this.#rankOf.delete(id);
  }

  /** Those with the same email address and last name, oldest first: the pair that is unique (sheet §6, CONFIRMED). */
  namesakes(email: string, lastName: string): readonly SimulatedCandidate[] {
    const place = this.population.placeOfEmail(email);
    const generated = place === undefined || this.#left.has(place) ? [] : [this.population.at(place)];
    return [...generated, ...(this.#byEmail.get(email.toLowerCase()) ?? [])].filter(
      (one) => one.lastName.toLowerCase() === lastName.toLowerCase(),
    );
  }

  /** The ids of those whom a text finds. */
  search(query: string): ReadonlySet<string> {
    for (const id of this.#unindexed) {
      const candidate = this.#own.get(id);
      if (candidate) this.#search.put(candidate);
    }
    this.#unindexed.clear();
    const found = new Set(this.#search.find(query));
    for (const id of this.#searchOverGenerated(query).find(query)) {
      if (!this.#left.has(this.population.placeOf(id) ?? -1)) found.add(id);
    }
    return found;
  }

  /** A part of the list: those with an application. */
  list({ limit, after, changedAfter, matches, among }: ListWish): ListPart {
    const isWanted = (candidate: SimulatedCandidate): boolean =>
      candidate.assignments.length > 0 &&
      (changedAfter === undefined || Date.parse(candidate.updatedOn) > changedAfter) &&
      (among === undefined || among.has(candidate.id)) &&
      (matches === undefined || matches(candidate));
    const content: SimulatedCandidate[] = [];
    const positions: string[] = [];
    let more = false;
    for (const { position, candidate } of this.#inOrder(after, changedAfter, among)) {
      if (!isWanted(candidate)) continue;
      more = content.length === limit;
      if (more) break;
      content.push(candidate);
      positions.push(position);
    }
    const total =
      among === undefined
        ? this.#count(isWanted, changedAfter, { narrowed: matches !== undefined })
        : [...this.#inOrder(undefined, changedAfter, among)].filter(({ candidate }) => isWanted(candidate)).length;
    return { content, positions, more, total };
  }

  /** The bytes of a file that a generated candidate came with. */
  generatedBytes(fileId: string): Buffer | undefined {
    const place = this.population.placeOfFile(fileId);
    if (place === undefined) return undefined;
    const candidate = this.population.at(place);
    const file = candidate.attachments.find(({ id }) => id === fileId);
    return file && generatedFile(candidate, file);
  }

  /** Whose file it is. */
  ownerOfFile(
    fileId: string,
  ): { readonly candidate: SimulatedCandidate; readonly file: SimulatedAttachment } | undefined {
    const place = this.population.placeOfFile(fileId);
    const holders = [
      ...this.#own.values(),
      ...(place === undefined || this.#left.has(place) ? [] : [this.population.at(place)]),
    ];
    for (const candidate of holders) {
      const file = candidate.attachments.find(({ id }) => id === fileId);
      if (file) return { candidate, file };
    }
    return undefined;
  }

  /** Somebody whom the list shows, by a number below 1; `undefined` when it shows nobody. */
  pick(share: number): SimulatedCandidate | undefined {
    const { listed } = this.population;
    const size = listed + this.#front.length;
    const start = Math.floor(share * size);
    for (let step = 0; step < size; step += 1) {
      const place = (start + step) % size;
      const candidate = place < listed ? this.find(this.population.idAt(place)) : this.#atFront(place - listed);
      if (candidate && candidate.assignments.length > 0) return candidate;
    }
    return undefined;
  }

  /** Everybody from a position on, in the order of the list. */
  *#inOrder(
    after: string | undefined,
    changedAfter: number | undefined,
    among: ReadonlySet<string> | undefined,
  ): Generator<{ readonly position: string; readonly candidate: SimulatedCandidate }> {
    const [kind, number = ''] = after?.split(':') ?? [];
    const place = kind === 'place' ? Number(number) + 1 : 0;
    if (kind !== 'place') {
      const behind = kind === 'rank' ? Number(number) : Number.POSITIVE_INFINITY;
      for (let index = this.#front.findLastIndex(({ rank }) => rank < behind); index >= 0; index -= 1) {
        const candidate = this.#atFront(index);
        if (candidate) yield { position: `rank:${this.#front[index]?.rank}`, candidate };
      }
    }
    for (const next of this.#places(place, changedAfter, among)) {
      const candidate = this.#left.has(next) ? this.#ownAt(next) : this.population.at(next);
      if (candidate) yield { position: `place:${next}`, candidate };
    }
  }

  /** Places from one on, in order, that could hold somebody who is wanted. */
  *#places(from: number, changedAfter: number | undefined, among: ReadonlySet<string> | undefined): Generator<number> {
    const { listed } = this.population;
    const ascending = (places: readonly number[]): readonly number[] =>
      places.filter((place) => place >= from && place < listed).toSorted((one, other) => one - other);
    if (among !== undefined) {
      yield* ascending([...among].flatMap((id) => this.population.placeOf(id) ?? []));
      return;
    }
    // Those behind changed even earlier, but for those who are own by now.
    const first = changedAfter === undefined ? listed : this.population.countChangedAfter(changedAfter);
    yield* countingFrom(from, first);
    if (first < listed) yield* ascending([...this.#left].filter((place) => place >= first));
  }

  /** The one whom an entry of `#front` stands for, while it counts. */
  #atFront(index: number): SimulatedCandidate | undefined {
    const { rank, id } = this.#front[index] ?? { rank: -1, id: '' };
    return this.#rankOf.get(id) === rank ? this.#own.get(id) : undefined;
  }

  /** A generated one that has changed and keeps its place. */
  #ownAt(place: number): SimulatedCandidate | undefined {
    const id = this.population.idAt(place);
    return this.#rankOf.has(id) ? undefined : this.#own.get(id);
  }

  #count(
    isWanted: (candidate: SimulatedCandidate) => boolean,
    changedAfter: number | undefined,
    { narrowed }: { readonly narrowed: boolean },
  ): number {
    let count = 0;
    for (const candidate of this.#own.values()) if (isWanted(candidate)) count += 1;
    const first = changedAfter === undefined ? this.population.listed : this.population.countChangedAfter(changedAfter);
    if (!narrowed) {
      let left = 0;
      for (const place of this.#left) if (place < first) left += 1;
      return count + first - left;
    }
    for (let place = 0; place < first; place += 1) {
      if (!this.#left.has(place) && isWanted(this.population.at(place))) count += 1;
    }
    return count;
  }

  #searchOverGenerated(query: string): TextSearch<SimulatedCandidate> {
    if (this.population.size <= SEARCHED_THROUGH) {
      this.#generatedSearch ??= searchOver(this.population, countingFrom(0, this.population.size));
      return this.#generatedSearch;
    }
    const numbers = [...query.matchAll(/\d{1,9}/g)].map(([number]) => Number(number));
    return searchOver(
      this.population,
      numbers.filter((place) => place < this.population.size),
    );
  }

  /** Whether the list knows where to show somebody. */
  #hasPlace(id: string): boolean {
    const place = this.population.placeOf(id);
    return this.#rankOf.has(id) || (place !== undefined && place < this.population.listed);
  }

  #put(candidate: SimulatedCandidate): void {
    this.#own.set(candidate.id, candidate);
    this.#list(candidate);
  }

  #moveToFront(id: string): void {
    const rank = this.#nextRank;
    this.#nextRank += 1;
    this.#rankOf.set(id, rank);
    this.#front.push({ rank, id });
    // Places that were left behind are cleared away once they are most of it.
    if (this.#front.length > 1000 && this.#front.length > 2 * this.#rankOf.size) {
      this.#front = this.#front.filter((entry) => this.#rankOf.get(entry.id) === entry.rank);
    }
  }

  #list(candidate: SimulatedCandidate): void {
    const key = candidate.email.toLowerCase();
    this.#byEmail.set(key, (this.#byEmail.get(key) ?? new Set()).add(candidate));
    this.#unindexed.add(candidate.id);
  }

  #unlist(candidate: SimulatedCandidate): void {
    this.#byEmail.get(candidate.email.toLowerCase())?.delete(candidate);
    this.#search.remove(candidate.id);
  }
}

function searchOver(population: Population, places: Iterable<number>): TextSearch<SimulatedCandidate> {
  const search = new TextSearch<SimulatedCandidate>(searchedTexts);
  for (const place of places) search.put(population.at(place));
  return search;
}

function* countingFrom(from: number, to: number): Generator<number> {
  for (let number = from; number < to; number += 1) yield number;
}

function searchedTexts(candidate: SimulatedCandidate): readonly (string | undefined)[] {
  const { firstName, lastName, email, phoneNumber, location, tags, experience, education } = candidate;
  return [
    `${firstName} ${lastName}`,
    email,
    phoneNumber,
    location?.city,
    ...tags,
    ...experience.flatMap(({ title, company }) => [title, company]),
    ...education.flatMap(({ institution, major }) => [institution, major]),
  ];
}
