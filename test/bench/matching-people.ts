import type { CandidateData } from '../../core/hub/dist/capabilities/rediscovery/mirror-model.js';
import type { Profile } from '../../core/hub/dist/directory/profile.js';
import { CULTURES, type Culture, SHORT_FORMS } from './matching-names.ts';

/**
 * How often people and systems write one person two ways. Each side is written on its own, so that what happens to both happens
 * more often than the rate says. Rates are of all who can be concerned.
 */
export const NOISE = {
  'people of the ATS who have a profile': 0.7,
  'profiles of people whom the ATS does not have': 0.3,
  'candidates that the ATS holds a second time': 0.01,
  'namesakes in the same city and profession, beside those that frequent names bring': 0.02,
  'candidate records without jobs and schools': 0.1,
  'typing error in the first name': 0.012,
  'typing error in the last name': 0.018,
  'nickname in place of a first name that has one': 0.15,
  'another spelling or script of a name that has some': 0.1,
  'women whose last name changed since they applied': 0.06,
  'of these, both last names now': 0.35,
  'first and last name swapped': 0.008,
  'initial in place of the first name': 0.01,
  'middle name or initial shown': 0.12,
  'no start date of a job': 0.2,
  'year alone of a date': 0.25,
  'date off by months': 0.08,
  'job left out': 0.08,
  'employer written another way': 0.12,
  'title written another way': 0.3,
  'school left out': 0.12,
  'no graduation date': 0.4,
  'graduation date off by years, or of another degree': 0.04,
  'another major': 0.04,
  'candidate with LinkedIn URL': 0.45,
  'candidate with email': 0.93,
  'of these, another mailbox than the profile knows': 0.13,
  'of these, a placeholder of the hub': 0.03,
  'mailbox of the family': 0.004,
  'candidate with phone': 0.6,
  'phone changed since': 0.2,
  'candidate with GitHub URL': 0.08,
  'LinkedIn name changed since': 0.015,
  "somebody else's LinkedIn URL": 0.001,
  'profile with LinkedIn URL': 0.92,
  'profile with email': 0.6,
  'profile with GitHub URL': 0.15,
  'profile with phone': 0.25,
  'moved to another city since': 0.18,
} as const;

type Noise = keyof typeof NOISE;

/** What the generator's placeholder addresses end with. */
export const DUMMY_DOMAIN = 'placeholder.example';

/** Numbers that follow from a seed. */
class Dice {
  #state: number;
  constructor(seed: number, person: number, purpose: number) {
    this.#state =
      (Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(person + 1, 0x85ebca6b) ^ Math.imul(purpose, 0xc2b2ae35)) | 0;
    this.next();
    this.next();
  }
  /** From 0 up to, and without, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let value = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  }
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }
  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('Nothing to pick from.');
    return item;
  }
  /** The first ones more often than the last; the larger the bend, the more so. */
  often<Item>(items: readonly Item[], bend: number): Item {
    const item = items[Math.floor(items.length * this.next() ** bend)];
    if (item === undefined) throw new RangeError('Nothing to pick from.');
    return item;
  }
  happens(what: Noise): boolean {
    return this.next() < NOISE[what];
  }
}

