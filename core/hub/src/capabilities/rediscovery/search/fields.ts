import type { AtsFilter } from '@talentbridge/contracts';
import { fold } from './text/fold.js';

/**
 * What a field holds, and so how it is asked for.
 *
 * - `text`: words, found by words, phrases and prefixes; `:=` asks for a whole value
 * - `exact`: values that are found whole only
 * - `number`: whole numbers, found by value and range
 * - `date`: days and times, found by day, month, year and range
 * - `place`: points on the earth, found by their distance
 */
export type FieldKind = 'text' | 'exact' | 'number' | 'date' | 'place';

/** A stretch of numbers that is counted as one value. Both ends belong to it. */
export interface Band {
  readonly label: string;
  readonly from?: number;
  readonly to?: number;
}

/** A field that can be searched, filtered or counted. */
export interface SearchField {
  /** As it stands in queries that we print. Case, `-` and `_` make no difference to who types it. */
  readonly name: string;
  readonly aliases: readonly string[];
  /** For people. */
  readonly label: string;
  readonly kind: FieldKind;
  /** An example of its use, for documentation and help. */
  readonly example: string;
  /** Words without a field are looked for here too. Default `false`. */
  readonly everywhere?: boolean;
  /** Words are found in all their forms: right for prose, wrong for names. Default `false`. */
  readonly stemmed?: boolean;
  /** It holds nothing of its own and stands for these fields together. */
  readonly of?: readonly string[];
  /** It belongs to each application, and can be asked for together with others of the same one: `application(...)`. */
  readonly ofApplication?: boolean;
  /** Counts per value are offered (Insights). Numbers are counted in these bands. */
  readonly dimension?: boolean;
  readonly bands?: readonly Band[];
  /** Offered as a filter only for connections whose ATS has it, and where the data holds values. */
  readonly atsFilter?: AtsFilter;
  /** Self-declared attributes: only what a source supplied, and small groups are not counted. */
  readonly sensitive?: boolean;
  /** Nearly everybody has values that nobody else has: no engine lists and counts them. */
  readonly ownValues?: boolean;
  /** What of a value decides whether another is the same. Default: `valueKey`. */
  readonly key?: (value: string) => string;
}

const years: readonly Band[] = [
  { label: 'under 1', to: 0 },
  { label: '1-2', from: 1, to: 2 },
  { label: '3-5', from: 3, to: 5 },
  { label: '6-10', from: 6, to: 10 },
  { label: '11-15', from: 11, to: 15 },
  { label: '16-20', from: 16, to: 20 },
  { label: 'over 20', from: 21 },
];

