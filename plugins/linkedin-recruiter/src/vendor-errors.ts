import { type CallDescription, failureOf, type HttpResponse, type HubError } from '@talentbridge/contracts';
import { errorBody } from './vendor-records.js';

/** What the plugin calls LinkedIn Recruiter in errors. */
export const ATS = 'LinkedIn Recruiter';

/** A refusal of a request or of one record, as far as anything of it is used. */
export interface VendorError {
  readonly status: number;
  readonly code?: number | undefined;
  /** Never shown: messages repeat what was sent, and that is personal data. */
  readonly message?: string | undefined;
}

/** Properties that we send: a message that names one says what is wrong. */
const PROPERTIES = [
  'atsCandidateId',
  'atsCreatedAt',
  'atsJobPostingId',
  'atsJobPostingName',
  'atsLastModifiedAt',
  'author',
  'candidateEmail',
  'companyApplyUrl',
  'configurationValue',
  'description',
  'emailAddresses',
  'externalJobPostingId',
  'externalProfileUrl',
  'feedback',
  'firstName',
  'interviewer',
  'interviewType',
  'lastName',
  'linkedInProfileUrl',
  'listedAt',
  'location',
  'manualMatchedMember',
  'note',
  'phoneNumbers',
  'stage',
  'state',
  'title',
] as const;

/** Whether LinkedIn did what was asked. */
export function isSuccess({ status }: Pick<HttpResponse, 'status'>): boolean {
  return status >= 200 && status < 300;
}

/** The error that an answer carries (LinkedIn sheet §4, CONFIRMED). */
export function vendorErrorOf({ status, json }: HttpResponse): VendorError {
  const { serviceErrorCode, message } = errorBody.parse(json);
  return { status, code: serviceErrorCode, message };
}

/** Why something was refused, without any value: `it answered 422 (code 100) about emailAddresses`. */
export function reasonOf({ status, code, message }: VendorError): string {
  const named = PROPERTIES.find((property) => new RegExp(`\\b${property}\\b`).test(message ?? ''));
  const about = named === undefined ? '' : ` about ${named}`;
  return `it answered ${status}${code === undefined || code === status ? '' : ` (code ${code})`}${about}`;
}

/** The error of the contracts for one record that a whole call stands for. */
export function recordFailure(error: VendorError, action: string, more: Partial<CallDescription> = {}): HubError {
  const response = { status: error.status, headers: {}, json: undefined, text: '' };
  return failureOf(response, { atsName: ATS, action, ...more }, reasonOf(error));
}

/** The error of the contracts for an answer that is no success. */
export function failure(response: HttpResponse, action: string, more: Partial<CallDescription> = {}): HubError {
  return failureOf(response, { atsName: ATS, action, ...more }, reasonOf(vendorErrorOf(response)));
}
