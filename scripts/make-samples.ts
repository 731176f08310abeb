/**
 * Writes samples/: invented people of many shapes, for trying the product out and for its tests. Running it again writes the
 * same bytes; the output is committed.
 *
 * Nobody in it exists: names are common ones thrown together, employers and schools are made up, addresses are at example
 * domains, and phone numbers come from the ranges that regulators keep free for films.
 *
 *   node_modules/.bin/node scripts/make-samples.ts
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

const out = new URL('../samples/', import.meta.url);

/** A small generator of pseudo-random numbers (mulberry32): the same seed, the same people. */
let state = 20_260_401;
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}
const below = (limit: number): number => Math.floor(random() * limit);
const between = (least: number, most: number): number => least + below(most - least + 1);
/** The entry at a position, counted on from the beginning again behind the end. */
function at<T>(list: readonly T[], index: number): T {
  const [first] = list;
  if (first === undefined) throw new RangeError('There is nothing to choose from.');
  return list[index % list.length] ?? first;
}
const pick = <T>(list: readonly T[]): T => at(list, below(list.length));
const chance = (share: number): boolean => random() < share;
function some<T>(list: readonly T[], count: number): T[] {
  const rest = [...list];
  return Array.from({ length: Math.min(count, rest.length) }, () => rest.splice(below(rest.length), 1)).flat();
}
const two = (number: number): string => String(number).padStart(2, '0');

/** Names and places that are usual together. */
interface Culture {
  readonly given: readonly string[];
  readonly family: readonly string[];
  readonly familyFirst?: boolean;
  readonly places: readonly (readonly [city: string, region: string | undefined, country: string])[];
}