const PROFESSIONS = [
  ['Software Engineer', 'Senior Software Engineer', 'Staff Software Engineer', 'Engineering Manager'],
  ['Data Analyst', 'Data Scientist', 'Senior Data Scientist', 'Head of Data'],
  ['Registered Nurse', 'Charge Nurse', 'Nurse Manager', 'Director of Nursing'],
  ['Account Executive', 'Senior Account Executive', 'Sales Manager', 'VP of Sales'],
  ['Accountant', 'Senior Accountant', 'Controller', 'Chief Financial Officer'],
  ['Recruiter', 'Senior Recruiter', 'Talent Acquisition Manager', 'Head of People'],
  ['Marketing Coordinator', 'Marketing Manager', 'Senior Marketing Manager', 'Marketing Director'],
  ['Mechanical Engineer', 'Senior Mechanical Engineer', 'Lead Mechanical Engineer', 'Engineering Director'],
  ['Teacher', 'Lead Teacher', 'Assistant Principal', 'Principal'],
  ['Project Coordinator', 'Project Manager', 'Senior Project Manager', 'Program Director'],
  ['UX Designer', 'Product Designer', 'Senior Product Designer', 'Design Director'],
  ['Financial Analyst', 'Senior Financial Analyst', 'Finance Manager', 'Finance Director'],
  ['Warehouse Associate', 'Warehouse Supervisor', 'Logistics Manager', 'Operations Director'],
  ['Customer Service Representative', 'Customer Success Manager', 'Support Manager', 'Director of Support'],
  ['Systems Administrator', 'DevOps Engineer', 'Site Reliability Engineer', 'Infrastructure Manager'],
  ['Electrician', 'Master Electrician', 'Site Supervisor', 'Construction Manager'],
] as const;
const MAJORS = [
  'Computer Science',
  'Statistics',
  'Nursing',
  'Business',
  'Accounting',
  'Psychology',
  'Marketing',
  'Mechanical Engineering',
  'Education',
  'Management',
  'Design',
  'Economics',
  'Logistics',
  'Communication',
  'Information Technology',
  'Electrical Engineering',
];
const CITIES = [
  'New York|NY|US',
  'Los Angeles|CA|US',
  'London|England|GB',
  'San Francisco|CA|US',
  'Chicago|IL|US',
  'Berlin|Berlin|DE',
  'Houston|TX|US',
  'Seattle|WA|US',
  'Boston|MA|US',
  'Austin|TX|US',
  'Dallas|TX|US',
  'Toronto|Ontario|CA',
  'Atlanta|GA|US',
  'Denver|CO|US',
  'Bengaluru|Karnataka|IN',
  'Washington|DC|US',
  'Philadelphia|PA|US',
  'Miami|FL|US',
  'Phoenix|AZ|US',
  'San Diego|CA|US',
  'Munich|Bavaria|DE',
  'Portland|OR|US',
  'Minneapolis|MN|US',
  'Dublin|Leinster|IE',
  'Manchester|England|GB',
  'Charlotte|NC|US',
  'Detroit|MI|US',
  'Hyderabad|Telangana|IN',
  'San Jose|CA|US',
  'Columbus|OH|US',
  'Raleigh|NC|US',
  'Salt Lake City|UT|US',
  'Tampa|FL|US',
  'Pittsburgh|PA|US',
  'Nashville|TN|US',
  'Kansas City|MO|US',
  'Hamburg|Hamburg|DE',
  'Vancouver|British Columbia|CA',
  'Madrid|Madrid|ES',
  'Warsaw|Mazovia|PL',
];
const WORDS =
  'Acorn Alder Amber Anchor Apex Arbor Argent Aspen Atlas Aurora Beacon Birch Bluebird Bramble Bright Canyon Cedar Chestnut Cinder Clover Cobalt Compass Copper Coral Crane Crescent Crystal Delta Drift Echo Elm Ember Evergreen Falcon Fern Flint Forge Fox Garnet Glacier Granite Harbor Hazel Heron Hickory Horizon Indigo Iris Ivory Jade Juniper Keystone Lantern Larch Laurel Lumen Magnolia Maple Meadow Meridian Mesa Mint Nimbus North Oak Onyx Opal Orchard Osprey Pacific Palisade Pebble Pine Pinnacle Prairie Quartz Quill Raven Redwood Ridge River Robin Saffron Sage Sequoia Sierra Silver Slate Sparrow Spruce Sterling Summit Sycamore Tamarack Teal Terra Thistle Timber Topaz Umber Valley Vega Verdant Vertex Violet Walnut Willow Wren Zephyr'.split(
    ' ',
  );
const TRADES =
  'Software Analytics Health Logistics Partners Systems Consulting Foods Energy Capital Media Design Labs Robotics Insurance Motors Pharma Retail Schools Works'.split(
    ' ',
  );
