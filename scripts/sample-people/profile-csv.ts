import type { Person } from './person.ts';

export function csvCell(value: unknown): string {
  const cell = value === undefined ? '' : String(value);
  return /[",\n;]/.test(cell) || cell !== cell.trim() ? `"${cell.replaceAll('"', '""')}"` : cell;
}

export const csvHeader = [
  ...['key', 'firstName', 'lastName', 'headline', 'city', 'region', 'country'],
  ...['email1', 'email1Revealed', 'email2', 'email2Revealed'],
  ...['phone1', 'phone1Type', 'phone1Revealed', 'phone2', 'phone2Type', 'phone2Revealed'],
  ...['linkedin', 'github', 'website'],
  ...[1, 2, 3].flatMap((number) => [`employer${number}`, `title${number}`, `startDate${number}`, `endDate${number}`]),
  ...[
    'school1',
    'degree1',
    'major1',
    'graduationDate1',
    'skills',
    'languages',
    'industry',
    'companySize',
    'tags',
    'summary',
  ],
];

export function csvRow(profile: Person): unknown[] {
  const url = (network: string): string | undefined =>
    profile.socialUrls.find((entry) => entry.network === network)?.url;
  const [course] = profile.education;
  return [
    ...[profile.key, profile.firstName, profile.lastName, profile.headline],
    ...[profile.location?.city, profile.location?.region, profile.location?.country],
    ...[0, 1].flatMap((index) => [
      profile.emails[index]?.address,
      profile.emails[index] ? (profile.emails[index].revealed ? 'yes' : 'no') : '',
    ]),
    ...[0, 1].flatMap((index) => [
      profile.phones[index]?.number,
      profile.phones[index]?.type,
      profile.phones[index]?.revealed,
    ]),
    ...[url('linkedin'), url('github'), url('website')],
    ...[0, 1, 2].flatMap((index) => {
      const job = profile.workExperience[index];
      return [job?.employer, job?.title, job?.startDate, job?.current ? 'Present' : job?.endDate];
    }),
    ...[course?.school, course?.degree, course?.major, course?.graduationDate],
    ...[
      profile.skills.join('; '),
      (profile.languages ?? []).join('; '),
      profile.industry,
      profile.companySize,
      profile.tags.join('; '),
      profile.summary,
    ],
  ];
}