const cultures: Readonly<Record<string, Culture>> = {
  english: {
    given: ['Olivia', 'Jack', 'Amelia', 'Noah', 'Grace', 'Ethan', 'Ruby', 'Mason', 'Hazel', 'Owen', 'Clara', 'Miles'],
    family: [
      'Ashdown',
      'Brackley',
      'Calloway',
      'Dunmore',
      'Eastwick',
      'Farrow',
      'Goodwin',
      'Hartley',
      'Ingram',
      'Kendrick',
    ],
    places: [
      ['Austin', 'TX', 'US'],
      ['Portland', 'OR', 'US'],
      ['Chicago', 'IL', 'US'],
      ['Leeds', undefined, 'GB'],
      ['Toronto', 'ON', 'CA'],
      ['Melbourne', 'VIC', 'AU'],
    ],
  },
  spanish: {
    given: ['María José', 'Santiago', 'Lucía', 'Íñigo', 'Ximena', 'Andrés', 'Inés', 'Joaquín'],
    family: ['García Márquez', 'Núñez', 'de la Peña', 'Ibáñez', 'Muñoz Soto', 'Cárdenas'],
    places: [
      ['Madrid', undefined, 'ES'],
      ['Ciudad de México', 'CDMX', 'MX'],
      ['Córdoba', undefined, 'AR'],
    ],
  },
  german: {
    given: ['Jürgen', 'Käthe', 'Anna-Lena', 'Björn', 'Sören', 'Heidrun', 'Maximilian'],
    family: ['Müller', 'Weiß', 'von der Heide', 'Schröder', 'Großmann', 'Köhler-Brandt'],
    places: [
      ['Berlin', undefined, 'DE'],
      ['Zürich', 'ZH', 'CH'],
      ['Graz', 'Steiermark', 'AT'],
    ],
  },
  french: {
    given: ['Zoé', 'François', 'Élodie', 'Benoît', 'Anaïs', 'Loïc'],
    family: ['Lefèvre', "d'Aubigny", 'Garçon', 'Noël', 'Béranger', 'Le Goff'],
    places: [
      ['Lyon', undefined, 'FR'],
      ['Montréal', 'QC', 'CA'],
      ['Bruxelles', undefined, 'BE'],
    ],
  },
  nordicAndSlavic: {
    given: ['Åsa', 'Øyvind', 'Łukasz', 'Zdeňka', 'Đorđe', 'Mirosława', 'Þóra', 'Ştefan'],
    family: [
      'Ångström-Dahl',
      'Bjørnstad',
      'Wójcik',
      'Dvořáková',
      'Živković',
      'Śliwińska',
      'Guðmundsdóttir',
      'Ționescu',
    ],
    places: [
      ['Göteborg', undefined, 'SE'],
      ['Tromsø', undefined, 'NO'],
      ['Łódź', undefined, 'PL'],
      ['Brno', undefined, 'CZ'],
    ],
  },
  vietnamese: {
    given: ['Thị Hương', 'Văn Đức', 'Ngọc Ánh', 'Quốc Bảo'],
    family: ['Nguyễn', 'Trần', 'Phạm', 'Đặng'],
    places: [
      ['Đà Nẵng', undefined, 'VN'],
      ['Hà Nội', undefined, 'VN'],
    ],
  },
  greek: {
    given: ['Ελένη', 'Γιώργος', 'Αικατερίνη', 'Νίκος', 'Θεοδώρα'],
    family: ['Παπαδάκης', 'Καραγιάννη', 'Οικονόμου', 'Βλάχος'],
    places: [
      ['Αθήνα', undefined, 'GR'],
      ['Θεσσαλονίκη', undefined, 'GR'],
    ],
  },
  cyrillic: {
    given: ['Ольга', 'Дмитрий', 'Наталія', 'Їжакевич-Андрій', 'Ваня', 'Любомир'],
    family: ['Щербакова', 'Коваленко', 'Ђорђевић', 'Димитров', 'Петренко'],
    places: [
      ['Київ', undefined, 'UA'],
      ['София', undefined, 'BG'],
      ['Алматы', undefined, 'KZ'],
    ],
  },
  arabic: {
    given: ['محمد', 'فاطمة', 'يوسف', 'ليلى', 'عمر'],
    family: ['الأحمد', 'بن صالح', 'المنصوري', 'حداد'],
    places: [
      ['دبي', undefined, 'AE'],
      ['القاهرة', undefined, 'EG'],
      ['Amman', undefined, 'JO'],
    ],
  },
  hebrew: {
    given: ['דנה', 'יוסי', 'נועה', 'איתי'],
    family: ['כהן', 'לוי', 'בן-דוד', 'פרידמן'],
    places: [
      ['תל אביב', undefined, 'IL'],
      ['Haifa', undefined, 'IL'],
    ],
  },
  chinese: {
    given: ['明月', '伟', '晓雯', '子轩', '雨桐'],
    family: ['欧阳', '王', '陳', '林', '诸葛'],
    familyFirst: true,
    places: [
      ['上海', undefined, 'CN'],
      ['臺北', undefined, 'TW'],
      ['Singapore', undefined, 'SG'],
    ],
  },
  japanese: {
    given: ['さくら', '太郎', '陽子', 'ケンジ'],
    family: ['佐藤', '山田', '髙橋', '五十嵐'],
    familyFirst: true,
    places: [
      ['東京', undefined, 'JP'],
      ['Osaka', undefined, 'JP'],
    ],
  },
  korean: {
    given: ['민준', '서연', '지우', '하은'],
    family: ['김', '박', '남궁', '최'],
    familyFirst: true,
    places: [
      ['서울', undefined, 'KR'],
      ['Busan', undefined, 'KR'],
    ],
  },
  indian: {
    given: ['प्रिया', 'अर्जुन', 'काव्या', 'रोहन'],
    family: ['शर्मा', 'श्रीवास्तव', 'वर्मा', 'कृष्णन'],
    places: [
      ['मुंबई', undefined, 'IN'],
      ['Bengaluru', 'Karnataka', 'IN'],
    ],
  },
  thai: {
    given: ['สมชาย', 'กัญญา', 'ณัฐพล'],
    family: ['ใจดี', 'ศรีสุวรรณ', 'วงศ์ไทย'],
    places: [['กรุงเทพฯ', undefined, 'TH']],
  },
};

