import type {
  FieldValues,
  SearchDocument,
} from '../../core/hub/dist/capabilities/rediscovery/search/search-document.js';
import { SeededNumbers } from '../support/seeded-numbers.ts';
import { DICTIONARIES, type Dictionary, VOCABULARY } from './search-words.ts';

const DAY_MS = 86_400_000;
const TODAY = Date.UTC(2026, 0);
/** Résumés are as long as this, in bytes, evenly spread. */
const RESUME_BYTES = { least: 3_000, most: 6_000 } as const;
const CITIES = [
  [52.52, 13.4],
  [48.86, 2.35],
  [-23.55, -46.63],
  [35.68, 139.69],
  [43.65, -79.38],
] as const;

/** Bytes for each word and the space behind it: eight at once are copied as a number, twice as fast as joining strings. */
const SLOT = 24;
const slots = new Float64Array((VOCABULARY.values.length * SLOT) / 8);
const lengths = new Uint8Array(VOCABULARY.values.length);
for (const [index, word] of VOCABULARY.values.entries()) {
  const bytes = Buffer.from(`${word} `);
  if (bytes.length > SLOT) throw new RangeError(`"${word}" is too long.`);
  new Uint8Array(slots.buffer, index * SLOT).set(bytes);
  lengths[index] = bytes.length;
}

/**
 * What a search knows of made-up people: a résumé of 3 to 6 kB, Zipf-distributed words and values, zero to three applications.
 * Deterministic: seed and number give the same person, whoever else was made before.
 */
export class MadeUpSearchDocuments {
  readonly #numbers = new SeededNumbers();
  readonly #text = Buffer.alloc(RESUME_BYTES.most + 2 * SLOT);
  readonly #view = new DataView(this.#text.buffer, this.#text.byteOffset, this.#text.length);

  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** The person of a number. @param version Another one: the same person with another résumé and other titles. */
  document(number: number, version = 0): SearchDocument {
    const numbers = this.#numbers;
    numbers.restart(this.#seed + version * 7_919, number);
    const { firstName, lastName, title, company, location, school, degree, major, industry, companySize } =
      DICTIONARIES;
    const { skill, certification, language, group, interest, honor, diversity } = DICTIONARIES;
    const [first, last] = [this.#one(firstName), this.#one(lastName)];
    const name = `${first} ${last}`;
    const years = numbers.below(numbers.happens(0.5) ? 12 : 40);
    const updated = TODAY - Math.floor((numbers.next() / 4_294_967_296) ** 2 * 1_500 * DAY_MS);
    const city = numbers.happens(0.6) ? CITIES[numbers.below(CITIES.length)] : undefined;
    return {
      id: `candidate-${number}`,
      texts: {
        name: [name],
        headline: this.#maybe(0.7, title),
        summary: numbers.happens(0.6) ? [this.#prose(100 + numbers.below(300))] : [],
        resume: [this.#prose(RESUME_BYTES.least + numbers.below(RESUME_BYTES.most - RESUME_BYTES.least))],
        currentTitle: this.#maybe(0.9, title),
        pastTitle: this.#some(0, 3, title),
        currentCompany: this.#maybe(0.9, company),
        pastCompany: this.#some(0, 4, company),
        skill: this.#some(2, 12, skill),
        location: this.#maybe(0.95, location),
        school: this.#some(0, 2, school),
        degree: this.#some(0, 2, degree),
        major: this.#some(0, 2, major),
        industry: this.#some(0, 2, industry),
        companySize: this.#maybe(0.6, companySize),
        certification: this.#some(0, 2, certification),
        language: this.#some(0, 3, language),
        group: this.#some(0, 2, group),
        interest: this.#some(0, 3, interest),
        honor: this.#maybe(0.2, honor),
        diversity: this.#maybe(0.1, diversity),
        email: [`${first}.${last}.${number}@mail.example`.toLowerCase()],
        phone: [`+1555${String(number).padStart(7, '0')}`],
        connection: [number % 3 === 0 ? 'connection-b' : 'connection-a'],
      },
      numbers: {
        years: [years],
        yearsInRole: [Math.min(years, numbers.below(10))],
        updated: [updated],
        created: [updated - numbers.below(400) * DAY_MS],
      },
      places: city
        ? [
            {
              latitude: Number((city[0] + numbers.below(2_000) / 1_000 - 1).toFixed(4)),
              longitude: Number((city[1] + numbers.below(2_000) / 1_000 - 1).toFixed(4)),
            },
          ]
        : [],
      applications: Array.from({ length: numbers.below(4) }, () => this.#application(updated)),
    };
  }

  #application(updated: number): FieldValues {
    const job = this.#numbers.below(2_000);
    return {
      texts: {
        job: [DICTIONARIES.job.at(job)],
        jobId: [`j-${job}`],
        status: [this.#one(DICTIONARIES.status)],
        source: [this.#one(DICTIONARIES.source)],
        recruiter: [this.#one(DICTIONARIES.recruiter)],
      },
      numbers: { applied: [updated - this.#numbers.below(200) * DAY_MS] },
    };
  }

  #one(dictionary: Dictionary): string {
    return dictionary.at(dictionary.ranks.draw(this.#numbers));
  }

  #maybe(probability: number, dictionary: Dictionary): readonly string[] {
    return this.#numbers.happens(probability) ? [this.#one(dictionary)] : [];
  }

  /** Different ones. */
  #some(least: number, most: number, dictionary: Dictionary): readonly string[] {
    const values: string[] = [];
    for (let count = least + this.#numbers.below(most - least + 1); count > 0; count--) {
      const value = this.#one(dictionary);
      if (!values.includes(value)) values.push(value);
    }
    return values;
  }

  #prose(bytes: number): string {
    const [text, view] = [this.#text, this.#view];
    let length = 0;
    for (let count = 1; length < bytes; count++) {
      const word = VOCABULARY.ranks.draw(this.#numbers);
      for (let part = 0; part < 3; part++) view.setFloat64(length + part * 8, slots[word * 3 + part] ?? 0, true);
      length += lengths[word] ?? 0;
      // The space behind the word becomes the end of a line.
      if (count % 14 === 0) text[length - 1] = 0x0a;
    }
    return text.toString('utf8', 0, length);
  }
}
