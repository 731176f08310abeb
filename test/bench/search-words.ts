import { CULTURES } from './matching-names.ts';
import { ZipfRanks } from './zipf.ts';

/** Values of which the first ones are had most often. */
export class Dictionary {
  readonly values: readonly string[];
  readonly ranks: ZipfRanks;

  constructor(values: readonly string[], exponent: number) {
    this.values = values;
    this.ranks = new ZipfRanks(values.length, exponent);
  }

  at(rank: number): string {
    const value = this.values[rank];
    if (value === undefined) throw new RangeError(`There are ${this.values.length} values.`);
    return value;
  }
}

const list = (text: string): readonly string[] => text.trim().split(/\s+/);

/** What résumés are made of, most frequent first: with forms of one word, accents and signs. */
const frequentWords = list(`and the of in to for with a on by as at from experience team management project development
  business work data skills customer support systems design managed service including responsible sales using company
  process quality reports new training team's planning technical marketing manager projects software clients analysis
  developed all product led provided operations implementation years ensure staff strategy an production performance
  program improve through communication financial testing created research requirements working maintained office time
  engineering services market health client daily safety information key across university internal teams professional
  managing solutions budget resources delivery design's knowledge developing control education student employees review
  assisted standards public issues multiple reporting environment policies coordinated cost leadership web compliance
  growth sales's medical procedures monthly global school supervised applications network member résumé inventory problem
  security organization assistant various documentation account annual bachelor's vendor supply legal goals analytics C++
  C# .NET R&D café naïve coördination São Zürich node.js full-stack 10,000 24/7 B2B e-commerce`);

const openings = list(
  'b br c ch cl cr d dr f fl fr g gl gr h j k kl l m n p pl pr qu r s sc sh sl sp st str t th tr v w z',
);
const vowels = list('a e i o u ea io ou');
const endings = list('l m n r t nd rt x');

/** One of some 650,000 made-up words that can be pronounced; each number has its own. */
function madeUpWord(number: number): string {
  const first = openings.length * vowels.length;
  const size = first * first * endings.length;
  // Neighbours are not to look alike.
  const scrambled = (number * 514_229) % size;
  const syllable = (index: number): string =>
    `${openings[index % openings.length]}${vowels[Math.floor(index / openings.length)]}`;
  return `${syllable(scrambled % first)}${syllable(Math.floor(scrambled / first) % first)}${endings[Math.floor(scrambled / first / first)]}`;
}

function vocabulary(size: number): readonly string[] {
  const words = [...frequentWords];
  for (let number = 0; words.length < size; number++) {
    const word = madeUpWord(number);
    words.push(word, `${word}s`, `${word}ing`);
    // Terms of several words, and what people write in other scripts.
    if (number % 4 === 0) words.push(`${words[words.length - 9]} ${words[words.length - 5]}`);
    if (number % 500 === 250) words.push(`機械学習${String.fromCodePoint(0x4e00 + (number % 5_000))}`);
    if (number % 300 === 150) words.push(`${word.slice(0, 3)}é${word.slice(3)}`);
  }
  return words.slice(0, size);
}

/** The words of texts: a quarter of a million, by frequency; some are terms of two words. */
export const VOCABULARY = new Dictionary(vocabulary(250_000), 1);

/** All combinations, the first of each list first, up to a number. */
function combined(size: number, ...lists: readonly (readonly string[])[]): readonly string[] {
  const all: string[] = [];
  // Diagonally, so that no list stands still while another runs through.
  for (let number = 0; all.length < size; number++) {
    let rest = (number * 7_919) % lists.reduce((product, { length }) => product * length, 1);
    const parts = lists.map((values) => {
      const part = values[rest % values.length] ?? '';
      rest = Math.floor(rest / values.length);
      return part;
    });
    all.push(parts.filter((part) => part !== '').join(' '));
  }
  return all;
}

const capital = (word: string): string => `${word[0]?.toUpperCase()}${word.slice(1)}`;
const madeUp = (from: number, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => capital(madeUpWord(400_000 + from + index)));

