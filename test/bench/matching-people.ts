import type { CandidateData } from '../../core/hub/dist/capabilities/rediscovery/mirror-model.js';
import type { Profile } from '../../core/hub/dist/directory/profile.js';
import { SHORT_FORMS } from './matching-names.ts';
import { Dice, NOISE } from './matching-noise.ts';
import { lastNameOf, MAJORS, type Person, PROFESSIONS, personOf, TRADES } from './matching-person.ts';

/** What the generator's placeholder addresses end with. */
export const DUMMY_DOMAIN = 'placeholder.example';

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
