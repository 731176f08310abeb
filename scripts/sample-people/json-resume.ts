import { at, pick } from './choose.ts';
import type { Person } from './person.ts';

const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** A date as one of the many ways in which people write it. */
function loosely(date: string | undefined, style: number): string | undefined {
  if (date === undefined) return undefined;
  const [year = '', month = '01'] = date.split('-');
  const monthName = at(monthNames, Number(month) - 1);
  return at(
    [
      `${year}-${month}-01`,
      `${year}-${month}`,
      year,
      `${monthName.slice(0, 3)} ${year}`,
      `${month}/${year}`,
      `${monthName} ${year}`,
      `${year}-${month}-01T00:00:00.000Z`,
    ],
    style,
  );
}

/** A JSON Resume, loosely: what single authors make of it is put in afterwards. */
type Document = Record<string, unknown> & {
  basics: Record<string, unknown>;
  work?: Record<string, unknown>[] | undefined;
};

const networkNames: Readonly<Record<string, string>> = { linkedin: 'LinkedIn', github: 'GitHub' };

/** A profile as a JSON Resume of the wild; `style` decides the author's habits. */
export function jsonResume(profile: Person, style: number): Document {
  const name = profile.fullName ?? [profile.firstName, profile.lastName].filter(Boolean).join(' ');
  const legacy = style % 4 === 1;
  const { city, region, country } = profile.location ?? {};
  const basics = {
    name,
    label: profile.headline,
    ...(legacy ? { picture: '' } : { image: null }),
    email: profile.emails[0]?.address ?? (style % 2 === 0 ? '' : null),
    phone: profile.phones[0]?.number ?? '',
    [legacy ? 'website' : 'url']: profile.socialUrls.find(({ network }) => network === 'website')?.url ?? '',
    summary: profile.summary ?? '',
    location:
      style % 7 === 2
        ? [city, region, country].filter(Boolean).join(', ')
        : style % 7 === 3
          ? null
          : {
              address: '',
              postalCode: style % 5 === 0 ? 10_115 : '',
              city: city ?? '',
              countryCode: country ?? '',
              region: region ?? '',
            },
    profiles: profile.socialUrls
      .filter(({ network }) => network !== 'website')
      .map(({ network, url }, index) => {
        const spelling = at([network, network.toUpperCase(), networkNames[network] ?? network], style + index);
        const username = url.split('/').at(-1);
        if (style % 6 === 4 && network === 'github') return { network: spelling, username };
        return { network: spelling, username, url: style % 3 === 0 ? url.replace('https://', '') : url };
      }),
  };
  const document: Document = {
    ...(style % 3 === 0
      ? { $schema: 'https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json' }
      : {}),
    basics,
    work: profile.workExperience.map((job) => ({
      [legacy ? 'company' : 'name']: job.employer,
      [style % 5 === 2 ? 'title' : 'position']: job.title,
      [legacy ? 'website' : 'url']: '',
      startDate: loosely(job.startDate, style),
      endDate: job.current ? at(['Present', '', 'present', null, 'Current'], style) : loosely(job.endDate, style),
      summary: job.summary?.split('\n')[0] ?? '',
      highlights: job.summary
        ? job.summary
            .split('\n')
            .slice(1)
            .map((line) => line.replace('• ', ''))
        : style % 2 === 0
          ? []
          : null,
      ...(job.location ? { location: job.location } : {}),
    })),
    education: profile.education.map((course) => ({
      institution: course.school,
      area: course.major ?? '',
      studyType: course.degree ?? '',
      startDate: '',
      endDate: loosely(course.graduationDate, style + 1) ?? '',
      score: style % 2 === 0 ? '3.8' : 3.8,
      courses: [],
    })),
    skills:
      style % 6 === 5
        ? profile.skills
        : profile.skills.length === 0
          ? []
          : [
              {
                name: 'Engineering',
                level: 'Master',
                keywords: style % 6 === 4 ? profile.skills.join(', ') : profile.skills,
              },
            ],
    languages: (profile.languages ?? []).map((language) => ({ language, fluency: 'Fluent' })),
    interests: (profile.interests ?? []).map((interest) =>
      style % 2 === 0 ? { name: interest, keywords: [] } : interest,
    ),
    awards: (profile.honors ?? []).map((title) => ({
      title,
      date: '2019-11-01',
      awarder: 'Example Foundation',
      summary: '',
    })),
    ...(style % 4 === 0
      ? {
          certificates: (profile.certifications ?? []).map((certificate) => ({
            name: certificate,
            date: '2021-11-07',
            issuer: 'Example',
            url: '',
          })),
        }
      : {}),
    references: [],
    ...(style % 3 === 1
      ? { projects: [{ name: 'Side project', description: 'A tool for tools' }], volunteer: [] }
      : {}),
    meta: { version: 'v1.0.0', theme: pick(['elegant', 'even', 'kendall']) },
  };
  if (style % 2 === 0) {
    document['x-talentbridge'] = {
      key: profile.key,
      firstName: profile.firstName,
      ...(profile.lastName ? { lastName: profile.lastName } : {}),
      emails: profile.emails,
      phones: profile.phones,
      tags: profile.tags,
      ...(profile.industry ? { industry: profile.industry } : {}),
      ...(profile.companySize ? { companySize: profile.companySize } : {}),
      ...(profile.groups ? { groups: profile.groups } : {}),
      ...(profile.diversity ? { diversity: profile.diversity } : {}),
    };
  }
  return document;
}