const employers = [
  'Harbor Pine Robotics',
  'Quillstone Analytics',
  'Blue Larch Logistics',
  'Copperfield & Sons Payments',
  'Lumen Orchard',
  'Nordhafen Systeme GmbH',
  'Atelier Verre Bleu',
  'Panadería Digital S.L.',
  'Kestrel Cloudworks, Inc.',
  'Tidewater Health "Labs"',
  'Saffron Bay Games',
  'Greyfriars Insurance plc',
  'Moonpath Aerospace',
  '青空ソフトウェア株式会社',
  'Мост Технологии',
  'Fern & Flint',
];
const titles = [
  'Software Engineer',
  'Senior Backend Engineer',
  'Staff Engineer',
  'Engineering Manager',
  'Data Scientist',
  'Site Reliability Engineer',
  'Product Designer',
  'Product Manager',
  'QA Analyst',
  'Head of Platform',
  'Registered Nurse',
  'Account Executive (EMEA)',
  'Intern',
];
const schools = [
  'Lakeside Institute of Technology',
  'University of Westmarch',
  'Technische Hochschule Nordhafen',
  'Universidad del Valle Alto',
  'École des Arts Numériques',
  'Eastgate Community College',
  'Университет Приморья',
];
const degrees = ['BSc', 'B.A.', 'MSc', 'Master of Business Administration', 'PhD', 'Diplom'];
const majors = [
  'Computer Science',
  'Electrical Engineering',
  'Mathematics',
  'Linguistics',
  'Industrial Design',
  'Nursing',
];
const skills = [
  'TypeScript',
  'Go',
  'Rust',
  'C++',
  'C#',
  'PostgreSQL',
  'Kubernetes',
  'React',
  'Machine Learning',
  'Terraform',
  'Figma',
  'Negotiation',
  'Python',
  'Java',
  'Kafka',
  'GraphQL',
];
const industries = ['Software', 'Financial Services', 'Healthcare', 'Logistics', 'Gaming', 'Aerospace'];
const sizes = ['1-10', '11-50', '51-200', '201-500', '501-1000', '1001-5000', '10001+'];
const languages = ['English', 'Spanish', 'German', 'French', 'Mandarin', 'Hindi', 'Arabic', 'Japanese'];
const certifications = [
  'Certified Kubernetes Administrator',
  'Project Management Professional',
  'Registered Nurse License',
];
const groups = ['Women Who Ship', 'Open Source Guild', 'Lakeside Alumni', 'Veterans in Tech'];
const interests = ['Climbing', 'Choir', 'Chess', 'Community gardens', 'Film photography'];
const honors = ['Dean’s List', 'Hackathon winner 2019', 'Employee of the Year'];
const tags = [
  'Golang',
  'Backend',
  'Frontend',
  'Data',
  'Leadership',
  'Referral',
  'Relocation OK',
  'Remote',
  'Silver Medalist',
  'Spring Event',
  'Security',
  'Bilingual',
];
const emailDomains = ['example.com', 'example.org', 'example.net', 'mail.example.com'];

/** Numbers that regulators keep free for fiction. */
const phoneRanges = [
  () => `+1 ${pick(['212', '415', '512', '503'])} 555 01${two(below(100))}`,
  () => `(${pick(['312', '617'])}) 555-01${two(below(100))}`,
  () => `+44 7700 900${String(below(1000)).padStart(3, '0')}`,
  () => `+44 20 7946 0${String(below(1000)).padStart(3, '0')}`,
  () => `+49 30 23125 ${String(below(1000)).padStart(3, '0')}`,
  () => `+33 1 99 00 ${two(below(100))} ${two(below(100))}`,
];

interface Job {
  employer: string;
  current: boolean;
  title?: string;
  startDate?: string;
  endDate?: string;
  summary?: string;
  location?: string;
  industry?: string;
  companySize?: string;
}

interface Course {
  school: string;
  degree?: string;
  major?: string;
  graduationDate?: string;
}

