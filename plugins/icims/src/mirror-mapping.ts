import {
  type Address,
  type ApplicationStatus,
  type MirroredApplication,
  type MirroredAttachment,
  type MirroredCandidate,
  type MirroredJob,
  type Phone,
  type PhoneType,
  present,
  type SocialNetwork,
  type SocialUrl,
} from '@talentbridge/contracts';
import type { AskedFields } from './client.js';
import { entriesIn, idOf, isRecord, linkIn, partialDateIn, placeIn, textIn, timeIn, wordIn } from './field-values.js';
import type { MirrorFields } from './mirror-fields.js';
import { isWebPage } from './portal-url.js';
import type { PortalJob, VendorProfile } from './vendor-records.js';

/** Fields of a job that are read (iCIMS sheet §7.2). */
export const JOB_FIELDS: AskedFields = {
  fields: ['jobtitle', 'jobid', 'folder', 'joblocation', 'positioncategory', 'recruiter', 'updateddate'],
  inferred: ['createddate'],
};

/** Fields of a recruiting workflow that are read (iCIMS sheet §8). */
export const WORKFLOW_FIELDS: AskedFields = {
  fields: ['baseprofile', 'associatedprofile', 'status', 'source', 'sourcename'],
  inferred: ['createddate', 'updateddate'],
};

/** What tells whether a person is in the Purge folder. */
export const FOLDER_FIELDS: AskedFields = { fields: ['folder', 'firstname', 'lastname'], inferred: [] };

/** The one file of a person that the API hands out (iCIMS sheet §6.7, CONFIRMED). */
export const RESUME_ID = 'resume';

/** Whom a discarded profile was merged into, and that it is in the Purge folder: as good as deleted (iCIMS sheet §6.6, CONFIRMED). */
export interface Purged {
  readonly mergedInto?: number;
}

/** Whether a person is in the Purge folder; `undefined` when not. */
export function purgedOf(person: VendorProfile, { written }: MirrorFields): Purged | undefined {
  const folder = wordIn(person, 'folder')?.trim().toLowerCase();
  const names = [written.firstName?.id, written.lastName?.id].map((id) => textIn(person, id) ?? '');
  // "Merged with {id} - {date}": which of the names takes it is not public.
  const mergedInto = idOf(names.map((name) => /\bMerged with (\d+)\b/i.exec(name)?.[1]).find((id) => id !== undefined));
  // Where the login group does not see folders, the name has to do.
  const isPurged = folder === undefined ? mergedInto !== undefined : folder === 'purge';
  if (!isPurged) return undefined;
  return mergedInto === undefined ? {} : { mergedInto };
}

/**
 * A person as the mirror holds them.
 * @param tellsFiles Whether files were asked for. Default `true`.
 * @param applications All of them; absent: this read does not tell.
 */
export function candidateOf(
  id: number,
  person: VendorProfile,
  {
    fields,
    remoteUrl,
    tellsFiles = true,
    applications,
  }: {
    readonly fields: MirrorFields;
    readonly remoteUrl: string;
    readonly tellsFiles?: boolean;
    readonly applications?: readonly MirroredApplication[] | undefined;
  },
): MirroredCandidate {
  const { written } = fields;
  const email = textIn(person, written.email?.id);
  return {
    remoteId: String(id),
    emails: email === undefined ? [] : [email],
    phones: phonesOf(person, written.phones),
    socialUrls: socialUrlsOf(person, written.linkedin),
    workExperience: workOf(person, written.workExperience),
    education: educationOf(person, fields.education),
    tags: [],
    remoteUrl,
    ...present({
      firstName: textIn(person, written.firstName?.id),
      lastName: textIn(person, written.lastName?.id),
      address: addressOf(person, fields.addresses),
      source: sourceOf(wordIn(person, fields.source), textIn(person, fields.sourceName)),
      createdAt: timeIn(person, 'createddate'),
      updatedAt: timeIn(person, 'updateddate'),
      applications,
      attachments: tellsFiles ? resumeOf(person) : undefined,
    }),
  };
}

