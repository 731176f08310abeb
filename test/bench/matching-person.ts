import { CULTURES, type Culture } from './matching-names.ts';
import { Dice } from './matching-noise.ts';

/** What people do, and what it is called on the way up. */
export const PROFESSIONS = [
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

/** What they studied. */
export const MAJORS = [
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

/** What employers do. */
export const TRADES =
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
export interface Person {
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

/** A last name as it is given in a culture. */
export function lastNameOf(culture: Culture, dice: Dice): string {
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

/** The person of a number: the same seed and number give the same one. */
export function personOf(seed: number, number: number): Person {
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
