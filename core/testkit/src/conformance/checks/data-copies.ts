import type { CopyRow, CopyTable, MirroredCandidate } from '@talentbridge/contracts';
import { expect } from 'vitest';
import { HOSTILE_STRINGS } from '../../builders/hostile-strings.js';
import { listChecks } from '../check.js';
import { CopyWorld } from '../copy-world.js';
import { mirrorOf } from '../mirror.js';

/** Rediscovery: what a plugin makes of the copy of its data that a customer got from the ATS. */
export const dataCopyChecks = listChecks([
  {
    name: 'rediscovery.copy-whole',
    title: 'RED-3: reads every row of a data copy, and finds in it what the ATS holds',
    async run(world) {
      const copying = new CopyWorld(world);
      const kinds = new Set<CopyRow['kind']>();
      const found = mirrorOf([]);
      for (const table of await copying.tables()) {
        const rows = await copying.read(table, table.rows);
        for (const row of rows) kinds.add(row.kind);
        expect(
          rows.filter(({ kind }) => kind === 'refused'),
          `refused rows of ${table.filename}`,
        ).toEqual([]);
        found.take({
          candidates: rows.flatMap((row) => (row.kind === 'candidate' ? [row.candidate] : [])),
          jobs: rows.flatMap((row) => (row.kind === 'job' ? [row.job] : [])),
          applications: rows.flatMap((row) => (row.kind === 'application' ? [row.application] : [])),
          gone: [],
        });
        for (const row of rows) if (row.kind === 'attachment') expect(copying.paths).toContain(row.attachment.path);
      }
      const { vendor } = copying;
      const people = [...found.candidates.values()].map(nameOf);
      expect(people).toEqual(expect.arrayContaining(vendor.candidates().map(nameOf)));
      const jobs = vendor.jobs().map(({ remoteId }) => remoteId);
      if (kinds.has('job')) expect([...found.jobs.keys()]).toEqual(expect.arrayContaining(jobs));
      const applications = vendor.applications().map(({ remoteId }) => remoteId);
      if (kinds.has('application')) {
        expect([...found.applications.keys()]).toEqual(expect.arrayContaining(applications));
      }
    },
  },
  {
    name: 'rediscovery.copy-by-row',
    title: 'RED-3: reads a row by itself as it reads it among others, in whatever process, and asks nobody',
    async run(world) {
      const copying = new CopyWorld(world);
      const tables = await copying.tables();
      const { simulator } = world.account;
      const asked = simulator.requests.all().length;
      for (const table of tables) {
        const together = await copying.read(table, table.rows);
        // It knows nothing of the header that another one read.
        const later = copying.through(await world.connect());
        const alone: CopyRow[] = [];
        for (const row of table.rows.toReversed()) alone.unshift(...(await later.read(table, [row])));
        expect(alone, table.filename).toEqual(together);
      }
      expect(simulator.requests.all(), 'requests to the ATS').toHaveLength(asked);
    },
  },
  {
    name: 'rediscovery.copy-header',
    title: 'RED-3: says of every column what it is read as, and of a file of somebody else that it is unreadable',
    async run(world) {
      const copying = new CopyWorld(world);
      const hostile = HOSTILE_STRINGS.map(({ text }) => text.toWellFormed());
      const known = (await copying.tables()).map(({ columns }) => columns);
      const strange = [[], [''], ['', ''], ['a', 'a'], hostile, ['__proto__', 'constructor', 'toString'], MANY];
      for (const columns of [...strange, ...known.flatMap((each) => variantsOf(each, hostile))]) {
        for (const filename of ['table.csv', '', ...hostile]) {
          expectWhole(await copying.header({ filename, columns }), columns);
        }
      }
      for (const columns of strange.slice(0, 3)) {
        expect(await copying.header({ filename: 'table.csv', columns })).toMatchObject({ kind: 'unreadable' });
      }
    },
  },
  {
    name: 'rediscovery.copy-odd-cells',
    title: 'RED-3: answers an odd row with what can be read of it, or with a reason that does not repeat its value',
    async run(world) {
      const copying = new CopyWorld(world);
      for (const table of await copying.tables()) {
        const { columns, rows: [good = []] = [] } = table;
        const empty = columns.map(() => '');
        for (const odd of ODD) {
          const rows = [...columns.map((_, at) => good.with(at, odd)), columns.map(() => odd), empty];
          for (const row of await copying.read(table, rows)) expectUsable(row, columns, odd);
        }
      }
    },
  },
  {
    name: 'rediscovery.copy-paths',
    title: 'RED-3: is led out of the copy by no path in it',
    async run(world) {
      const copying = new CopyWorld(world);
      for (const table of await copying.tables()) {
        const { columns, rows: [good = []] = [] } = table;
        const rows = OUTSIDE.flatMap((path) => columns.map((_, at) => good.with(at, path)));
        for (const row of await copying.read(table, rows)) {
          if (row.kind !== 'attachment') continue;
          const { path, attachment } = row.attachment;
          expect(path.split('/'), 'a path within the copy').not.toEqual(
            expect.arrayContaining([expect.stringMatching(/^\.{0,2}$|\\|^[A-Za-z]:/)]),
          );
          expect(attachment.filename, 'a name without a folder').not.toMatch(/[/\\]/);
        }
      }
    },
  },
]);