/** A recruiting workflow; `undefined` when the API user does not see whose it is, or on which job. */
export function applicationOf(id: number, workflow: VendorProfile): MirroredApplication | undefined {
  const person = linkIn(workflow, 'associatedprofile');
  const job = linkIn(workflow, 'baseprofile');
  if (!person || !job) return undefined;
  const label = wordIn(workflow, 'status');
  return {
    remoteId: String(id),
    candidateRemoteId: String(person.id),
    jobRemoteId: String(job.id),
    status: label === undefined ? 'other' : statusOf(label),
    ...present({
      ...(label === undefined ? {} : labelsOf(label)),
      jobTitle: job.name,
      source: sourceOf(wordIn(workflow, 'source'), textIn(workflow, 'sourcename')),
      appliedAt: timeIn(workflow, 'createddate'),
      updatedAt: timeIn(workflow, 'updateddate'),
    }),
  };
}

/**
 * A job as the mirror holds it.
 * @param posting Where it stands on a portal of the connection. Absent: on none, so that it takes no candidates.
 */
export function mirroredJobOf(
  id: number,
  job: VendorProfile,
  { posting, linkUrl }: { readonly posting: PortalJob | undefined; readonly linkUrl: string },
): MirroredJob {
  const recruiter = linkIn(job, 'recruiter');
  return {
    remoteId: String(id),
    title: textIn(job, 'jobtitle') ?? `Job ${id}`,
    code: textIn(job, 'jobid') ?? String(id),
    open: posting !== undefined,
    remoteUrl: isWebPage(posting?.portalUrl) ? posting.portalUrl : linkUrl,
    ...present({
      statusLabel: wordIn(job, 'folder'),
      department: wordIn(job, 'positioncategory'),
      location: wordIn(job, 'joblocation'),
      recruiter: recruiter?.name === undefined ? undefined : { remoteId: String(recruiter.id), name: recruiter.name },
      createdAt: timeIn(job, 'createddate'),
      updatedAt: timeIn(job, 'updateddate'),
    }),
  };
}

/**
 * The label of a status apart from its bin: "New Submissions - Recruiter Submitted" (iCIMS sheet §8, CONFIRMED that labels may
 * carry the bin in front). The bin is where a workflow stands, and goes as the stage.
 */
export function labelsOf(label: string): { readonly stage?: string; readonly statusLabel: string } {
  const at = label.indexOf(' - ');
  const [bin, status] = at < 0 ? ['', label] : [label.slice(0, at).trim(), label.slice(at + 3).trim()];
  if (bin === '' || status === '') return { statusLabel: label.trim() };
  return { stage: bin, statusLabel: status };
}

// Bins and statuses are each tenant's own, and nothing public says what a status means: the words decide (INFERRED). Who withdraws
// is told apart first, because an offer that the candidate declines is a refusal by its words.
const WITHDRAWN =
  /withdr[ae]w|self[- ]withdr|(candidate|applicant|person)\b.*\bdeclin|declin.*\b(by (the )?(candidate|applicant)|offer)|offer.*\b(declin|reject|refus)|no longer interested|not interested/i;
const REJECTED =
  /reject|declin|not selected|not (a )?(fit|match)|not hired|disqualif|unqualif|not qualified|unsuccessful|did not meet|failed/i;
const HIRED = /\bhired\b|^(new )?hires?$/i;
const CLOSED =
  /\b(closed|archived|transferred|inactive|filled|duplicate|expired)\b|\b(job|position|requisition) cancel/i;

/** Where a workflow stands, in words that all systems share. What no word tells is under way. */
export function statusOf(label: string): ApplicationStatus {
  const { stage = '', statusLabel } = labelsOf(label);
  // The status is more exact than its bin: "Offer - Candidate Declined".
  for (const text of [statusLabel, `${stage} ${statusLabel}`]) {
    if (WITHDRAWN.test(text)) return 'withdrawn';
    if (REJECTED.test(text)) return 'rejected';
    if (HIRED.test(text)) return 'hired';
  }
  if (HIRED.test(stage)) return 'hired';
  return CLOSED.test(label) ? 'other' : 'active';
}

/** A list without the name has "Other (Please Specify)", and the name beside it (iCIMS sheet §8). */
function sourceOf(source: string | undefined, name: string | undefined): string | undefined {
  return source === undefined || /^other\b/i.test(source.trim()) ? (name ?? source) : source;
}

const PHONE_TYPES: readonly (readonly [RegExp, PhoneType])[] = [
  [/mobile|cell/i, 'mobile'],
  [/home/i, 'home'],
  [/work|office|business/i, 'work'],
];

function phonesOf(person: VendorProfile, field: MirrorFields['written']['phones']): readonly Phone[] {
  return entriesIn(person, field?.id).flatMap((entry) => {
    const number = textIn(entry, field?.parts.number);
    const type = wordIn(entry, field?.parts.type) ?? '';
    if (number === undefined) return [];
    return [{ number, type: PHONE_TYPES.find(([words]) => words.test(type))?.[1] ?? 'other' }];
  });
}

