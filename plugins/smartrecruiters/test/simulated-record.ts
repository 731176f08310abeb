import type { CandidateRecord, SocialNetwork } from '@talentbridge/contracts';
import type { SimulatedCandidate } from '../simulator/index.js';

const NETWORKS: readonly SocialNetwork[] = ['linkedin', 'website', 'twitter', 'facebook'];

/** A candidate of SmartRecruiters in our words, read without the plugin's help. */
export function recordOf(candidate: SimulatedCandidate): CandidateRecord {
  const { firstName, lastName, email, phoneNumber, location = {}, web = {}, tags } = candidate;
  const { city, region, regionCode, country, countryCode, lat, lng } = location;
  return {
    firstName,
    lastName,
    emails: [email],
    phones: phoneNumber === undefined ? [] : [{ number: phoneNumber, type: 'other' }],
    address: {
      ...known({ city, region: region ?? regionCode, country: country ?? countryCode?.toUpperCase() }),
      ...(lat === undefined || lng === undefined ? {} : { coordinates: { latitude: lat, longitude: lng } }),
    },
    socialUrls: NETWORKS.flatMap((network) => {
      const url = web[network as keyof typeof web];
      return url === undefined ? [] : [{ network, url }];
    }),
    workExperience: candidate.experience.map(({ company = '', title, startDate, endDate, current = false }) => ({
      employer: company,
      ...known({ title, startDate, endDate }),
      current,
    })),
    education: candidate.education.map(({ institution = '', degree, major, endDate }) => ({
      school: institution,
      ...known({ degree, major, graduationDate: endDate }),
    })),
    tags,
  };
}

/** The values that are there. */
export function known<Name extends string>(
  values: Readonly<Record<Name, string | undefined>>,
): Partial<Record<Name, string>> {
  const entries = Object.entries<string | undefined>(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Partial<Record<Name, string>>;
}