const STATES =
  'Alabama Arizona California Colorado Connecticut Florida Georgia Illinois Indiana Iowa Kansas Kentucky Maryland Michigan Minnesota Missouri Nebraska Nevada Ohio Oklahoma Oregon Pennsylvania Tennessee Texas Utah Virginia Washington Wisconsin'.split(
    ' ',
  );
const SCHOOLS = [
  ...STATES.map((state) => `University of ${state}`),
  ...STATES.map((state) => `${state} State University`),
  ...CITIES.map((city) => `University of ${city.split('|')[0]}`),
  ...CITIES.map((city) => `${city.split('|')[0]} Community College`),
  ...WORDS.flatMap((word) => [`${word} College`, `${word} University`, `${word} Institute of Technology`]),
];

interface TrueJob {
  readonly employer: string;
  readonly title: string;
  readonly year: number;
  readonly month: number;
}

/** A person as they are, before anybody wrote them down. */
interface Person {
  readonly culture: Culture;
  readonly isWoman: boolean;
  /** With other spellings behind slashes. */
  readonly first: string;
  readonly last: string;
  readonly middle: string;
  readonly city: string;
  readonly formerCity: string;
  readonly profession: number;
  /** Oldest first. */
  readonly jobs: readonly TrueJob[];
  readonly studies: readonly {
    readonly school: string;
    readonly degree: string;
    readonly major: string;
    readonly year: number;
  }[];
}

function employerOf(dice: Dice, city: number, profession: number): string {
  // A third work for one of a few hundred that everybody knows, the others for one of thousands around the corner.
  if (dice.next() < 0.35) {
    const place = Math.floor(800 * dice.next() ** 2);
    return `${WORDS[(place * 7) % WORDS.length]} ${TRADES[(place * 3) % TRADES.length]}`;
  }
  const local = dice.below(2_500) * CITIES.length + city;
  return `${WORDS[local % WORDS.length]} ${WORDS[(local * 13 + profession) % WORDS.length]} ${TRADES[(local + profession) % TRADES.length]}`;
}

function lastNameOf(culture: Culture, dice: Dice): string {
  const { rare } = culture;
  if (!rare || dice.next() * 100 >= rare.share) return dice.often(culture.lastNames, 1.3);
  return dice.pick(rare.openings) + dice.pick(rare.endings);
}

/** The culture in whose part of a hundred people a place lies. */
function cultureAt(place: number): Culture {
  let end = 0;
  for (const culture of CULTURES) {
    end += culture.share;
    if (place < end) return culture;
  }
  throw new RangeError('The shares of cultures do not add up to a hundred.');
}

function personOf(seed: number, number: number): Person {
  const dice = new Dice(seed, number, 1);
  const twin =
    number > 0 && dice.happens('namesakes in the same city and profession, beside those that frequent names bring');
  const base = twin ? new Dice(seed, number - 1, 2) : new Dice(seed, number, 2);
  const culture = cultureAt(base.next() * 100);
  const isWoman = base.next() < 0.5;
  const first = base.often(isWoman ? culture.women : culture.men, 1.5);
  const last = lastNameOf(culture, base);
  const city = Math.floor((CITIES.length + 3) ** base.next()) - 1;
  const profession = base.below(PROFESSIONS.length);
  const born = 1960 + dice.below(43);
  const studies = [];
  if (dice.next() < 0.85) {
    const [major, year] = [dice.next() < 0.6 ? profession : dice.below(MAJORS.length), born + 21 + dice.below(4)];
    studies.push({ school: dice.often(SCHOOLS, 1.7), degree: 'Bachelor of Science', major: MAJORS[major] ?? '', year });
    if (dice.next() < 0.3)
      studies.push({
        school: dice.often(SCHOOLS, 1.7),
        degree: 'Master of Science',
        major: MAJORS[major] ?? '',
        year: year + 2 + dice.below(5),
      });
  }
  const jobs: TrueJob[] = [];
  let month = (born + 19 + dice.below(6)) * 12 + dice.below(12);
  while (month < 2026 * 12 && jobs.length < 12) {
    const rank = Math.min(3, Math.floor(jobs.length / 2) + (dice.next() < 0.15 ? 1 : 0));
    const field = dice.next() < 0.85 ? profession : dice.below(PROFESSIONS.length);
    const stays = jobs.length > 0 && dice.next() < 0.15;
    jobs.push({
      employer: stays ? (jobs.at(-1)?.employer ?? '') : employerOf(dice, city, field),
      title: PROFESSIONS[field]?.[rank] ?? '',
      year: Math.floor(month / 12),
      month: (month % 12) + 1,
    });
    month += 8 + Math.floor(-Math.log(1 - dice.next()) * 32);
  }
  return {
    culture,
    isWoman,
    first,
    last,
    profession,
    jobs,
    studies,
    middle: dice.pick(isWoman ? culture.women : culture.men).split('/')[0] ?? '',
    city: CITIES[city] ?? '',
    formerCity: dice.happens('moved to another city since') ? dice.pick(CITIES) : (CITIES[city] ?? ''),
  };
}

