import type { Address, CandidateRecord, Education, LocatedAddress, WorkExperience } from '@talentbridge/contracts';
import { newestFirst } from './newest-first.js';
import type { Profile, ProfileEducation, ProfileWorkExperience } from './profile.js';

/** What goes with a profile into a candidate. */
export interface CandidateRecordOptions {
  /** Tags besides the profile's own, for instance those of the project. Default: none. */
  readonly tags?: readonly string[];
}

function workOf({ employer, title, startDate, endDate, current }: ProfileWorkExperience): WorkExperience {
  return {
    employer,
    ...(title ? { title } : {}),
    ...(startDate ? { startDate } : {}),
    ...(endDate ? { endDate } : {}),
    current,
  };
}

function educationOf({ school, degree, major, graduationDate }: ProfileEducation): Education {
  return {
    school,
    ...(degree ? { degree } : {}),
    ...(major ? { major } : {}),
    ...(graduationDate ? { graduationDate } : {}),
  };
}

/**
 * The candidate that a profile makes, before it is fitted to what an ATS takes: of the contact data only what is revealed,
 * histories newest first. What the contracts have no word for (skills, diversity, ...) stays here.
 *
 * A person known by one name has an empty `lastName`: none is invented. Where the ATS requires one, `fitToFields` names the
 * field as missing, and the candidate is refused before anything is sent.
 */
export function toCandidateRecord(profile: Profile, options: CandidateRecordOptions = {}): CandidateRecord {
  const tags = new Map<string, string>();
  for (const tag of [...profile.tags, ...(options.tags ?? [])]) {
    if (!tags.has(tag.toLowerCase())) tags.set(tag.toLowerCase(), tag);
  }
  return {
    firstName: profile.firstName,
    lastName: profile.lastName ?? '',
    emails: profile.emails.filter(({ revealed }) => revealed).map(({ address }) => address),
    phones: profile.phones.filter(({ revealed }) => revealed).map(({ number, type }) => ({ number, type })),
    ...(profile.location ? { address: addressOf(profile.location) } : {}),
    socialUrls: profile.socialUrls,
    workExperience: newestFirst(profile.workExperience).map(workOf),
    education: newestFirst(profile.education).map(educationOf),
    tags: [...tags.values()],
  };
}

/** An ATS finds coordinates by itself, its own ones. */
function addressOf({ coordinates: _, ...address }: LocatedAddress): Address {
  return address;
}
