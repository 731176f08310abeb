import type { MATCH_LEVELS, MatchField, MatchLevel } from '@talentbridge/hub';

/** What each piece of evidence says to a person, who sees candidate and profile side by side. */
const TEXTS: {
  readonly [Field in MatchField]: Readonly<Record<(typeof MATCH_LEVELS)[Field][number], string>>;
} = {
  linkedIn: {
    SAME: 'Same LinkedIn page',
    DIFFERENT: 'Different LinkedIn pages',
    SHARED: 'Same LinkedIn page, which many profiles have: it says nothing',
  },
  gitHub: {
    SAME: 'Same GitHub page',
    DIFFERENT: 'Different GitHub pages',
    SHARED: 'Same GitHub page, which many profiles have: it says nothing',
  },
  email: {
    SAME: 'Same email address',
    DIFFERENT: 'Different email addresses',
    SHARED: 'Same email address, which many profiles have: it says nothing',
  },
  phone: {
    SAME: 'Same phone number',
    DIFFERENT: 'Different phone numbers',
    SHARED: 'Same phone number, which many profiles have: it says nothing',
  },
  firstName: {
    EXACT: 'Same first name',
    NICKNAME: 'Another form of the same first name',
    SOUND: 'First names that sound alike',
    SIMILAR: 'First names that differ by a letter or two',
    PART: 'One given name in common',
    INITIAL: 'First name fits the initial',
    SWAPPED: 'First and last name the other way round',
    DIFFERENT: 'Different first names',
  },
  lastName: {
    EXACT: 'Same last name',
    PART: 'One last name in common',
    SOUND: 'Last names that sound alike',
    SIMILAR: 'Last names that differ by a letter or two',
    INITIAL: 'Last name fits the initial',
    SWAPPED: 'Last and first name the other way round',
    DIFFERENT: 'Different last names',
  },
  employers: {
    THREE: 'Three or more employers in common',
    TWO: 'Two employers in common',
    ONE: 'One employer in common',
    NONE: 'No employer in common',
  },
  titles: {
    SAME: 'Same job title there',
    SIMILAR: 'Similar job titles there',
    DIFFERENT: 'Different job titles there',
  },
  dates: {
    SAME: 'Began there at the same time',
    CLOSE: 'Began there at about the same time',
    DIFFERENT: 'Began there at different times',
  },
  schools: { TWO: 'Two schools in common', ONE: 'One school in common', NONE: 'No school in common' },
  studies: { SAME: 'Same studies there', CLOSE: 'Similar studies there', DIFFERENT: 'Different studies there' },
  career: {
    SAME: 'Careers that began in the same year',
    CLOSE: 'Careers that began within a few years',
    DIFFERENT: 'Careers that began many years apart',
  },
  place: {
    CITY: 'Same city',
    REGION: 'Same region',
    COUNTRY: 'Same country',
    DIFFERENT: 'Different countries',
  },
};

/** A piece of evidence in words: "One employer in common". */
export function evidenceText(field: MatchField, level: MatchLevel): string {
  const texts: Readonly<Partial<Record<MatchLevel, string>>> = TEXTS[field];
  return texts[level] ?? level;
}