const areas = [
  ...list(
    'Software Sales Data Marketing Project Account Product Operations Finance Support Quality Security Design Human',
  ),
  ...madeUp(0, 240),
];
const roles = list('Engineer Manager Analyst Developer Consultant Specialist Coordinator Director Assistant Designer');
const levels = ['', 'Senior', 'Junior', 'Lead', 'Head of', 'VP', 'Associate', 'Principal'];
const skills = list(
  'Java Python SQL C++ C# .NET JavaScript Node.js Excel Kubernetes AWS React Leadership Negotiation Welding',
);
const firstNames = CULTURES.flatMap(({ men, women }) => [...men, ...women]).map((name) => name.split('/')[0] ?? '');
const lastNames = CULTURES.flatMap((culture) => culture.lastNames.map((name) => name.split('/')[0] ?? ''));

/** What people of the generator have, by the field that holds it. */
export const DICTIONARIES = {
  firstName: new Dictionary(firstNames, 0.6),
  lastName: new Dictionary([...lastNames, ...madeUp(1_000, 60_000)], 0.7),
  title: new Dictionary(combined(19_000, levels, roles, areas).map(titleInOrder), 0.9),
  company: new Dictionary(
    combined(120_000, madeUp(70_000, 6_000), list('Systems Group Labs Partners Health Foods'), [
      '',
      'Inc',
      'GmbH',
      'Ltd',
    ]),
    0.8,
  ),
  skill: new Dictionary([...skills, ...VOCABULARY.values.slice(2_000, 12_000 - skills.length).map(capital)], 0.9),
  location: new Dictionary(
    combined(
      5_000,
      madeUp(80_000, 2_000).map((city) => `${city},`),
      list('Germany France Brazil Japan Canada'),
    ),
    0.9,
  ),
  school: new Dictionary(combined(10_000, ['University of', 'College of', 'Institute of'], madeUp(85_000, 4_000)), 0.8),
  degree: new Dictionary(
    combined(
      60,
      list('Bachelor Master Associate Doctor Diploma'),
      ['of Science', 'of Arts', 'of Engineering', 'of Law', 'of Business', 'of Education'],
      ['', '(Hons)'],
    ),
    1,
  ),
  major: new Dictionary(combined(800, ['', 'Applied', 'Computational', 'Clinical'], areas.slice(0, 200)), 0.9),
  industry: new Dictionary(combined(150, ['', 'Renewable', 'Retail'], areas.slice(5, 60)), 0.9),
  companySize: new Dictionary(list('1-10 11-50 51-200 201-500 501-1000 1001-5000 5001-10000 10001+'), 0.4),
  certification: new Dictionary(combined(1_000, list('Certified Registered Chartered'), areas, roles.slice(0, 4)), 0.9),
  language: new Dictionary(
    ['English', 'Spanish', 'Portuguese', 'German', 'Français', '日本語', ...madeUp(90_000, 74)],
    1.1,
  ),
  group: new Dictionary(combined(3_000, ['Women in', 'Friends of', 'Young'], madeUp(91_000, 1_500)), 0.8),
  interest: new Dictionary(['Chess', 'Running', 'Photography', ...madeUp(93_000, 997)], 0.9),
  honor: new Dictionary(combined(2_000, ["Dean's List", 'Award for', 'Medal of'], madeUp(94_000, 1_000)), 0.8),
  diversity: new Dictionary(['veteran status: veteran', 'gender: woman', 'gender: man', 'disability: yes'], 0.5),
  job: new Dictionary(combined(5_000, levels, roles, areas.slice(0, 80)).map(titleInOrder), 0.7),
  status: new Dictionary(list('Active Rejected Hired Withdrawn Interview Offered New Screening'), 0.7),
  source: new Dictionary(list('Referral LinkedIn Website Agency Sourced Fair Indeed Other'), 0.8),
  recruiter: new Dictionary(combined(200, firstNames.slice(0, 40), lastNames.slice(0, 30)), 0.5),
} as const;

/** "Senior Manager Sales" is a senior sales manager. */
function titleInOrder(title: string): string {
  const words = title.split(' ');
  const area = words.pop();
  return [...words.slice(0, -1), area, ...words.slice(-1)].join(' ');
}
