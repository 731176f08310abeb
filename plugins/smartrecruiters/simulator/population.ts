import { SeededRandom } from '@talentbridge/testkit/simulator';
import type {
  CandidateStatus,
  SimulatedAssignment,
  SimulatedAttachment,
  SimulatedCandidate,
  SimulatedEducation,
  SimulatedExperience,
} from './records.js';
import { REJECTION_REASONS, SUB_STATUSES, WITHDRAWAL_REASONS } from './vocabulary.js';

/** Who lives in a generated tenant. */
export interface PopulationOptions {
  /** Candidates with at least one application: those that the list shows. */
  readonly listed: number;
  /** People in the talent pool alone, whom no list shows. */
  readonly hidden: number;
  /** Decides everything about everybody. */
  readonly seed: number;
  /** The jobs that they applied to; at least one. */
  readonly jobIds: readonly string[];
  /** Labels of the sources that they came from; at least one. */
  readonly sources: readonly string[];
}

/** The last change of the first one; everybody further on changed earlier. */
const NEWEST = Date.parse('2026-01-01T00:00:00.000Z');
/** How far apart the last changes of two neighbours are at most, and on average. */
const STEP_MS = 30_000;
const DAY_MS = 86_400_000;

const FIRST_NAMES = words(
  'Ada Bo Cleo Dag Ebba Femi Gus Hana Ivo Juno Kai Lio Mira Nia Otto Pia Quin Rune Suki Tove Uma Vito Wanda Xenia Zoë',
);
const LAST_NAMES = words(
  'Adeyemi Brandt Castell Dvorak Elstad Farrow Gallo Holm Ibarra Jansky Keller Lindqvist Moreau Nakata Okafor Peralta Quist Rådström Sørby',
);
const TITLES = ['Engineer', 'Analyst', 'Designer', 'Manager', 'Architect', 'Consultant', 'Technician', 'Recruiter'];
const LEVELS = ['Junior ', '', '', 'Senior ', 'Lead '];
const FIELDS = ['Software', 'Data', 'Finance', 'Sales', 'Field Service', 'Quality', 'Product', 'Security'];
const COMPANIES = [
  'Contoso',
  'Fabrikam',
  'Northwind',
  'Litware',
  'Proseware',
  'Tailspin',
  'Wingtip',
  'Adatum',
  'Lucerne',
];
const SCHOOLS = [
  'Lakeside University',
  'Hillcrest College',
  'Coastal Institute',
  'Rivertown Polytechnic',
  'Mesa State',
];
const DEGREES = ['BSc', 'BA', 'MSc', 'MBA', 'PhD'];
const MAJORS = ['Computer Science', 'Mathematics', 'Economics', 'Mechanical Engineering', 'Design'];
const TAGS = ['golang', 'typescript', 'sql', 'remote', 'relocates', 'german', 'lead', 'referred'];
const PLACES = [
  {
    city: 'Oakland',
    region: 'California',
    regionCode: 'CA',
    country: 'United States',
    countryCode: 'us',
    lat: 37.8044,
    lng: -122.2712,
  },
  {
    city: 'Boise',
    region: 'Idaho',
    regionCode: 'ID',
    country: 'United States',
    countryCode: 'us',
    lat: 43.615,
    lng: -116.2023,
  },
  { city: 'Toronto', region: 'Ontario', regionCode: 'ON', country: 'Canada', countryCode: 'ca' },
  { city: 'Zürich', country: 'Switzerland', countryCode: 'ch', lat: 47.3769, lng: 8.5417 },
] as const;
/** As often as each stands here. */
const STATUSES: readonly CandidateStatus[] = [
  ...(['REJECTED', 'REJECTED', 'REJECTED', 'REJECTED', 'WITHDRAWN', 'NEW', 'NEW', 'IN_REVIEW'] as const),
  ...(['INTERVIEW', 'OFFERED', 'HIRED', 'TRANSFERRED', 'LEAD'] as const),
];

/**
 * A tenant of any size that takes no memory: everybody is made when asked for, the same each time. Ids lead back to the
 * place of their owner, and the further back a place is, the longer ago its owner changed.
 */
export class Population {
  readonly #options: PopulationOptions;
  readonly #salt: number;

  constructor(options: PopulationOptions) {
    this.#options = options;
    this.#salt = mixed(options.seed ^ 0x51ed270b);
  }

  /** How many the list shows: the places from 0. */
  get listed(): number {
    return this.#options.listed;
  }