interface Person {
  key: string;
  firstName: string | null;
  lastName?: string;
  fullName?: string;
  headline: string;
  summary?: string;
  location?: { city: string; region?: string; country?: string; street1?: string; postalCode?: string };
  emails: { address: string; revealed?: boolean; type?: string }[];
  phones: { number: string; type: string; revealed: boolean }[];
  socialUrls: { network: string; url: string }[];
  workExperience: Job[];
  education: Course[];
  skills: string[];
  industry?: string;
  companySize?: string;
  certifications?: string[];
  languages?: string[];
  groups?: string[];
  interests?: string[];
  honors?: string[];
  diversity?: { attribute: string; value: string; source: string }[];
  tags: string[];
}

function jobs(count: number, { dates = true } = {}): Job[] {
  let year = 2026;
  return Array.from({ length: count }, (_, index) => {
    const length = between(1, count > 10 ? 2 : 5);
    const from = year - length;
    const job: Job = { employer: pick(employers), current: index === 0 && chance(0.8) };
    if (chance(0.95)) job.title = pick(titles);
    if (dates && chance(0.93)) {
      job.startDate = chance(0.7) ? `${from}-${two(between(1, 12))}` : String(from);
      if (!job.current) job.endDate = chance(0.7) ? `${year}-${two(between(1, 12))}` : String(year);
    }
    if (chance(0.4))
      job.summary =
        'Built and ran the services that the rest of the company depends on.\n• Halved the time of a release\n• Mentored three colleagues';
    if (chance(0.3)) job.location = pick(['Remote', 'Berlin, Germany', 'New York, NY', 'Pune, India']);
    if (chance(0.3)) job.industry = pick(industries);
    if (chance(0.3)) job.companySize = pick(sizes);
    year = Math.max(1980, from);
    return job;
  });
}

function courses(count: number): Course[] {
  return Array.from({ length: count }, () => ({
    school: pick(schools),
    ...(chance(0.85) ? { degree: pick(degrees) } : {}),
    ...(chance(0.8) ? { major: pick(majors) } : {}),
    ...(chance(0.75)
      ? { graduationDate: chance(0.5) ? String(between(1985, 2025)) : `${between(1985, 2025)}-06` }
      : {}),
  }));
}

let serial = 0;

