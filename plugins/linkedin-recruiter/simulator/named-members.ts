import type { Member } from './records.js';

type Named = Omit<Member, 'urn' | 'profileUrl' | 'emails' | 'location'> & {
  readonly id: string;
  readonly emails: readonly string[];
  readonly location?: string;
  /** The end of the profile's address. Default: made of the name. */
  readonly slug?: string;
};

/**
 * People for demos. Those with a letter behind their name are also in the sample account that the applicant tracking
 * system of the demo generates, each connected by something else.
 */
const PEOPLE: readonly Named[] = [
  {
    id: 'a1b2c3d4',
    firstName: 'Ada',
    lastName: 'Okafor',
    emails: ['ada@home.example', 'ada.okafor@northwind.example'],
    phone: '+14155550100',
    title: 'Staff Engineer',
    employer: 'Northwind',
    location: 'Oakland, California',
  },
  // The home address is the same.
  {
    id: 'b0q5a000',
    firstName: 'Bo',
    lastName: 'Quispe-a',
    emails: ['bo.quispe-a.0@home.example'],
    phone: '+14150000000',
    title: 'Staff Engineer',
    employer: 'Fabrikam',
    location: 'Toronto, Ontario',
  },
  // The profile's address is the same; the email addresses are others.
  {
    id: 'f1s5b001',
    firstName: 'Farah',
    lastName: 'Sørensen-b',
    emails: ['farah.sorensen@mail.example'],
    title: 'Data Analyst',
    employer: 'Contoso',
    slug: 'farah.srensen-b.1',
  },
  {
    id: 'l2t5c002',
    firstName: 'Léa',
    lastName: 'Tavares-c',
    emails: ['lea@mail.example', 'lea.tavares-c.2@home.example'],
    title: 'Office Manager',
    employer: 'Wingtip',
    slug: 'lea.tavares-c.2',
  },
  // Name and telephone are the same.
  {
    id: 'k3n5d003',
    firstName: 'Kofi',
    lastName: 'Nakamura-d',
    emails: ['kofi@mail.example'],
    phone: '+1 (415) 000-0003',
    title: 'Welder',
    employer: 'Tailspin Toys',
    location: 'Oakland, California',
    slug: 'kofi-n',
  },
  // Name, title and employer are the same.
  {
    id: 'i4m5e004',
    firstName: 'Ivo',
    lastName: 'Marchetti-e',
    emails: ['ivo@mail.example'],
    title: 'Night Nurse',
    employer: 'Northwind',
    location: 'Boise, Idaho',
    slug: 'ivo-m',
  },
  // Nothing but the name is the same: to be connected by hand.
  {
    id: 'e5o5f005',
    firstName: 'Emre',
    lastName: 'Okafor-f',
    emails: ['emre@mail.example'],
    title: 'Data Analyst',
    employer: 'Wingtip',
    location: 'Boise, Idaho',
    slug: 'emre-o',
  },
  {
    id: 'h6n5g006',
    firstName: 'Hana',
    lastName: 'Nakamura-g',
    emails: ['hana.nakamura-g.6@home.example', 'hana.nakamura-g.6@work.example'],
    title: 'Welder',
    employer: 'Fabrikam',
    location: 'Boise, Idaho',
  },
  // In no applicant tracking system: to be exported.
  {
    id: 'm7v9x007',
    firstName: 'Mira',
    lastName: 'Vance',
    emails: ['mira.vance@mail.example'],
    phone: '+14155550107',
    title: 'Backend Engineer',
    employer: 'Litware',
    location: 'Boise, Idaho',
  },
  {
    id: 't8w9x008',
    firstName: 'Tove',
    lastName: 'Wilder',
    emails: ['tove.wilder@mail.example'],
    title: 'Talent Partner',
    employer: 'Proseware',
    location: 'Toronto, Ontario',
  },
  // Those who hold the seats.
  recruiter('r1t4', 'Rita', 'Moss', 'exampleco'),
  recruiter('t4r1', 'Tariq', 'Bell', 'exampleco'),
  recruiter('n1n4', 'Nina', 'Holt', 'exampleco'),
  recruiter('e4m4', 'Emil', 'Stone', 'exampleco'),
  recruiter('i4n3', 'Ines', 'Vale', 'samplecorp'),
  recruiter('o7t0', 'Otto', 'Reed', 'samplecorp'),
];

/** The members who are the same whatever the seed. */
export const NAMED_MEMBERS: readonly Member[] = PEOPLE.map(({ id, slug, location, ...person }) => ({
  ...person,
  urn: `urn:li:person:${id}`,
  location: location ?? 'Toronto, Ontario',
  profileUrl: `https://www.linkedin.com/in/${slug ?? plain(`${person.firstName}-${person.lastName}`)}`,
}));

function recruiter(id: string, firstName: string, lastName: string, company: string): Named {
  return {
    id,
    firstName,
    lastName,
    emails: [`${firstName.toLowerCase()}@${company}.example`],
    title: 'Recruiter',
    employer: company === 'exampleco' ? 'Example Co' : 'Sample Corp',
  };
}

/** A name as it stands in addresses. */
export function plain(name: string): string {
  return name
    .normalize('NFD')
    .replace(/ø/g, 'o')
    .replace(/[^\w.-]/g, '')
    .toLowerCase();
}