function addressOf(person: VendorProfile, field: MirrorFields['addresses']): Address | undefined {
  const { parts } = field ?? {};
  const entries = entriesIn(person, field?.id);
  const primary = entries.find((entry) => entry['primary'] === true) ?? entries[0];
  if (!primary || !parts) return undefined;
  const country = placeIn(primary, parts.country);
  const address = present({
    street1: textIn(primary, parts.street1),
    street2: textIn(primary, parts.street2),
    city: textIn(primary, parts.city),
    region: placeIn(primary, parts.region),
    postalCode: textIn(primary, parts.postalCode),
    country: country !== undefined && /^[a-z]{2}$/i.test(country) ? country.toUpperCase() : country,
  });
  return Object.keys(address).length === 0 ? undefined : address;
}

const NETWORKS: readonly (readonly [RegExp, SocialNetwork])[] = [
  [/linkedin/i, 'linkedin'],
  [/github/i, 'github'],
  [/twitter|^x$|\/\/(www\.)?x\.com/i, 'twitter'],
  [/facebook/i, 'facebook'],
  [/stack ?overflow/i, 'stackoverflow'],
];

function socialUrlsOf(person: VendorProfile, field: MirrorFields['written']['linkedin']): readonly SocialUrl[] {
  if (!field) return [];
  if (field.kind === 'text') {
    const url = textIn(person, field.id);
    return url === undefined ? [] : [{ network: 'linkedin', url }];
  }
  return entriesIn(person, field.id).flatMap((entry) => {
    const url = textIn(entry, field.parts.url);
    return url === undefined ? [] : [{ network: networkOf(url, wordIn(entry, field.parts.network)), url }];
  });
}

/** The address tells; where it does not, the type that somebody chose. */
function networkOf(url: string, type = ''): SocialNetwork {
  const host = URL.parse(url)?.hostname ?? url;
  for (const text of [`//${host}`, type.trim()]) {
    const network = NETWORKS.find(([words]) => words.test(text))?.[1];
    if (network !== undefined) return network;
  }
  return /web ?site|blog|portfolio/i.test(type) ? 'website' : 'other';
}

function workOf(
  person: VendorProfile,
  field: MirrorFields['written']['workExperience'],
): MirroredCandidate['workExperience'] {
  const { parts = {} } = field ?? {};
  return entriesIn(person, field?.id).flatMap((entry) => {
    const employer = wordIn(entry, parts.employer);
    if (employer === undefined) return [];
    const endDate = partialDateIn(entry, parts.endDate);
    const startDate = partialDateIn(entry, parts.startDate);
    return [
      {
        employer,
        ...present({ title: wordIn(entry, parts.title), startDate, endDate }),
        // No end is how iCIMS knows that it goes on; without any date, or where ends are hidden, nobody knows.
        current: parts.endDate !== undefined && startDate !== undefined && endDate === undefined,
      },
    ];
  });
}

function educationOf(person: VendorProfile, field: MirrorFields['education']): MirroredCandidate['education'] {
  const { parts = {} } = field ?? {};
  return entriesIn(person, field?.id).flatMap((entry) => {
    const school = wordIn(entry, parts.school);
    if (school === undefined) return [];
    return [
      {
        school,
        ...present({
          degree: wordIn(entry, parts.degree),
          major: wordIn(entry, parts.major),
          graduationDate: partialDateIn(entry, parts.graduationDate),
        }),
      },
    ];
  });
}

/** A field shows when it has a value (iCIMS sheet §1): what a file looks like in a profile is not public, so that any value is one. */
function resumeOf(person: VendorProfile): readonly MirroredAttachment[] {
  const value = person[RESUME_ID];
  if (value === undefined || value === null || value === '') return [];
  const name = isRecord(value)
    ? (textIn(value, 'filename') ?? textIn(value, 'name') ?? textIn(value, 'value'))
    : textIn(person, RESUME_ID);
  return [{ remoteId: RESUME_ID, filename: fileName(name), kind: 'resume' }];
}

/** A name that is one, and no address or path. */
function fileName(name: string | undefined): string {
  const last = name?.split(/[/\\]/).at(-1)?.trim() ?? '';
  return /\w\.\w{2,5}$/.test(last) ? last : 'resume';
}
