import type {
  Education,
  LocatedAddress,
  PartialDate,
  PhoneType,
  SocialUrl,
  WorkExperience,
} from '@talentbridge/contracts';

/** What an email address is for. */
export type EmailType = 'personal' | 'work' | 'other';

/** An email address of a profile. */
export interface ProfileEmail {
  readonly address: string;
  /** Only revealed contact data leaves the directory: for an ATS, a résumé or a reader. */
  readonly revealed: boolean;
  /** Absent: unknown. */
  readonly type?: EmailType;
  /** The contact source found it: it stays when the host platform writes its own copy of the profile, which lacks it. */
  readonly found?: true;
}

/** A phone number of a profile. */
export interface ProfilePhone {
  /** E.164 where it could be read as one, otherwise as the source wrote it. */
  readonly number: string;
  readonly type: PhoneType;
  /** Only revealed contact data leaves the directory. */
  readonly revealed: boolean;
  /** As for an email address. */
  readonly found?: true;
}

/** One title held at one employer, with what sourcing knows beyond what an ATS takes. */
export interface ProfileWorkExperience extends WorkExperience {
  readonly summary?: string;
  /** As the source wrote it: "Berlin, Germany". */
  readonly location?: string;
  readonly companyUrl?: string;
  readonly industry?: string;
  /** As the source's bands name it: "51-200". */
  readonly companySize?: string;
}

/** One course of study, with what sourcing knows beyond what an ATS takes. */
export interface ProfileEducation extends Education {
  readonly startDate?: PartialDate;
  readonly summary?: string;
}

/** One attribute that a person declared about themselves. The product infers none. */
export interface DiversityAttribute {
  /** "gender", "veteran status": as the source names it. */
  readonly attribute: string;
  readonly value: string;
  /** Who supplied it. An attribute without a source is refused. */
  readonly source: string;
}

/** A person found by sourcing, as the host platform gives them. Lists keep the order of the source, without repetitions. */
export interface Profile {
  /** The host platform's own id of the profile: unique in the organization, and how an upsert finds it again. */
  readonly key: string;
  /** The only name of a person known by one; never empty. */
  readonly firstName: string;
  /** Absent for a person known by one name. */
  readonly lastName?: string;
  /** As the person writes it, where the source says: order, titles and degrees included. */
  readonly fullName?: string;
  readonly headline?: string;
  readonly summary?: string;
  readonly location?: LocatedAddress;
  /** Preferred first. */
  readonly emails: readonly ProfileEmail[];
  /** Preferred first. */
  readonly phones: readonly ProfilePhone[];
  readonly socialUrls: readonly SocialUrl[];
  readonly workExperience: readonly ProfileWorkExperience[];
  readonly education: readonly ProfileEducation[];
  readonly skills: readonly string[];
  /** Of the person; an employer's own stands with the employer. */
  readonly industry?: string;
  /** Of the present employer. */
  readonly companySize?: string;
  readonly certifications: readonly string[];
  readonly languages: readonly string[];
  readonly groups: readonly string[];
  readonly interests: readonly string[];
  readonly honors: readonly string[];
  readonly diversity: readonly DiversityAttribute[];
  readonly tags: readonly string[];
  /** Where the data comes from: "JSON Resume file". Absent: the host platform did not say. */
  readonly dataSource?: string;
}
