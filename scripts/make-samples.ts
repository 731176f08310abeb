/**
 * Writes samples/: invented people of many shapes, for trying the product out and for its tests. Running it again writes the
 * same bytes; the output is committed.
 *
 * Nobody in it exists: names are common ones thrown together, employers and schools are made up, addresses are at example
 * domains, and phone numbers come from the ranges that regulators keep free for films.
 *
 *   node_modules/.bin/node scripts/make-samples.ts
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { at } from './sample-people/choose.ts';
import { jsonResume } from './sample-people/json-resume.ts';
import { type Person, person, withOneName } from './sample-people/person.ts';
import { csvCell, csvHeader, csvRow } from './sample-people/profile-csv.ts';
import { tags } from './sample-people/vocabulary.ts';

const out = new URL('../samples/', import.meta.url);

const text = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

// Written by hand: whom the demo's ATS has as candidates is its simulator's business.
const ofTheAts = readFileSync(new URL('people-of-the-ats.ndjson', out));
rmSync(out, { recursive: true, force: true });
for (const folder of ['', 'json-resume/', 'broken/']) mkdirSync(new URL(folder, out), { recursive: true });
const write = (path: string, content: string | Uint8Array): void => writeFileSync(new URL(path, out), content);
write('people-of-the-ats.ndjson', ofTheAts);

const fromNdjson = Array.from({ length: 160 }, (_, index) => person(`p-${String(index + 1).padStart(4, '0')}`));
for (const [index, name] of [
  [12, 'Suharti'],
  [47, 'Madhavan'],
  [88, '李'],
  [121, 'Björk-Ósk'],
] as const) {
  withOneName(fromNdjson[index], name);
}
write('profiles.ndjson', fromNdjson.map((profile) => `${JSON.stringify(profile)}\n`).join(''));

const fromCsv = Array.from({ length: 45 }, (_, index) => person(`c-${String(index + 1).padStart(4, '0')}`));
// Text that a spreadsheet would take for formulas, and has to stay text.
at(fromCsv, 4).headline = '=HYPERLINK("https://example.com","Open me")';
at(fromCsv, 9).summary = '+1 for pair programming\n@ the office or remote';
write(
  'profiles.csv',
  `\ufeff${[csvHeader, ...fromCsv.map(csvRow)].map((row) => row.map(csvCell).join(',')).join('\r\n')}\r\n`,
);

const resumeKeys: string[] = [];
for (let style = 0; style < 42; style++) {
  const profile = person(`r-${String(style + 1).padStart(4, '0')}`);
  const document = jsonResume(profile, style);
  // Habits of single authors.
  if (style === 5)
    document.basics['profiles'] = {
      GitHub: 'sample-person-x005',
      LinkedIn: 'https://www.linkedin.com/in/sample-person-x005/',
    };
  if (style === 9)
    document.basics['email'] = [
      document.basics['email'] ?? 'sample-person-x009@example.com',
      'sample-person-x009b@example.org',
    ];
  if (style === 11) document.basics = { name: document.basics['name'] };
  if (style === 13)
    for (const section of ['education', 'skills', 'languages', 'interests', 'awards']) document[section] = null;
  if (style === 15)
    document.work = document.work?.map((job) => ({
      ...job,
      startDate: 'some time in the nineties',
      isCurrentRole: true,
    }));
  if (style === 19) document.basics['name'] = { first: profile.firstName, last: profile.lastName };
  if (style === 23) document.basics['phone'] = 5_550_123;
  if (style === 27) document['languages'] = 'English, German';
  if (style === 31) delete document.work;
  const mark = style % 10 === 7 ? '\ufeff' : '';
  const layout = style % 8 === 6 ? `${JSON.stringify(document)}\r\n` : text(document);
  write(`json-resume/${String(style + 1).padStart(2, '0')}.json`, mark + layout);
  if (style % 2 === 0) resumeKeys.push(profile.key);
}

const withBothNames = (profiles: readonly Person[]): string[] =>
  profiles.filter(({ lastName }) => lastName).map(({ key }) => key);
write(
  'projects.json',
  text([
    { key: 'backend-hiring', name: 'Backend hiring', profileKeys: withBothNames(fromNdjson).slice(0, 100) },
    { key: 'prospects', name: 'Prospects', profileKeys: withBothNames(fromCsv).slice(0, 20) },
    { key: 'from-resumes', name: 'Résumés collected at the fair', profileKeys: resumeKeys },
    {
      key: 'one-name',
      name: 'People known by one name',
      profileKeys: fromNdjson.filter(({ lastName }) => !lastName).map(({ key }) => key),
    },
  ]),
);
write('tags.json', text(tags));

const [good, other, third] = [person('b-0001'), person('b-0002'), person('b-0003')];
const row = (profile: Person): string => csvRow(profile).map(csvCell).join(',');
const brokenCsv = [
  csvHeader.join(','),
  row(good),
  'b-short,Too,Few,Cells',
  row({ ...other, key: 'b-email', emails: [{ address: 'not an address', revealed: true }] }),
  `${row({ ...other, key: 'b-long' })},one,too,many`,
  row({ ...other, key: 'b-nameless', firstName: '', lastName: '' }),
  row({
    ...other,
    key: 'b-date',
    workExperience: [{ employer: 'Lumen Orchard', current: false, startDate: 'yesterday', endDate: '2031-13' }],
  }),
  'b-quote,"Never,closed',
  `b-quote-inside,Inner "quote" here${','.repeat(csvHeader.length - 2)}`,
  row(other),
  row({
    ...other,
    key: 'b-yes',
    firstName: '=cmd|evil',
    emails: [{ address: 'sample-broken-1@example.com', revealed: true }],
  }).replace(',yes,', ',perhaps,'),
  row(third),
].join('\r\n');
write(
  'broken/profiles-with-broken-rows.csv',
  Buffer.concat([
    Buffer.from(`${brokenCsv}\r\nb-bytes,Bad `),
    Buffer.from([0xff, 0xfe, 0xe9]),
    Buffer.from(`${','.repeat(csvHeader.length - 2)}\r\n`),
  ]),
);
write(
  'broken/profiles-with-broken-rows.ndjson',
  [
    JSON.stringify(good),
    '{"key":"b-cut","firstName":"Cut',
    JSON.stringify({ ...other, key: 'b-unknown', favouriteColour: 'teal' }),
    JSON.stringify({
      ...other,
      key: 'b-several',
      firstName: null,
      lastName: '  ',
      emails: [{ address: 'nobody' }],
      workExperience: [{ title: 'No employer', startDate: '2020-02-31' }],
    }),
    '',
    'null',
    JSON.stringify({
      ...other,
      key: 'b-ends-first',
      workExperience: [{ employer: 'Fern & Flint', startDate: '2020', endDate: '2011' }],
    }),
    JSON.stringify(other),
    JSON.stringify(third),
    '',
  ].join('\n'),
);
write('broken/truncated.json', text([jsonResume(good, 0), jsonResume(other, 1), jsonResume(third, 2)]).slice(0, -900));

process.stdout.write(
  `Wrote ${fromNdjson.length} profiles as NDJSON, ${fromCsv.length} as CSV and 42 as JSON Resume files to samples/.\n`,
);