const MANY = Array.from({ length: 2000 }, (_, at) => `column ${at}`);

/** What a cell can hold that no copy should have. Long ones are told from the words of a reason. */
const ODD: readonly string[] = [
  ...HOSTILE_STRINGS.map(({ text }) => text.toWellFormed()),
  ...['', ' ', '-1', '0', '1e9', 'Null', 'NaN', '[object Object]', '[]', '{}', '9'.repeat(40), '0000-00-00'],
  ...['2031-13-45T25:61:00', '77/31/2031', 'quimby7731@home.example', '+4942177317731', 'Quimby-Zq7731', '﻿quimby'],
];

const OUTSIDE: readonly string[] = [
  ...['..', '.', '../x.pdf', '../../x.pdf', 'a/../../x.pdf', './../x.pdf', 'a/./../../x.pdf', 'a/..', 'a//x.pdf'],
  ...['/etc/passwd', '//server/share/x.pdf', 'C:\\x.pdf', 'c:x.pdf', 'C:/x.pdf', '..\\x.pdf', 'a\\..\\..\\x.pdf'],
  ...['\\\\server\\share\\x.pdf', '\\x.pdf', ' ../x.pdf', '../x.pdf ', 'file:///etc/passwd', 'a/', '/'],
];

function nameOf({ remoteId, firstName = '', lastName = '', emails }: MirroredCandidate) {
  return { remoteId, firstName, lastName, emails: emails.toSorted() };
}

/** A header as customers make them: in another order, twice, cut off, and with columns of their own. */
function variantsOf(columns: readonly string[], hostile: readonly string[]): readonly (readonly string[])[] {
  return [
    columns.toReversed(),
    [...columns, ...columns],
    columns.slice(1),
    columns.slice(0, 1),
    [...columns, ...hostile, '__proto__'],
    columns.map((column) => ` ${column} `),
  ];
}

function expectWhole(table: CopyTable, columns: readonly string[]): void {
  if (table.kind === 'unreadable') expect(table.reason.trim(), 'why it is unreadable').not.toBe('');
  else {
    expect(
      table.columns.map(({ header }) => header),
      'one column for each of the header',
    ).toEqual(columns);
    expect([table.name, table.label].map((text) => text.trim())).not.toContain('');
  }
}

function expectUsable(row: CopyRow, columns: readonly string[], odd: string): void {
  switch (row.kind) {
    case 'refused':
      expect(row.reason.trim(), 'why it is refused').not.toBe('');
      // Shorter ones are parts of ordinary words.
      if (odd.trim().length >= 6) expect(row.reason.includes(odd.trim()), 'the reason repeats the value').toBe(false);
      if (row.header !== undefined) expect(columns).toContain(row.header);
      return;
    case 'attachment':
      expect(row.attachment.candidateRemoteId).not.toBe('');
      expect(row.attachment.attachment.remoteId).not.toBe('');
      return;
    case 'application':
      expect([row.application.remoteId, row.application.candidateRemoteId, row.application.jobRemoteId]).not.toContain(
        '',
      );
      return;
    default:
      expect(row.kind === 'job' ? row.job.remoteId : row.candidate.remoteId, `the id of a ${row.kind}`).not.toBe('');
  }
}