/** One person, in the shape of the product. Which of the rarer shapes they have depends on their number. */
function person(key: string): Person {
  const number = ++serial;
  const handle = `sample-person-${String(number).padStart(4, '0')}`;
  // Half are English names, as in a first customer's data; the others take turns.
  const culture = at(
    number % 2 === 0 ? Object.values(cultures).slice(0, 1) : Object.values(cultures),
    Math.floor(number / 2),
  );
  const profile: Person = {
    key,
    firstName: pick(culture.given),
    lastName: pick(culture.family),
    headline: '',
    emails: [],
    phones: [],
    socialUrls: [],
    workExperience: [],
    education: [],
    skills: [],
    tags: [],
  };
  if (chance(0.3))
    profile.fullName = culture.familyFirst
      ? `${profile.lastName}${profile.firstName}`
      : `${profile.firstName} ${profile.lastName}`;
  const [city, region, country] = pick(culture.places);
  if (number % 17 !== 0) {
    profile.location = { city, ...(region ? { region } : {}), ...(country && chance(0.9) ? { country } : {}) };
    if (chance(0.15))
      Object.assign(profile.location, {
        street1: `${between(1, 240)} Sample Street`,
        postalCode: String(between(10_000, 99_999)),
      });
  }
  profile.headline = `${pick(titles)}${chance(0.3) ? ` at ${pick(employers)}` : ''}${number % 19 === 0 ? ' 🚀👩‍💻' : ''}`;
  if (chance(0.5))
    profile.summary =
      'Likes problems that nobody owns yet. Works best with people who write things down.\nLooking for a team that ships every week.';

  // None, one unrevealed, one revealed, two, or more than an ATS takes.
  const emailCount = at([0, 1, 1, 1, 1, 2, 2, 5], number);
  profile.emails = Array.from({ length: emailCount }, (_, index) => ({
    address: `${handle}${index === 0 ? '' : `.${index + 1}`}@${at(emailDomains, number + index)}`,
    revealed: number % 5 !== 0 && (index === 0 || chance(0.7)),
    ...(chance(0.5) ? { type: pick(['personal', 'work']) } : {}),
  }));
  const phoneCount = at([1, 0, 1, 2, 0, 4], number);
  profile.phones = Array.from({ length: phoneCount }, () => ({
    number: pick(phoneRanges)(),
    type: pick(['mobile', 'mobile', 'home', 'work', 'other']),
    revealed: chance(0.6),
  }));
  profile.socialUrls = [
    ...(number % 9 === 0 ? [] : [{ network: 'linkedin', url: `https://www.linkedin.com/in/${handle}` }]),
    ...(chance(0.4) ? [{ network: 'github', url: `https://github.com/${handle}` }] : []),
    ...(chance(0.1) ? [{ network: 'twitter', url: `https://twitter.com/${handle.replaceAll('-', '_')}` }] : []),
    ...(chance(0.1) ? [{ network: 'stackoverflow', url: `https://stackoverflow.com/users/story/${handle}` }] : []),
    ...(chance(0.15) ? [{ network: 'website', url: `https://${handle}.example.com/` }] : []),
  ];
  profile.workExperience = jobs(number % 40 === 3 ? 25 : at([3, 2, 4, 1, 0, 6], number), { dates: number % 11 !== 0 });
  profile.education = courses(at([1, 2, 0, 1, 3], number));
  profile.skills = some(skills, between(0, 9));
  if (chance(0.6)) profile.industry = pick(industries);
  if (chance(0.4)) profile.companySize = pick(sizes);
  if (chance(0.2)) profile.certifications = some(certifications, between(1, 2));
  if (chance(0.5)) profile.languages = some(languages, between(1, 3));
  if (chance(0.15)) profile.groups = some(groups, between(1, 2));
  if (chance(0.2)) profile.interests = some(interests, between(1, 3));
  if (chance(0.1)) profile.honors = some(honors, 1);
  if (number % 21 === 0) {
    profile.diversity = [
      {
        attribute: 'gender',
        value: pick(['woman', 'man', 'non-binary']),
        source: 'self-declared in the application form',
      },
    ];
  }
  profile.tags = number % 29 === 0 ? [...tags] : some(tags, number % 3);
  return profile;
}

/** Known by one name. */
function withOneName(profile: Person | undefined, name: string): void {
  if (!profile) return;
  profile.firstName = name;
  delete profile.lastName;
  delete profile.fullName;
}

const text = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** A date as one of the many ways in which people write it. */
function loosely(date: string | undefined, style: number): string | undefined {
  if (date === undefined) return undefined;
  const [year = '', month = '01'] = date.split('-');
  const monthName = at(monthNames, Number(month) - 1);
  return at(
    [
      `${year}-${month}-01`,
      `${year}-${month}`,
      year,
      `${monthName.slice(0, 3)} ${year}`,
      `${month}/${year}`,
      `${monthName} ${year}`,
      `${year}-${month}-01T00:00:00.000Z`,
    ],
    style,
  );
}

/** A JSON Resume, loosely: what single authors make of it is put in afterwards. */
type Document = Record<string, unknown> & {
  basics: Record<string, unknown>;
  work?: Record<string, unknown>[] | undefined;
};

const networkNames: Readonly<Record<string, string>> = { linkedin: 'LinkedIn', github: 'GitHub' };