/** What stands for a quotation mark. */
export const QUOTES = /["\u201c-\u201f\u00ab\u00bb\u2033\u2036\u301d-\u301f\u300c-\u300f\uff02\uff62\uff63]/gu;

/** What of a value decides whether another is the same: case, accents, width, quotation marks and spacing do not. */
function valueKey(value: string): string {
  return fold(value).replace(QUOTES, ' ').replace(/\s+/gu, ' ').trim();
}

/** A phone number by its digits. The zeros that stand before it when it is dialled are left out. */
function phoneKey(number: string): string {
  return fold(number)
    .replace(/[^0-9]/g, '')
    .replace(/^0+/, '');
}

/** Everything that can be searched, filtered and counted. The parser, its messages, filters, counts and the documentation follow it. */
export const SEARCH_FIELDS: readonly SearchField[] = [
  {
    name: 'name',
    aliases: [],
    label: 'Name',
    kind: 'text',
    example: 'name:lovelace',
    everywhere: true,
    ownValues: true,
  },
  {
    name: 'headline',
    aliases: [],
    label: 'Headline',
    kind: 'text',
    example: 'headline:"open to work"',
    everywhere: true,
    stemmed: true,
    ownValues: true,
  },
  {
    name: 'summary',
    aliases: ['about'],
    label: 'Summary',
    kind: 'text',
    example: 'summary:mentor',
    everywhere: true,
    stemmed: true,
    ownValues: true,
  },
  {
    name: 'resume',
    aliases: ['cv', 'attachment', 'file'],
    label: 'Résumé and other files',
    kind: 'text',
    example: 'resume:kubernetes',
    everywhere: true,
    stemmed: true,
    ownValues: true,
  },
  {
    name: 'title',
    aliases: ['role'],
    label: 'Title, current or past',
    kind: 'text',
    example: 'title:engineer',
    of: ['currentTitle', 'pastTitle'],
  },
  {
    name: 'currentTitle',
    aliases: [],
    label: 'Current title',
    kind: 'text',
    example: 'currentTitle:"account manager"',
    everywhere: true,
    stemmed: true,
    dimension: true,
  },
  {
    name: 'pastTitle',
    aliases: ['previousTitle'],
    label: 'Past title',
    kind: 'text',
    example: 'pastTitle:consultant',
    everywhere: true,
    stemmed: true,
    dimension: true,
  },
  {
    name: 'company',
    aliases: ['employer'],
    label: 'Company, current or past',
    kind: 'text',
    example: 'company:"Example Co"',
    of: ['currentCompany', 'pastCompany'],
  },
  {
    name: 'currentCompany',
    aliases: ['currentEmployer'],
    label: 'Current company',
    kind: 'text',
    example: 'currentCompany:example',
    everywhere: true,
    dimension: true,
  },
  {
    name: 'pastCompany',
    aliases: ['previousCompany', 'pastEmployer'],
    label: 'Past company',
    kind: 'text',
    example: 'pastCompany:example',
    everywhere: true,
    dimension: true,
  },
  {
    name: 'work',
    aliases: ['workDescription'],
    label: 'What the person did at work',
    kind: 'text',
    example: 'work:"led a team"',
    everywhere: true,
    stemmed: true,
    ownValues: true,
  },
  {
    name: 'skill',
    aliases: ['skills'],
    label: 'Skill',
    kind: 'text',
    example: 'skill:"C++"',
    everywhere: true,
    stemmed: true,
    dimension: true,
  },
  {
    name: 'seniority',
    aliases: ['level'],
    label: 'Seniority of the current title',
    kind: 'exact',
    example: 'seniority:director',
  },
  {
    name: 'years',
    aliases: ['yearsOfExperience', 'experience'],
    label: 'Years of experience',
    kind: 'number',
    example: 'years:3..8',
    dimension: true,
    bands: years,
  },
  {
    name: 'yearsInRole',
    aliases: ['tenure'],
    label: 'Years in the current role',
    kind: 'number',
    example: 'yearsInRole:>=2',
    dimension: true,
    bands: years,
  },
  {
    name: 'location',
    aliases: ['city', 'region', 'country', 'loc'],
    label: 'Location',
    kind: 'text',
    example: 'location:berlin',
    everywhere: true,
    dimension: true,
  },
  {
    name: 'near',
    aliases: ['within', 'radius'],
    label: 'Distance from a place',
    kind: 'place',
    example: 'near:52.52,13.405,50km',
  },
  {
    name: 'school',
    aliases: ['university', 'college'],
    label: 'School',
    kind: 'text',
    example: 'school:"Example University"',
    everywhere: true,
    dimension: true,
  },
  {
    name: 'degree',
    aliases: [],
    label: 'Degree',
    kind: 'text',
    example: 'degree:master',
    everywhere: true,
    stemmed: true,
    dimension: true,
  },
  {
    name: 'major',
    aliases: ['fieldOfStudy'],
    label: 'Major',
    kind: 'text',
    example: 'major:physics',
    everywhere: true,
    stemmed: true,
    dimension: true,
  },
  {
    name: 'industry',
    aliases: ['industries'],
    label: 'Industry',
    kind: 'text',
    example: 'industry:energy',
    everywhere: true,
    dimension: true,
  },
  {
    name: 'companySize',
    aliases: ['size'],
    label: 'Company size',
    kind: 'exact',
    example: 'companySize:51-200',
    dimension: true,
  },
  {
    name: 'certification',
    aliases: ['certifications', 'certificate'],
    label: 'Certification',
    kind: 'text',
    example: 'certification:cissp',
    everywhere: true,
    dimension: true,
  },
  {
    name: 'language',
    aliases: ['languages'],
    label: 'Language',
    kind: 'text',
    example: 'language:portuguese',
    everywhere: true,
    dimension: true,
  },
  {
    name: 'group',
    aliases: ['groups'],
    label: 'Group',
    kind: 'text',
    example: 'group:"women in tech"',
    everywhere: true,
    stemmed: true,
    dimension: true,
  },
  {
    name: 'interest',
    aliases: ['interests'],
    label: 'Interest',
    kind: 'text',
    example: 'interest:chess',
    everywhere: true,
    stemmed: true,
    dimension: true,
  },
  {
    name: 'honor',
    aliases: ['honors', 'honour', 'honours', 'award', 'awards'],
    label: 'Honor or award',
    kind: 'text',
    example: 'honor:"dean\'s list"',
    everywhere: true,
    stemmed: true,
    dimension: true,
  },
  {
    name: 'diversity',
    aliases: [],
    label: 'Self-declared attribute',
    kind: 'exact',
    example: 'diversity:"veteran status: veteran"',
    dimension: true,
    sensitive: true,
  },
  {
    name: 'email',
    aliases: ['mail'],
    label: 'Email address',
    kind: 'text',
    example: 'email:mail.example',
    everywhere: true,
    ownValues: true,
  },
  {
    name: 'phone',
    aliases: ['tel'],
    label: 'Phone number',
    kind: 'exact',
    example: 'phone:"+49 30 901820"',
    key: phoneKey,
    ownValues: true,
  },
  {
    name: 'linkedin',
    aliases: [],
    label: 'LinkedIn profile',
    kind: 'text',
    example: 'linkedin:*',
    everywhere: true,
    ownValues: true,
  },
  {
    name: 'github',
    aliases: [],
    label: 'GitHub account',
    kind: 'text',
    example: 'github:*',
    everywhere: true,
    ownValues: true,
  },
  {
    name: 'url',
    aliases: ['link', 'website'],
    label: 'Other pages',
    kind: 'text',
    example: 'url:gitlab.com',
    everywhere: true,
    ownValues: true,
  },
  { name: 'tag', aliases: ['tags'], label: 'Tag', kind: 'text', example: 'tag:priority', everywhere: true },
  {
    name: 'updated',
    aliases: ['lastUpdated'],
    label: 'Last updated',
    kind: 'date',
    example: 'updated:>=2026-01-01',
    atsFilter: 'lastUpdated',
  },
  { name: 'created', aliases: ['added'], label: 'Added to the ATS', kind: 'date', example: 'created:2025' },
  {
    name: 'job',
    aliases: ['requisition'],
    label: 'Job applied for',
    kind: 'text',
    example: 'job:welder',
    stemmed: true,
    ofApplication: true,
    atsFilter: 'job',
  },
  {
    name: 'jobId',
    aliases: [],
    label: "Job applied for, by the ATS's id or ours",
    kind: 'exact',
    example: 'jobId:j-7',
    ofApplication: true,
  },
  {
    name: 'status',
    aliases: [],
    label: 'Application status',
    kind: 'text',
    example: 'status:rejected',
    ofApplication: true,
    atsFilter: 'status',
  },
  {
    name: 'outcome',
    aliases: [],
    label: 'What became of an application: active, hired, rejected, withdrawn or other',
    kind: 'exact',
    example: 'outcome:hired',
    ofApplication: true,
  },
  {
    name: 'subStatus',
    aliases: [],
    label: 'Application sub-status',
    kind: 'text',
    example: 'subStatus:"phone screen"',
    ofApplication: true,
    atsFilter: 'subStatus',
  },
  { name: 'stage', aliases: [], label: 'Stage', kind: 'text', example: 'stage:interview', ofApplication: true },
  {
    name: 'rejectionReason',
    aliases: [],
    label: 'Rejection reason',
    kind: 'text',
    example: 'rejectionReason:salary',
    ofApplication: true,
    atsFilter: 'rejectionReason',
  },
  {
    name: 'withdrawalReason',
    aliases: [],
    label: 'Withdrawal reason',
    kind: 'text',
    example: 'withdrawalReason:relocation',
    ofApplication: true,
    atsFilter: 'withdrawalReason',
  },
  {
    name: 'source',
    aliases: ['origin'],
    label: 'Source',
    kind: 'text',
    example: 'source:referral',
    ofApplication: true,
    atsFilter: 'source',
  },
  {
    name: 'recruiter',
    aliases: ['owner'],
    label: 'Recruiter',
    kind: 'text',
    example: 'recruiter:hopper',
    ofApplication: true,
    atsFilter: 'recruiter',
  },
  {
    name: 'applicationType',
    aliases: [],
    label: 'Application type',
    kind: 'text',
    example: 'applicationType:prospect',
    atsFilter: 'applicationType',
  },
  {
    name: 'applied',
    aliases: ['appliedAt'],
    label: 'Applied',
    kind: 'date',
    example: 'applied:2026-03..',
    ofApplication: true,
  },
  {
    name: 'applicationUpdated',
    aliases: [],
    label: 'Application last updated',
    kind: 'date',
    example: 'applicationUpdated:>=2026-01',
    ofApplication: true,
  },
  { name: 'connection', aliases: [], label: 'Connection', kind: 'exact', example: 'connection:7f0c' },
];

function plainName(name: string): string {
  return fold(name).replace(/[-_]/g, '');
}

const byPlainName = new Map(
  SEARCH_FIELDS.flatMap((field) => [field.name, ...field.aliases].map((name) => [plainName(name), field] as const)),
);
const byName = new Map(SEARCH_FIELDS.map((field) => [field.name, field]));

/** The field that somebody means by a name or an alias. */
export function findField(name: string): SearchField | undefined {
  return byPlainName.get(plainName(name));
}

/**
 * The field of that very name.
 * @throws RangeError when there is none: trees come from our parser and our filters alone.
 */
export function fieldNamed(name: string): SearchField {
  const field = byName.get(name);
  if (!field) throw new RangeError(`There is no field "${name}" in SEARCH_FIELDS.`);
  return field;
}

/** The fields that hold what is looked for in this one. */
export function holdersOf(field: SearchField): readonly SearchField[] {
  return field.of ? field.of.map(fieldNamed) : [field];
}

/** Where words without a field are looked for. */
export const EVERYWHERE: readonly SearchField[] = SEARCH_FIELDS.filter(({ everywhere }) => everywhere === true);

/** The dimensions that Insights count. */
export const DIMENSIONS: readonly SearchField[] = SEARCH_FIELDS.filter(({ dimension }) => dimension === true);

/** What decides whether two values of a field are one. */
export function keyOf(field: SearchField, value: string): string {
  return (field.key ?? valueKey)(value);
}

/** The field whose name comes closest to one that is none. `undefined`: none comes close. */
export function similarField(name: string): SearchField | undefined {
  const wanted = plainName(name).slice(0, 40);
  const most = wanted.length <= 4 ? 1 : 2;
  // Words of other lengths are farther than that, and need not be compared letter by letter.
  const alike = [...byPlainName].filter(([known]) => Math.abs(known.length - wanted.length) <= most);
  const near = alike.map(([known, field]) => ({ field, distance: editDistance(wanted, known) }));
  return near.filter(({ distance }) => distance <= most).toSorted((one, other) => one.distance - other.distance)[0]
    ?.field;
}

/** How many letters are to be added, left out, replaced or swapped with their neighbor to make one word of another. */
function editDistance(one: string, other: string): number {
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row++) {
    const next = [row];
    for (let column = 1; column <= other.length; column++) {
      const same = one[row - 1] === other[column - 1];
      const costs = [(last[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1, (last[column - 1] ?? 0) + (same ? 0 : 1)];
      if (row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]) {
        costs.push((before[column - 2] ?? 0) + 1);
      }
      next.push(Math.min(...costs));
    }
    before = last;
    last = next;
  }
  return last[other.length] ?? 0;
}
