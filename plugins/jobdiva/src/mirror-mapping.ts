import type {
  Address,
  ApplicationStatus,
  Education,
  MirroredApplication,
  MirroredAttachment,
  MirroredCandidate,
  MirroredJob,
  Phone,
  SocialUrl,
  WorkExperience,
} from '@talentbridge/contracts';
import { fromEastern } from './eastern-time.js';
import { idOf, plainName, type VendorRow } from './vendor-rows.js';

/** Who works on a job or an application. */
export type Recruiter = NonNullable<MirroredApplication['recruiter']>;

/** What a candidate's own row does not tell. */
export interface CandidateExtras {
  readonly remoteUrl: string;
  /** Name of the user-defined field with the LinkedIn URL. */
  readonly linkedInField?: string | undefined;
  /** Absent: it was not read. */
  readonly attachments?: readonly MirroredAttachment[] | undefined;
  readonly education?: readonly Education[] | undefined;
  readonly workExperience?: readonly WorkExperience[] | undefined;
}

/** A candidate as `CandidatesDetail` or the feed of changes tells it (JobDiva sheet §5). `undefined` without an id. */
export function candidateOf(row: VendorRow, extras: CandidateExtras): MirroredCandidate | undefined {
  const remoteId = idOf(row, 'candidateid', 'id');
  if (remoteId === undefined) return undefined;
  const { remoteUrl, linkedInField, attachments, education = [], workExperience = [] } = extras;
  return {
    remoteId,
    ...filled({ firstName: row('firstname'), lastName: row('lastname') }),
    emails: distinct([row('email'), row('alternateemail')]),
    phones: phonesOf(row),
    ...addressOf(row),
    socialUrls: linkedInField === undefined ? [] : linkOf(row(plainName(linkedInField))),
    workExperience,
    education,
    tags: [],
    ...filled({ updatedAt: instantOf(row('dateupdated')) }),
    remoteUrl,
    ...(attachments === undefined ? {} : { attachments }),
  };
}

/** A job of the feed of changes, or of `JobsDetail`. `undefined` without an id. */
export function mirroredJobOf(
  row: VendorRow,
  remoteUrl: string,
  recruiter: Recruiter | undefined,
): MirroredJob | undefined {
  const remoteId = idOf(row, 'jobid', 'id');
  if (remoteId === undefined) return undefined;
  const status = row('jobstatus');
  return {
    remoteId,
    title: row('title') || row('jobtitle'),
    open: status.toUpperCase() === 'OPEN',
    remoteUrl,
    ...filled({
      code: row('jobdivano') || row('optionalreferenceno'),
      statusLabel: status,
      department: row('companyname'),
      location: [row('city'), row('state')].filter((part) => part !== '').join(', '),
      createdAt: instantOf(row('issuedate') || row('dateissued')),
      updatedAt: latest(instantOf(row('dateupdated')), instantOf(row('datestatusupdated'))),
    }),
    ...(recruiter ? { recruiter } : {}),
  };
}

/** An application by the id that stays the same whichever list it comes from: JobDiva has none of its own (JobDiva sheet §10). */
export function applicationId(candidateId: string, jobId: string): string {
  return `${candidateId}/${jobId}`;
}

/** A row of a list of applications: somebody applied, and nobody has submitted them yet. `undefined` without both ids. */
export function applicationOf(row: VendorRow, recruiter: Recruiter | undefined): MirroredApplication | undefined {
  const candidateRemoteId = idOf(row, 'candidateid');
  const jobRemoteId = idOf(row, 'jobid');
  if (candidateRemoteId === undefined || jobRemoteId === undefined) return undefined;
  const applied = instantOf(row('dateapplied'));
  return {
    remoteId: applicationId(candidateRemoteId, jobRemoteId),
    candidateRemoteId,
    jobRemoteId,
    ...statusOfApplication(row('status'), row('rejectreason')),
    ...filled({
      jobTitle: row('jobtitle'),
      source: row('resumesource'),
      appliedAt: applied,
      updatedAt: latest(instantOf(row('actiondate')), applied),
    }),
    ...(recruiter ? { recruiter } : {}),
  };
}