/** A profile as a JSON Resume of the wild; `style` decides the author's habits. */
function jsonResume(profile: Person, style: number): Document {
  const name = profile.fullName ?? [profile.firstName, profile.lastName].filter(Boolean).join(' ');
  const legacy = style % 4 === 1;
  const { city, region, country } = profile.location ?? {};
  const basics = {
    name,
    label: profile.headline,
    ...(legacy ? { picture: '' } : { image: null }),
    email: profile.emails[0]?.address ?? (style % 2 === 0 ? '' : null),
    phone: profile.phones[0]?.number ?? '',
    [legacy ? 'website' : 'url']: profile.socialUrls.find(({ network }) => network === 'website')?.url ?? '',
    summary: profile.summary ?? '',
    location:
      style % 7 === 2
        ? [city, region, country].filter(Boolean).join(', ')
        : style % 7 === 3
          ? null
          : {
              address: '',
              postalCode: style % 5 === 0 ? 10_115 : '',
              city: city ?? '',
              countryCode: country ?? '',
              region: region ?? '',
            },
    profiles: profile.socialUrls
      .filter(({ network }) => network !== 'website')
      .map(({ network, url }, index) => {
        const spelling = at([network, network.toUpperCase(), networkNames[network] ?? network], style + index);
        const username = url.split('/').at(-1);
        if (style % 6 === 4 && network === 'github') return { network: spelling, username };
        return { network: spelling, username, url: style % 3 === 0 ? url.replace('https://', '') : url };
      }),
  };
  const document: Document = {
    ...(style % 3 === 0
      ? { $schema: 'https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json' }
      : {}),
    basics,
    work: profile.workExperience.map((job) => ({
      [legacy ? 'company' : 'name']: job.employer,
      [style % 5 === 2 ? 'title' : 'position']: job.title,
      [legacy ? 'website' : 'url']: '',
      startDate: loosely(job.startDate, style),
      endDate: job.current ? at(['Present', '', 'present', null, 'Current'], style) : loosely(job.endDate, style),
      summary: job.summary?.split('\n')[0] ?? '',
      highlights: job.summary
        ? job.summary
            .split('\n')
            .slice(1)
            .map((line) => line.replace('• ', ''))
        : style % 2 === 0
          ? []
          : null,
      ...(job.location ? { location: job.location } : {}),
    })),
    education: profile.education.map((course) => ({
      institution: course.school,
      area: course.major ?? '',
      studyType: course.degree ?? '',
      startDate: '',
      endDate: loosely(course.graduationDate, style + 1) ?? '',
      score: style % 2 === 0 ? '3.8' : 3.8,
      courses: [],
    })),
    skills:
      style % 6 === 5
        ? profile.skills
        : profile.skills.length === 0
          ? []
          : [
              {
                name: 'Engineering',
                level: 'Master',
                keywords: style % 6 === 4 ? profile.skills.join(', ') : profile.skills,
              },
            ],
    languages: (profile.languages ?? []).map((language) => ({ language, fluency: 'Fluent' })),
    interests: (profile.interests ?? []).map((interest) =>
      style % 2 === 0 ? { name: interest, keywords: [] } : interest,
    ),
    awards: (profile.honors ?? []).map((title) => ({
      title,
      date: '2019-11-01',
      awarder: 'Example Foundation',
      summary: '',
    })),
    ...(style % 4 === 0
      ? {
          certificates: (profile.certifications ?? []).map((certificate) => ({
            name: certificate,
            date: '2021-11-07',
            issuer: 'Example',
            url: '',
          })),
        }
      : {}),
    references: [],
    ...(style % 3 === 1
      ? { projects: [{ name: 'Side project', description: 'A tool for tools' }], volunteer: [] }
      : {}),
    meta: { version: 'v1.0.0', theme: pick(['elegant', 'even', 'kendall']) },
  };
  if (style % 2 === 0) {
    document['x-talentbridge'] = {
      key: profile.key,
      firstName: profile.firstName,
      ...(profile.lastName ? { lastName: profile.lastName } : {}),
      emails: profile.emails,
      phones: profile.phones,
      tags: profile.tags,
      ...(profile.industry ? { industry: profile.industry } : {}),
      ...(profile.companySize ? { companySize: profile.companySize } : {}),
      ...(profile.groups ? { groups: profile.groups } : {}),
      ...(profile.diversity ? { diversity: profile.diversity } : {}),
    };
  }
  return document;
}

