import { type Cipheriv, createCipheriv, createDecipheriv, createHash, type Decipheriv } from 'node:crypto';
import { SeededRandom } from '@talentbridge/testkit/simulator';
import { type GeneratedHistory, generatedHistory, momentIn, type Stamps } from './generated-history.js';
import { DISPOSITIONS, STAGES, stageOf } from './hiring-words.js';
import type {
  CandidateFolder,
  SimulatedApplication,
  SimulatedAuthor,
  SimulatedCandidate,
  SimulatedDocument,
  SimulatedStatus,
} from './records.js';

/** What a generated tenant is made of. */
export interface TenantSeed {
  readonly seed: number;
  /** How many candidates there are. */
  readonly candidates: number;
  /** The jobs that they applied to. */
  readonly jobIds: readonly string[];
  /** Tags that some of them have. */
  readonly tags: readonly string[];
  /** Who writes notes and holds interviews. */
  readonly users: readonly SimulatedAuthor[];
}

/** Kinds of generated records, as they stand in an id. */
const KINDS = { candidate: 1, application: 2, document: 3, note: 4, interview: 5 } as const;
type Kind = keyof typeof KINDS;

/** Everything generated is older than this, so that a later `updated_since` needs no search. */
export const GENERATED_UNTIL = '2025-12-31T00:00:00.000Z';
const GENERATED_FROM_MS = Date.parse('2023-01-01T00:00:00.000Z');
const GENERATED_UNTIL_MS = Date.parse(GENERATED_UNTIL);

/** Of so many there is something of everything that they can have, so that no demo begins with an empty page. */
const SHOWN_IN_FULL = 5;

/**
 * Candidates with histories that nobody holds: each is computed from the seed and its number whenever it is asked for, the
 * same every time. An id is its number in disguise, so that a record is found by its id as fast.
 */
export class GeneratedTenant {
  // Block by block, so that one of each does for all ids.
  readonly #cipher: Cipheriv;
  readonly #decipher: Decipheriv;

  constructor(private readonly from: TenantSeed) {
    const key = createHash('sha256').update(`jobscore tenant ${from.seed}`).digest().subarray(0, 16);
    this.#cipher = createCipheriv('aes-128-ecb', key, null).setAutoPadding(false);
    this.#decipher = createDecipheriv('aes-128-ecb', key, null).setAutoPadding(false);
  }

  /** How many candidates there are. */
  get size(): number {
    return this.from.candidates;
  }

  /** The number of the candidate that a record belongs to; `undefined` when it is none of this tenant. */
  numberOf(kind: Kind, id: string): number | undefined {
    if (!/^[A-Za-z0-9_-]{22}$/.test(id)) return undefined;
    const block = this.#decipher.update(Buffer.from(id, 'base64url'));
    const number = Number(block.readBigUInt64BE(8));
    // The rest is zero: an id from elsewhere is not, but for one in 2^48.
    const isOurs = block[0] === KINDS[kind] && block.readUIntBE(2, 6) === 0 && number < this.size;
    return isOurs ? number : undefined;
  }

  /** When a candidate was last changed, before anybody touched it here. */
  updatedOn(number: number): string {
    return stampsOf(this.#randomOf(number)).updated_on;
  }

  /** A candidate with all that hangs on it. */
  folder(number: number): CandidateFolder {
    const random = this.#randomOf(number);
    const stamps = stampsOf(random);
    const id = this.#idOf('candidate', number, 0);
    const applications = this.#applicationsOf(number, id, stamps, random);
    const documents = this.#documentsOf(number, id, stamps, random);
    const resume = documents.find(({ document_type }) => document_type === 'resume');
    const candidate: SimulatedCandidate = {
      id,
      ...personOf(number, random, this.from.tags),
      primary_resume_id: resume?.id ?? null,
      url: `https://hire.jobscore.com/candidates/${id}`,
      ...stamps,
    };
    let computed: GeneratedHistory | undefined;
    const history = (): GeneratedHistory => {
      computed ??= this.#historyOf(number, candidate, applications);
      return computed;
    };
    return {
      candidate,
      applications,
      documents,
      // Computed when it is looked at, because lists of candidates show none of it.
      get notes() {
        return history().notes;
      },
      get interviews() {
        return history().interviews;
      },
    };
  }

  #historyOf(
    number: number,
    candidate: SimulatedCandidate,
    applications: readonly SimulatedApplication[],
  ): GeneratedHistory {
    return generatedHistory({
      candidate,
      applications,
      users: this.from.users,
      inFull: number < SHOWN_IN_FULL,
      random: this.#randomOf(number, 0xc2b2ae35),
      idOf: (kind, part) => this.#idOf(kind, number, part),
    });
  }