/** A submittal with what came of it. `undefined` without both ids. */
export function submittalOf(row: VendorRow): MirroredApplication | undefined {
  const candidateRemoteId = idOf(row, 'candidateid');
  const jobRemoteId = idOf(row, 'jobid');
  if (candidateRemoteId === undefined || jobRemoteId === undefined) return undefined;
  const name = [row('userfirstname'), row('userlastname')].filter((part) => part !== '').join(' ');
  const remoteId = idOf(row, 'userid');
  return {
    remoteId: applicationId(candidateRemoteId, jobRemoteId),
    candidateRemoteId,
    jobRemoteId,
    ...statusOfSubmittal(row),
    ...filled({
      jobTitle: row('jobtitle'),
      appliedAt: instantOf(row('submittaldate') || row('datecreated')),
      updatedAt: activityAt(row),
    }),
    ...(name === '' ? {} : { recruiter: { name, ...(remoteId === undefined ? {} : { remoteId }) } }),
  };
}

/**
 * Of several submittals of one candidate to one job, the one that was touched last, and of those the newest: every feed is
 * ordered by just that, so that whatever a later window brings is newer knowledge.
 */
export function isNewerActivity(a: VendorRow, b: VendorRow): boolean {
  const [timeA, timeB] = [activityAt(a), activityAt(b)];
  if (timeA !== timeB) return timeA > timeB;
  const [idA, idB] = [a('activityid'), b('activityid')];
  return idA.length === idB.length ? idA > idB : idA.length > idB.length;
}

/** A résumé, of which JobDiva tells neither name nor size before it is read. */
export function attachmentOf(row: VendorRow): MirroredAttachment | undefined {
  const remoteId = row('resumeid') || row('globalid');
  if (remoteId === '') return undefined;
  const day = /^\d{4}-\d\d-\d\d/.exec(row('datecreated'))?.[0];
  return {
    remoteId,
    filename: day === undefined ? 'resume' : `resume-${day}`,
    kind: 'resume',
    ...filled({ updatedAt: instantOf(row('dateupdated') || row('datecreated')) }),
  };
}

/** A school; `undefined` where a row names none. */
export function educationOf(row: VendorRow): Education | undefined {
  const school = row('school');
  if (school === '') return undefined;
  const graduationDate = /^(?:19|20)\d\d/.exec(row('year'))?.[0] ?? '';
  return { school, ...filled({ degree: row('degree'), major: row('major'), graduationDate }) };
}

/** Work, of which JobDiva has one text and a date (JobDiva sheet §5); `title at employer` is how an export writes it. */
export function workOf(row: VendorRow): WorkExperience | undefined {
  const details = row('details').split('\n', 1)[0]?.trim() ?? '';
  if (details === '') return undefined;
  const at = details.lastIndexOf(' at ');
  const startDate = /^\d{4}-\d\d/.exec(row('date'))?.[0] ?? '';
  return {
    employer: at < 0 ? '' : details.slice(at + 4).trim(),
    ...filled({ title: at < 0 ? details : details.slice(0, at).trim(), startDate }),
    current: false,
  };
}

/** Whether a row of users of a job is its primary recruiter. */
export function isPrimaryRecruiter(row: VendorRow): boolean {
  return isSet(row('primaryrecruiter'));
}

/** A user by name; `undefined` for one without. */
export function userOf(row: VendorRow): Recruiter | undefined {
  const name = [row('firstname'), row('lastname')].filter((part) => part !== '').join(' ');
  const remoteId = idOf(row, 'userid');
  return name === '' ? undefined : { name, ...(remoteId === undefined ? {} : { remoteId }) };
}

/**
 * What flags and dates of a submittal mean, the furthest first (JobDiva sheet §13: flags CONFIRMED, the rule INFERRED). The
 * words are those that people know from JobDiva's pages.
 */