function csvCell(value: unknown): string {
  const cell = value === undefined ? '' : String(value);
  return /[",\n;]/.test(cell) || cell !== cell.trim() ? `"${cell.replaceAll('"', '""')}"` : cell;
}

const csvHeader = [
  ...['key', 'firstName', 'lastName', 'headline', 'city', 'region', 'country'],
  ...['email1', 'email1Revealed', 'email2', 'email2Revealed'],
  ...['phone1', 'phone1Type', 'phone1Revealed', 'phone2', 'phone2Type', 'phone2Revealed'],
  ...['linkedin', 'github', 'website'],
  ...[1, 2, 3].flatMap((number) => [`employer${number}`, `title${number}`, `startDate${number}`, `endDate${number}`]),
  ...[
    'school1',
    'degree1',
    'major1',
    'graduationDate1',
    'skills',
    'languages',
    'industry',
    'companySize',
    'tags',
    'summary',
  ],
];

function csvRow(profile: Person): unknown[] {
  const url = (network: string): string | undefined =>
    profile.socialUrls.find((entry) => entry.network === network)?.url;
  const [course] = profile.education;
  return [
    ...[profile.key, profile.firstName, profile.lastName, profile.headline],
    ...[profile.location?.city, profile.location?.region, profile.location?.country],
    ...[0, 1].flatMap((index) => [
      profile.emails[index]?.address,
      profile.emails[index] ? (profile.emails[index].revealed ? 'yes' : 'no') : '',
    ]),
    ...[0, 1].flatMap((index) => [
      profile.phones[index]?.number,
      profile.phones[index]?.type,
      profile.phones[index]?.revealed,
    ]),
    ...[url('linkedin'), url('github'), url('website')],
    ...[0, 1, 2].flatMap((index) => {
      const job = profile.workExperience[index];
      return [job?.employer, job?.title, job?.startDate, job?.current ? 'Present' : job?.endDate];
    }),
    ...[course?.school, course?.degree, course?.major, course?.graduationDate],
    ...[
      profile.skills.join('; '),
      (profile.languages ?? []).join('; '),
      profile.industry,
      profile.companySize,
      profile.tags.join('; '),
      profile.summary,
    ],
  ];
}

// Written by hand: whom the demo's ATS has as candidates is its simulator's business.
const ofTheAts = readFileSync(new URL('people-of-the-ats.ndjson', out));
rmSync(out, { recursive: true, force: true });
for (const folder of ['', 'json-resume/', 'broken/']) mkdirSync(new URL(folder, out), { recursive: true });
const write = (path: string, content: string | Uint8Array): void => writeFileSync(new URL(path, out), content);
write('people-of-the-ats.ndjson', ofTheAts);

const fromNdjson = Array.from({ length: 160 }, (_, index) => person(`p-${String(index + 1).padStart(4, '0')}`));
for (const [index, name] of [
  [12, 'Suharti'],
  [47, 'Madhavan'],
  [88, '李'],
  [121, 'Björk-Ósk'],
] as const) {
  withOneName(fromNdjson[index], name);
}
write('profiles.ndjson', fromNdjson.map((profile) => `${JSON.stringify(profile)}\n`).join(''));

const fromCsv = Array.from({ length: 45 }, (_, index) => person(`c-${String(index + 1).padStart(4, '0')}`));
// Text that a spreadsheet would take for formulas, and has to stay text.
at(fromCsv, 4).headline = '=HYPERLINK("https://example.com","Open me")';
at(fromCsv, 9).summary = '+1 for pair programming\n@ the office or remote';
write(
  'profiles.csv',
  `\ufeff${[csvHeader, ...fromCsv.map(csvRow)].map((row) => row.map(csvCell).join(',')).join('\r\n')}\r\n`,
);

const resumeKeys: string[] = [];
for (let style = 0; style < 42; style++) {
  const profile = person(`r-${String(style + 1).padStart(4, '0')}`);
  const document = jsonResume(profile, style);
  // Habits of single authors.
  if (style === 5)
    document.basics['profiles'] = {
      GitHub: 'sample-person-x005',
      LinkedIn: 'https://www.linkedin.com/in/sample-person-x005/',
    };
  if (style === 9)
    document.basics['email'] = [
      document.basics['email'] ?? 'sample-person-x009@example.com',
      'sample-person-x009b@example.org',
    ];
  if (style === 11) document.basics = { name: document.basics['name'] };
  if (style === 13)
    for (const section of ['education', 'skills', 'languages', 'interests', 'awards']) document[section] = null;
  if (style === 15)
    document.work = document.work?.map((job) => ({
      ...job,
      startDate: 'some time in the nineties',
      isCurrentRole: true,
    }));
  if (style === 19) document.basics['name'] = { first: profile.firstName, last: profile.lastName };
  if (style === 23) document.basics['phone'] = 5_550_123;
  if (style === 27) document['languages'] = 'English, German';
  if (style === 31) delete document.work;
  const mark = style % 10 === 7 ? '\ufeff' : '';
  const layout = style % 8 === 6 ? `${JSON.stringify(document)}\r\n` : text(document);
  write(`json-resume/${String(style + 1).padStart(2, '0')}.json`, mark + layout);
  if (style % 2 === 0) resumeKeys.push(profile.key);
}

const withBothNames = (profiles: readonly Person[]): string[] =>
  profiles.filter(({ lastName }) => lastName).map(({ key }) => key);
write(
  'projects.json',
  text([
    { key: 'backend-hiring', name: 'Backend hiring', profileKeys: withBothNames(fromNdjson).slice(0, 100) },
    { key: 'prospects', name: 'Prospects', profileKeys: withBothNames(fromCsv).slice(0, 20) },
    { key: 'from-resumes', name: 'Résumés collected at the fair', profileKeys: resumeKeys },
    {
      key: 'one-name',
      name: 'People known by one name',
      profileKeys: fromNdjson.filter(({ lastName }) => !lastName).map(({ key }) => key),
    },
  ]),
);
write('tags.json', text(tags));

const [good, other, third] = [person('b-0001'), person('b-0002'), person('b-0003')];
const row = (profile: Person): string => csvRow(profile).map(csvCell).join(',');
const brokenCsv = [
  csvHeader.join(','),
  row(good),
  'b-short,Too,Few,Cells',
  row({ ...other, key: 'b-email', emails: [{ address: 'not an address', revealed: true }] }),
  `${row({ ...other, key: 'b-long' })},one,too,many`,
  row({ ...other, key: 'b-nameless', firstName: '', lastName: '' }),
  row({
    ...other,
    key: 'b-date',
    workExperience: [{ employer: 'Lumen Orchard', current: false, startDate: 'yesterday', endDate: '2031-13' }],
  }),
  'b-quote,"Never,closed',
  `b-quote-inside,Inner "quote" here${','.repeat(csvHeader.length - 2)}`,
  row(other),
  row({
    ...other,
    key: 'b-yes',
    firstName: '=cmd|evil',
    emails: [{ address: 'sample-broken-1@example.com', revealed: true }],
  }).replace(',yes,', ',perhaps,'),
  row(third),
].join('\r\n');
write(
  'broken/profiles-with-broken-rows.csv',
  Buffer.concat([
    Buffer.from(`${brokenCsv}\r\nb-bytes,Bad `),
    Buffer.from([0xff, 0xfe, 0xe9]),
    Buffer.from(`${','.repeat(csvHeader.length - 2)}\r\n`),
  ]),
);
write(
  'broken/profiles-with-broken-rows.ndjson',
  [
    JSON.stringify(good),
    '{"key":"b-cut","firstName":"Cut',
    JSON.stringify({ ...other, key: 'b-unknown', favouriteColour: 'teal' }),
    JSON.stringify({
      ...other,
      key: 'b-several',
      firstName: null,
      lastName: '  ',
      emails: [{ address: 'nobody' }],
      workExperience: [{ title: 'No employer', startDate: '2020-02-31' }],
    }),
    '',
    'null',
    JSON.stringify({
      ...other,
      key: 'b-ends-first',
      workExperience: [{ employer: 'Fern & Flint', startDate: '2020', endDate: '2011' }],
    }),
    JSON.stringify(other),
    JSON.stringify(third),
    '',
  ].join('\n'),
);
write('broken/truncated.json', text([jsonResume(good, 0), jsonResume(other, 1), jsonResume(third, 2)]).slice(0, -900));

process.stdout.write(
  `Wrote ${fromNdjson.length} profiles as NDJSON, ${fromCsv.length} as CSV and 42 as JSON Resume files to samples/.\n`,
);
