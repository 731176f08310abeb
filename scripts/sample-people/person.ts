import { at, below, between, chance, pick, some } from './choose.ts';
import { cultures } from './names-and-places.ts';
import {
  certifications,
  degrees,
  emailDomains,
  employers,
  groups,
  honors,
  industries,
  interests,
  languages,
  majors,
  schools,
  sizes,
  skills,
  tags,
  titles,
} from './vocabulary.ts';

const two = (number: number): string => String(number).padStart(2, '0');

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

export interface Person {
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
export function person(key: string): Person {
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
export function withOneName(profile: Person | undefined, name: string): void {
  if (!profile) return;
  profile.firstName = name;
  delete profile.lastName;
  delete profile.fullName;
}