function typed(word: string, dice: Dice): string {
  if (word.length < 3) return word;
  const at = 1 + dice.below(word.length - 2);
  const letter = String.fromCharCode(97 + dice.below(26));
  return (
    [
      word.slice(0, at) + word.slice(at + 1),
      word.slice(0, at) + letter + word.slice(at),
      word.slice(0, at) + letter + word.slice(at + 1),
      word.slice(0, at) + (word[at + 1] ?? '') + (word[at] ?? '') + word.slice(at + 2),
    ][dice.below(4)] ?? word
  );
}

function nameOf(person: Person, dice: Dice, lastName: string): { firstName: string; lastName: string } {
  const native = dice.happens('another spelling or script of a name that has some');
  const written = (name: string): string => {
    const forms = name.split('/');
    return (native && forms.length > 1 ? dice.pick(forms.slice(1)) : forms[0]) ?? name;
  };
  let first = written(person.first);
  const short = SHORT_FORMS[person.first.split('/')[0] ?? ''];
  if (short && !native && dice.happens('nickname in place of a first name that has one')) first = dice.pick(short);
  let last = written(lastName);
  if (person.isWoman && person.culture.womensLastNames) last = person.culture.womensLastNames(last);
  if (dice.happens('typing error in the first name')) first = typed(first, dice);
  if (dice.happens('typing error in the last name')) last = typed(last, dice);
  if (dice.happens('initial in place of the first name')) first = `${first[0] ?? ''}.`;
  if (dice.happens('middle name or initial shown'))
    first += dice.next() < 0.6 ? ` ${person.middle[0] ?? ''}.` : ` ${person.middle}`;
  return dice.happens('first and last name swapped')
    ? { firstName: last, lastName: first }
    : { firstName: first, lastName: last };
}

const FORMS = [', Inc.', ' Inc', ' LLC', ' Ltd', ' GmbH', ' Corporation'];

function employerText(name: string, dice: Dice): string {
  if (!dice.happens('employer written another way')) return name;
  const chance = dice.next();
  // Two of three differ in the legal form, the others by a word: an office, a division, a typing error.
  if (chance < 0.66) return name + dice.pick(FORMS);
  return chance < 0.83 ? `${name} ${dice.pick(['Europe', 'North America', 'Services', 'Global'])}` : typed(name, dice);
}

function titleText(title: string, dice: Dice): string {
  if (!dice.happens('title written another way')) return title;
  return dice.pick([
    title.replace('Senior', 'Sr.').replace('Manager', 'Mgr'),
    `${title} II`,
    title.split(' ').slice(-2).join(' '),
    `${title}, ${dice.pick(TRADES)}`,
    dice.pick(PROFESSIONS)[dice.below(4)] ?? title,
  ]);
}