  /** @param salt For numbers of their own, so that what they decide changes nothing else. */
  #randomOf(number: number, salt = 0): SeededRandom {
    // Spread out, because the generator's first numbers of neighbouring seeds resemble each other.
    return new SeededRandom(Math.imul(this.from.seed + 1, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b) ^ salt);
  }

  #idOf(kind: Kind, number: number, part: number): string {
    const block = Buffer.alloc(16);
    block[0] = KINDS[kind];
    block[1] = part;
    block.writeBigUInt64BE(BigInt(number), 8);
    return this.#cipher.update(block).toString('base64url');
  }

  #applicationsOf(number: number, candidateId: string, stamps: Stamps, random: SeededRandom): SimulatedApplication[] {
    const { jobIds } = this.from;
    if (jobIds.length === 0) return [];
    const wanted = Math.min(random.below(4), jobIds.length);
    const first = random.below(jobIds.length);
    return Array.from({ length: wanted }, (_, part) => {
      // Neighbours in the list, so that nobody is on a job twice.
      const jobId = jobIds[(first + part) % jobIds.length] ?? '';
      const status = STATUSES[random.below(STATUSES.length)] ?? 'active';
      const reached = status === 'hired' ? STAGES.length : 1 + random.below(STAGES.length - 1);
      const stages = STAGES.slice(0, reached).map((name) => stageOf(jobId, name));
      const reasons = status === 'rejected' || status === 'withdrawn' ? DISPOSITIONS[status] : [];
      return {
        id: this.#idOf('application', number, part),
        candidate_id: candidateId,
        job_id: jobId,
        workflow_stage: stages.at(-1) ?? stageOf(jobId, 'New'),
        status,
        disposition: reasons[random.below(reasons.length)] ?? null,
        stage_history: stages.map((stage, index) => ({ stage, entered_on: momentIn(stamps, index / stages.length) })),
        ...stamps,
      };
    });
  }

  #documentsOf(number: number, candidateId: string, stamps: Stamps, random: SeededRandom): SimulatedDocument[] {
    const types = [...(random.next() < 0.7 ? ['resume'] : []), ...(random.next() < 0.1 ? ['cover_letter'] : [])];
    return types.map((type, part) => {
      const id = this.#idOf('document', number, part);
      return {
        id,
        candidate_id: candidateId,
        filename: `${type}-${number}.pdf`,
        document_type: type,
        content_type: 'application/pdf',
        size: generatedFile(id).length,
        ...stamps,
      };
    });
  }
}

/** The bytes of a generated document: the same for the same id, and every value of a byte among them. */
export function generatedFile(id: string): Buffer {
  const body = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  return Buffer.concat([Buffer.from(`%PDF-1.4\n% ${id}\n`), body, Buffer.from('\n%%EOF\n')]);
}

const STATUSES: readonly SimulatedStatus[] = [
  'active',
  'active',
  'active',
  'rejected',
  'rejected',
  'withdrawn',
  'hired',
];

/** The first numbers that are drawn, so that a date can be had without the rest. */
function stampsOf(random: SeededRandom): Stamps {
  const created = GENERATED_FROM_MS + random.next() * (GENERATED_UNTIL_MS - GENERATED_FROM_MS);
  const updated = created + random.next() * (GENERATED_UNTIL_MS - created);
  return { created_on: new Date(created).toISOString(), updated_on: new Date(updated).toISOString() };
}

const FIRST_NAMES = ['Ada', 'Bo', 'Chidi', 'Dina', 'Emre', 'Farah', 'Goran', 'Hana', 'Ivo', 'Jun', 'Kofi', 'Léa'];
const LAST_NAMES = [
  'Okafor',
  'Lindqvist',
  'Marchetti',
  'Nakamura',
  'Petrova',
  'Quispe',
  'Rahman',
  'Sørensen',
  'Tavares',
];
const EMPLOYERS = ['Northwind', 'Contoso', 'Fabrikam', 'Tailspin Toys', 'Wingtip'];
const TITLES = ['Welder', 'Data Analyst', 'Staff Engineer', 'Night Nurse', 'Office Manager'];
const SCHOOLS = ['Example University', 'Sample College', 'Institute of Examples'];
const PLACES = [
  { home_city: 'Oakland', home_state: 'CA', home_country: 'US' },
  { home_city: 'Toronto', home_state: 'ON', home_country: 'CA' },
  { home_city: 'Boise', home_state: 'ID', home_country: 'US' },
];
const SOURCES = [
  { source: 'database', source_detail: 'SeekOut' },
  { source: 'database', source_detail: 'Indeed Resume' },
  { source: 'user', source_detail: 'Rita Moss' },
  { source: 'other', source_detail: null },
];

type Person = Omit<SimulatedCandidate, 'id' | 'primary_resume_id' | 'url' | 'created_on' | 'updated_on'>;

function personOf(number: number, random: SeededRandom, tags: readonly string[]): Person {
  const pick = <Item>(items: readonly [Item, ...Item[]] | readonly Item[]): Item | undefined =>
    items[random.below(items.length)];
  const first_name = pick(FIRST_NAMES) ?? '';
  const last_name = `${pick(LAST_NAMES) ?? ''}-${letters(number)}`;
  const slug = `${first_name}.${last_name}.${number}`
    .normalize('NFD')
    .replace(/[^\w.-]/g, '')
    .toLowerCase();
  const year = 2005 + random.below(15);
  return {
    first_name,
    last_name,
    email: `${slug}@home.example`,
    ...(random.next() < 0.3 ? { work_email: `${slug}@work.example` } : {}),
    ...(random.next() < 0.6 ? { mobile_phone: `+1415${String(number).padStart(7, '0')}` } : {}),
    ...pick(PLACES),
    ...pick(SOURCES),
    tags: tags.filter(() => random.next() < 0.2),
    profile_links:
      random.next() < 0.7 ? [{ type: 'linkedin', url: `https://www.linkedin.com/in/${encodeURIComponent(slug)}` }] : [],
    employers: Array.from({ length: random.below(3) }, (_, index) => ({
      employer_name: pick(EMPLOYERS) ?? '',
      titles: [{ title: pick(TITLES) ?? '', start_year: year + 3 * index, end_year: index === 0 ? null : year + 3 }],
    })),
    schools:
      random.next() < 0.5
        ? [{ name: pick(SCHOOLS) ?? '', degree_type: 'Bachelor', degree_major: null, graduation_year: String(year) }]
        : [],
  };
}

/** A number in letters, because some systems refuse digits in a name. */
function letters(number: number): string {
  return [...String(number)].map((digit) => 'abcdefghij'.charAt(Number(digit))).join('');
}
