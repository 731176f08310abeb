/** `YYYY`, `YYYY-MM` or `YYYY-MM-DD`: as exact as it is known. */
export type PartialDate = string;

/** What a phone number is for. */
export type PhoneType = 'mobile' | 'home' | 'work' | 'other';

/** A phone number, E.164 where it could be read as one. */
export interface Phone {
  readonly number: string;
  readonly type: PhoneType;
}

/** A place to live. All parts optional: sourcing often knows the city alone. */
export interface Address {
  readonly street1?: string;
  readonly street2?: string;
  readonly city?: string;
  /** State, province or region. */
  readonly region?: string;
  readonly postalCode?: string;
  /** ISO 3166-1 alpha-2 where known, otherwise a name. */
  readonly country?: string;
}

/** An address with where it is on the map. */
export interface LocatedAddress extends Address {
  /** If the source says: of a city its middle. */
  readonly coordinates?: Coordinates;
}

/** A point on the earth, in degrees. */
export interface Coordinates {
  /** -90 to 90, north is positive. */
  readonly latitude: number;
  /** -180 to 180, east is positive. */
  readonly longitude: number;
}

/** Which network a social URL belongs to. */
export type SocialNetwork = 'linkedin' | 'github' | 'twitter' | 'facebook' | 'stackoverflow' | 'website' | 'other';

/** A page about the person. */
export interface SocialUrl {
  readonly network: SocialNetwork;
  readonly url: string;
}

/** One title held at one employer. */
export interface WorkExperience {
  readonly employer: string;
  readonly title?: string;
  readonly startDate?: PartialDate;
  /** Absent when it goes on (`current`) or is unknown. */
  readonly endDate?: PartialDate;
  readonly current: boolean;
}

/** One course of study. */
export interface Education {
  readonly school: string;
  readonly degree?: string;
  readonly major?: string;
  readonly graduationDate?: PartialDate;
}

/** A person as the hub sends them to an ATS: already trimmed to what the plugin's `fields` allow. */
export interface CandidateRecord {
  readonly firstName: string;
  readonly lastName: string;
  /** Preferred first. May hold one generated dummy address and nothing else. */
  readonly emails: readonly string[];
  readonly phones: readonly Phone[];
  readonly address?: Address;
  readonly socialUrls: readonly SocialUrl[];
  /** Newest first. */
  readonly workExperience: readonly WorkExperience[];
  /** Newest first. */
  readonly education: readonly Education[];
  readonly tags: readonly string[];
}