  /** How many there are; those from `listed` on are in the talent pool alone. */
  get size(): number {
    return this.#options.listed + this.#options.hidden;
  }

  /** When the one at a place changed last, in milliseconds since the epoch: later than everybody behind. */
  changedAt(place: number): number {
    return NEWEST - place * STEP_MS - (this.#number(place, 1) % STEP_MS);
  }

  /** How many of those that the list shows changed after a moment: they are the first. */
  countChangedAfter(moment: number): number {
    let [from, to] = [0, this.listed];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.changedAt(middle) > moment) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  /** The place behind a candidate's id. */
  placeOf(id: string): number | undefined {
    const place = unscattered(Number.parseInt(id.slice(0, 8), 16) ^ this.#salt);
    return place < this.size && this.#id(place, 2) === id ? place : undefined;
  }

  /** The place behind an email address. */
  placeOfEmail(email: string): number | undefined {
    const place = Number(/\.(\d{1,9})@/.exec(email)?.[1] ?? Number.NaN);
    return place < this.size && this.at(place).email === email.toLowerCase() ? place : undefined;
  }

  /** The place of the one whose file it is. */
  placeOfFile(fileId: string): number | undefined {
    const place = unscattered(Number.parseInt(fileId.slice(0, 8), 16) ^ this.#salt);
    return place < this.size && FILES.some((_, index) => this.#id(place, 10 + index) === fileId) ? place : undefined;
  }

  /** The id of the one at a place. */
  idAt(place: number): string {
    return this.#id(place, 2);
  }

  /** The one at a place. */
  at(place: number): SimulatedCandidate {
    const random = new SeededRandom(this.#number(place, 3));
    const pick = <Item>(items: readonly Item[]): Item => items[random.below(items.length)] as Item;
    const id = this.idAt(place);
    const firstName = pick(FIRST_NAMES);
    const lastName = pick(LAST_NAMES);
    const slug = `${plain(firstName)}-${plain(lastName)}-${place}`;
    const changedAt = this.changedAt(place);
    const createdAt = changedAt - (1 + random.below(400)) * DAY_MS;
    const assignments = place < this.listed ? this.#assignments(place, random, createdAt, changedAt) : [];
    const web = {
      ...(random.next() < 0.7 ? { linkedin: `https://www.linkedin.com/in/${slug}` } : {}),
      ...(random.next() < 0.2 ? { website: `https://github.com/${slug}` } : {}),
    };
    return {
      id,
      internal: random.next() < 0.02,
      firstName,
      lastName,
      email: `${plain(firstName)}.${plain(lastName)}.${place}@mail.example`,
      ...(random.next() < 0.6 ? { phoneNumber: `+1415555${String(place % 10_000).padStart(4, '0')}` } : {}),
      ...(random.next() < 0.9 ? { location: pick(PLACES) } : {}),
      ...(Object.keys(web).length > 0 ? { web } : {}),
      createdOn: new Date(createdAt).toISOString(),
      updatedOn: new Date(changedAt).toISOString(),
      tags: random.shuffle(TAGS).slice(0, random.below(4)),
      education: Array.from({ length: random.below(3) }, () => course(random, pick)),
      experience: experience(random, pick),
      source: assignments[0]?.source ?? pick(this.#options.sources),
      assignments,
      attachments: this.#files(place, lastName, assignments),
    };
  }

  #assignments(place: number, random: SeededRandom, createdAt: number, changedAt: number): SimulatedAssignment[] {
    const { jobIds, sources } = this.#options;
    const count = random.next() < 0.7 ? 1 : 2 + random.below(2);
    // Low numbers come more often: a few jobs have most of the candidates.
    const jobs = Array.from({ length: count }, () => Math.floor(random.next() ** 2 * jobIds.length));
    return [...new Set(jobs)].map((job, index) => {
      const status = STATUSES[random.below(STATUSES.length)] as CandidateStatus;
      const subStatuses = SUB_STATUSES[status] ?? [];
      const subStatus = subStatuses[random.below(Math.max(1, subStatuses.length))];
      const half = createdAt + Math.floor((changedAt - createdAt) / 2);
      const last = { status, ...(subStatus === undefined ? {} : { subStatus }) };
      return {
        applicationId: this.#id(place, 20 + index),
        jobId: jobIds[job] as string,
        ...last,
        source: sources[random.below(sources.length)] as string,
        ...(status === 'REJECTED'
          ? { reasonOfRejection: REJECTION_REASONS[random.below(REJECTION_REASONS.length)] }
          : {}),
        ...(status === 'WITHDRAWN' ? { reasonOfWithdrawal: WITHDRAWAL_REASONS[0] } : {}),
        ...(status === 'HIRED' ? { startsOn: new Date(changedAt + 30 * DAY_MS).toISOString() } : {}),
        history: [
          { changedOn: new Date(createdAt).toISOString(), status: 'LEAD' as const },
          ...(random.next() < 0.5 ? [{ changedOn: new Date(half).toISOString(), status: 'IN_REVIEW' as const }] : []),
          { changedOn: new Date(changedAt).toISOString(), ...last },
        ],
      };
    });
  }

  /** A résumé on the first application, and for some a letter and a photograph beside it. */
  #files(place: number, lastName: string, assignments: readonly SimulatedAssignment[]): SimulatedAttachment[] {
    const jobId = assignments[0]?.jobId;
    const which = this.#number(place, 4) % 10;
    return FILES.flatMap(({ type, contentType, extension, of }, index) =>
      which < of
        ? [
            {
              id: this.#id(place, 10 + index),
              name: `${lastName} ${type.toLowerCase().replace('_', ' ')}.${extension}`,
              type,
              contentType,
              ...(type === 'RESUME' && jobId !== undefined ? { jobId } : {}),
            },
          ]
        : [],
    );
  }

  /** A number about a place: the same each time, and unlike that of any other salt. */
  #number(place: number, salt: number): number {
    return mixed(mixed(place ^ this.#salt) ^ Math.imul(salt, 0x9e3779b1));
  }

  #id(place: number, salt: number): string {
    const first = hex((scattered(place) ^ this.#salt) >>> 0);
    const [second, third, fourth] = [0, 1, 2].map((part) => hex(this.#number(place, salt * 8 + part + 100)));
    return `${first}-${second?.slice(0, 4)}-4${second?.slice(5)}-a${third?.slice(1, 4)}-${third?.slice(4)}${fourth}`;
  }
}

/** `of` ten people, how many have it. */
const FILES = [
  { type: 'RESUME', contentType: 'application/pdf', extension: 'pdf', of: 8 },
  { type: 'COVER_LETTER', contentType: 'application/rtf', extension: 'rtf', of: 2 },
  { type: 'AVATAR', contentType: 'image/png', extension: 'png', of: 1 },
] as const;

function experience(random: SeededRandom, pick: <Item>(items: readonly Item[]) => Item): SimulatedExperience[] {
  const count = random.below(4);
  let year = 2025 - random.below(3);
  return Array.from({ length: count }, (_, index) => {
    const endDate = String(year);
    year -= 1 + random.below(4);
    const month = String(1 + random.below(12)).padStart(2, '0');
    const current = index === 0 && random.next() < 0.6;
    return {
      title: `${pick(LEVELS)}${pick(FIELDS)} ${pick(TITLES)}`,
      company: pick(COMPANIES),
      current,
      startDate: `${year}-${month}`,
      ...(current ? {} : { endDate }),
      location: pick(PLACES).city,
      description: `Worked on ${pick(FIELDS).toLowerCase()} and ${pick(FIELDS).toLowerCase()}.`,
    };
  });
}

function course(random: SeededRandom, pick: <Item>(items: readonly Item[]) => Item): SimulatedEducation {
  const end = 2000 + random.below(24);
  return {
    institution: pick(SCHOOLS),
    degree: pick(DEGREES),
    major: pick(MAJORS),
    startDate: String(end - 4),
    endDate: `${end}-06`,
  };
}

function words(text: string): readonly string[] {
  return text.split(' ');
}

/** A name as it stands in addresses. */
function plain(name: string): string {
  return name
    .normalize('NFD')
    .replace(/ø/g, 'o')
    .replace(/[^a-zA-Z]/g, '')
    .toLowerCase();
}

function hex(number: number): string {
  return number.toString(16).padStart(8, '0');
}

/** A whole number below 2^32 with its bits thoroughly mixed (the end of MurmurHash3). */
function mixed(number: number): number {
  let bits = number >>> 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** One of 2^32 numbers for each, with a way back: ids must not show an order. */
function scattered(number: number): number {
  return mixed(number);
}

/** The way back: each step of `mixed` undone, last first. */
function unscattered(number: number): number {
  let bits = number >>> 0;
  bits ^= bits >>> 16;
  bits = Math.imul(bits, 0x7ed1b41d);
  bits ^= (bits >>> 13) ^ (bits >>> 26);
  bits = Math.imul(bits, 0xa5cb9243);
  return (bits ^ (bits >>> 16)) >>> 0;
}