function statusOfSubmittal(row: VendorRow): Pick<MirroredApplication, 'status' | 'statusLabel' | 'rejectionReason'> {
  const isRejected = isSet(row('rejectflag')) || row('internalrejectdate') !== '' || row('externalrejectdate') !== '';
  if (isSet(row('hireflag'))) return { status: 'hired', statusLabel: 'Hired' };
  if (isRejected)
    return { status: 'rejected', statusLabel: 'Rejected', ...filled({ rejectionReason: row('rejectreason') }) };
  if (isSet(row('interviewflag'))) return { status: 'active', statusLabel: 'Interview' };
  if (isSet(row('externalsubmittalflag'))) return { status: 'active', statusLabel: 'Submitted' };
  if (isSet(row('internalsubmittalflag'))) return { status: 'active', statusLabel: 'Internal submittal' };
  return { status: 'active', statusLabel: isSet(row('submittalflag')) ? 'Submitted' : 'Active' };
}

const STATUS_WORDS: readonly (readonly [ApplicationStatus, RegExp])[] = [
  ['rejected', /reject|declin|not (?:qualified|selected)/i],
  ['withdrawn', /withdr[ae]w/i],
  ['hired', /\bhired\b|\bplaced\b/i],
  ['active', /pending|active|new|review|process|submitted|interview/i],
];

/** The words are each customer's own (JobDiva sheet §14); "Pending" is what a fresh application has. */
function statusOfApplication(
  word: string,
  reason: string,
): Pick<MirroredApplication, 'status' | 'statusLabel' | 'rejectionReason'> {
  const isFresh = word === '' || /^pending$/i.test(word);
  if (isFresh && reason === '') return { status: 'active', statusLabel: 'Active' };
  const known = STATUS_WORDS.find(([, pattern]) => pattern.test(word))?.[0];
  const status = isFresh ? 'rejected' : (known ?? 'other');
  return {
    status,
    statusLabel: isFresh ? 'Rejected' : word,
    ...(status === 'rejected' ? filled({ rejectionReason: reason }) : {}),
  };
}

/** When a submittal was last touched; empty when it does not say. */
function activityAt(row: VendorRow): string {
  return instantOf(row('activitydate') || row('dateupdated') || row('datecreated') || row('submittaldate'));
}

function phonesOf(row: VendorRow): readonly Phone[] {
  const extension = row('workphoneext');
  const phones: Phone[] = [
    { number: row('cellphone'), type: 'mobile' },
    { number: row('homephone'), type: 'home' },
    {
      number: row('workphone') === '' || extension === '' ? row('workphone') : `${row('workphone')} x${extension}`,
      type: 'work',
    },
    { number: row('phone1'), type: 'other' },
  ];
  const digits = new Set<string>();
  return phones.filter(({ number }) => {
    const comparable = number.replace(/\D/g, '');
    if (comparable === '' || digits.has(comparable)) return false;
    digits.add(comparable);
    return true;
  });
}

function addressOf(row: VendorRow): { readonly address?: Address } {
  const address: Address = filled({
    street1: row('address1'),
    street2: row('address2'),
    city: row('city'),
    region: row('state'),
    postalCode: row('zipcode'),
    country: row('country'),
  });
  return Object.keys(address).length === 0 ? {} : { address };
}

function linkOf(text: string): readonly SocialUrl[] {
  const url = /^https?:\/\//i.test(text) ? text : `https://${text}`;
  if (text === '' || /\s/.test(text) || !URL.canParse(url)) return [];
  return /(?:^|\.)linkedin\.com$/i.test(new URL(url).hostname)
    ? [{ network: 'linkedin', url }]
    : [{ network: 'other', url }];
}

/** ISO 8601 in UTC; empty where the text is no time. An hour that the clock shows twice is read as the earlier one. */
export function instantOf(text: string): string {
  const instant = fromEastern(text, 'earlier');
  return instant === undefined ? '' : new Date(instant).toISOString();
}

function latest(...times: readonly string[]): string {
  return times.toSorted().at(-1) ?? '';
}

function isSet(flag: string): boolean {
  return /^(?:1|true|y|yes)$/i.test(flag);
}

function distinct(texts: readonly string[]): readonly string[] {
  const comparable = texts.map((text) => text.toLowerCase());
  return texts.filter((text, at) => text !== '' && comparable.indexOf(text.toLowerCase()) === at);
}

/** The texts that are not empty. */
function filled<Name extends string>(texts: Readonly<Record<Name, string>>): { readonly [Key in Name]?: string } {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== '')) as {
    readonly [Key in Name]?: string;
  };
}