function historyOf(
  person: Person,
  dice: Dice,
  until: number,
  most: number,
): Pick<CandidateData, 'workExperience' | 'education'> {
  const jobs = person.jobs
    .filter(({ year }) => year < until)
    .toReversed()
    .slice(0, most);
  const workExperience = jobs
    .filter(() => !dice.happens('job left out'))
    .map((job, index) => {
      const off = dice.happens('date off by months') ? dice.below(15) - 7 : 0;
      const month = job.year * 12 + job.month - 1 + off;
      const date = `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;
      const startDate = dice.happens('no start date of a job')
        ? undefined
        : dice.happens('year alone of a date')
          ? date.slice(0, 4)
          : date;
      return {
        employer: employerText(job.employer, dice),
        title: titleText(job.title, dice),
        ...(startDate ? { startDate } : {}),
        current: index === 0,
      };
    });
  const education = person.studies
    .filter(({ year }) => year <= until && !dice.happens('school left out'))
    .toReversed()
    .map((study) => ({
      school: dice.next() < 0.1 ? study.school.replace('University', 'Univ.') : study.school,
      ...(dice.next() < 0.8
        ? { degree: dice.next() < 0.5 ? study.degree : study.degree.startsWith('B') ? 'BSc' : 'MSc' }
        : {}),
      ...(dice.next() < 0.75 ? { major: dice.happens('another major') ? dice.pick(MAJORS) : study.major } : {}),
      ...(dice.happens('no graduation date')
        ? {}
        : {
            graduationDate: String(
              study.year + (dice.happens('graduation date off by years, or of another degree') ? dice.below(9) - 4 : 0),
            ),
          }),
    }));
  return { workExperience, education };
}

const asciiName = (person: Person): string =>
  `${person.first.split('/')[0]}-${person.last.split('/')[0]}`.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
const linkedInName = (person: Person, number: number): string => `${asciiName(person)}-${number.toString(36)}`;
const mailboxOf = (person: Person, number: number): string =>
  `${asciiName(person).replace('-', '.')}${number}@mail.example`;
const phoneOf = (number: number): string => `+1${2_120_000_000 + ((number * 7) % 600_000_000)}`;

function addressOf(city: string, dice: Dice): CandidateData['address'] {
  const [name = '', region = '', country = ''] = city.split('|');
  const known = dice.next();
  if (known < 0.12) return undefined;
  if (known < 0.2) return { country };
  return { city: name, ...(dice.next() < 0.8 ? { region } : {}), country };
}

/** Made-up people, as a directory of profiles and as an ATS: the same seed and number give the same person, and nobody is held in memory. */
export class MadeUpPeople {
  readonly seed: number;
  readonly people: number;

  /** @param people How many candidates, and how many profiles. */
  constructor(seed: number, people: number) {
    this.seed = seed;
    this.people = people;
  }

  /** How many of the candidates are the first record of their person. */
  get #first(): number {
    return Math.ceil(this.people * (1 - NOISE['candidates that the ATS holds a second time']));
  }

  /** Who a candidate is, and the number of their profile if they have one. */
  truth(candidate: number): number | undefined {
    const person = this.#personOf(candidate);
    return this.#hasProfile(person) ? person : undefined;
  }

  #personOf(candidate: number): number {
    return candidate < this.#first ? candidate : (candidate - this.#first) * 7 + 3;
  }

  #hasProfile(person: number): boolean {
    return new Dice(this.seed, person, 3).happens('people of the ATS who have a profile');
  }

  /** The profiles of candidates, then those of others. Keys are `p-` and the number of the person. */
  *profiles(): Generator<Profile> {
    for (let person = 0; person < this.#first; person += 1) if (this.#hasProfile(person)) yield this.profile(person);
    const others = Math.round(this.people * NOISE['profiles of people whom the ATS does not have']);
    for (let other = 0; other < others; other += 1) yield this.profile(this.people + other);
  }

  profile(number: number): Profile {
    const person = personOf(this.seed, number);
    const dice = new Dice(this.seed, number, 4);
    const address = addressOf(person.city, dice);
    const married = this.#married(person, number);
    return {
      key: `p-${number}`,
      ...nameOf(person, dice, married ?? person.last),
      ...(address ? { location: address } : {}),
      emails: dice.happens('profile with email') ? [{ address: mailboxOf(person, number), revealed: false }] : [],
      phones: dice.happens('profile with phone') ? [{ number: phoneOf(number), type: 'mobile', revealed: false }] : [],
      socialUrls: [
        ...(dice.happens('profile with LinkedIn URL')
          ? [{ network: 'linkedin' as const, url: `https://www.linkedin.com/in/${linkedInName(person, number)}` }]
          : []),
        ...(dice.happens('profile with GitHub URL')
          ? [{ network: 'github' as const, url: `https://github.com/${asciiName(person)}${number}` }]
          : []),
      ],
      ...historyOf(person, dice, 2027, 8),
      ...{
        skills: [],
        certifications: [],
        languages: [],
        groups: [],
        interests: [],
        honors: [],
        diversity: [],
        tags: [],
      },
    };
  }

  /** The name that somebody took since they applied. */
  #married(person: Person, number: number): string | undefined {
    const dice = new Dice(this.seed, number, 6);
    if (!person.isWoman || !dice.happens('women whose last name changed since they applied')) return undefined;
    const taken = lastNameOf(person.culture, dice).split('/')[0] ?? '';
    return dice.happens('of these, both last names now') ? `${person.last.split('/')[0]}-${taken}` : taken;
  }

  candidate(number: number): CandidateData {
    const who = this.#personOf(number);
    const person = personOf(this.seed, who);
    // A second record is written on its own, by the same person.
    const dice = new Dice(this.seed, number, 5);
    const address = addressOf(person.formerCity, dice);
    const emails: string[] = [];
    if (dice.happens('candidate with email')) {
      if (dice.happens('of these, a placeholder of the hub')) emails.push(`no-email-${number}@${DUMMY_DOMAIN}`);
      else if (dice.happens('mailbox of the family')) emails.push(mailboxOf(personOf(this.seed, who + 1), who + 1));
      else if (dice.happens('of these, another mailbox than the profile knows'))
        emails.push(`${asciiName(person)}@old${who}.example`);
      else emails.push(dice.next() < 0.2 ? mailboxOf(person, who).toUpperCase() : mailboxOf(person, who));
    }
    const bare = dice.happens('candidate records without jobs and schools');
    return {
      remoteId: `c-${number}`,
      ...nameOf(person, dice, person.last),
      ...(address ? { address } : {}),
      emails,
      phones: dice.happens('candidate with phone')
        ? [{ number: phoneOf(dice.happens('phone changed since') ? who + 311 : who), type: 'mobile' }]
        : [],
      socialUrls: [
        ...(dice.happens('candidate with LinkedIn URL')
          ? [{ network: 'linkedin' as const, url: this.#url(person, who, dice) }]
          : []),
        ...(dice.happens('candidate with GitHub URL')
          ? [{ network: 'github' as const, url: `https://github.com/${asciiName(person)}${who}?tab=repositories` }]
          : []),
      ],
      ...(bare
        ? { workExperience: [], education: [] }
        : historyOf(person, dice, 2016 + dice.below(11), 1 + dice.below(5))),
      tags: [],
    };
  }

  #url(person: Person, who: number, dice: Dice): string {
    let name = linkedInName(person, who);
    if (dice.happens('LinkedIn name changed since')) name = `${asciiName(person)}-old-${who.toString(36)}`;
    else if (dice.happens("somebody else's LinkedIn URL")) name = linkedInName(personOf(this.seed, who + 1), who + 1);
    return dice.pick([
      `https://www.linkedin.com/in/${name}`,
      `http://linkedin.com/in/${name}/`,
      `https://uk.linkedin.com/in/${name}?trk=people-guest`,
      `www.linkedin.com/in/${name.toUpperCase()}`,
      `https://www.linkedin.com/in/${name}/details/experience/`,
    ]);
  }
}
