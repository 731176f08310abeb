import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collectGarbage } from '../../../../test/support/collect-garbage.ts';
import { ImportFileError } from '../../src/directory/import/import-file-error.js';
import type { RefusedRow } from '../../src/directory/import/import-row.js';
import { readImport } from '../../src/directory/import/read-import.js';
import { refusedRowsCsv } from '../../src/directory/import/refused-rows-csv.js';
import { pieces, rowsOf, sample } from './rows-of.js';

describe('DIR-1: CSV', () => {
  it('RED-6: reads coordinates, and refuses degrees that are none', async () => {
    const file = 'name,city,latitude,longitude\nAda Example,Porto,41.15,-8.61\nEve Example,Porto,41.15,west';
    const { profiles, rows } = await rowsOf('CSV', file);
    expect(profiles[0]?.location).toEqual({ city: 'Porto', coordinates: { latitude: 41.15, longitude: -8.61 } });
    expect(JSON.stringify(rows[1])).toContain('longitude');
  });

  it('reads numbered and repeated columns by name, in any order and spelling', async () => {
    const { profiles, refused } = await rowsOf(
      'CSV',
      [
        'Last Name;FIRST_NAME;key;Email;Email Revealed;email;email-revealed;phone2;phone1;phone1Type;employer1;title1;startDate1;endDate1;tags',
        'Example;"Ada ""the"" First";p-1;a@example.com;yes;b@example.org;no;+12125550142;+442079460123;Office;"Fern; Flint";Lead;Jan 2019;present;Golang|Backend',
      ].join('\n'),
    );
    expect(refused).toEqual([]);
    expect(profiles).toMatchObject([
      {
        key: 'p-1',
        firstName: 'Ada "the" First',
        lastName: 'Example',
        emails: [
          { address: 'a@example.com', revealed: true },
          { address: 'b@example.org', revealed: false },
        ],
        phones: [{ number: '+442079460123', type: 'work' }, { number: '+12125550142' }],
        workExperience: [{ employer: 'Fern; Flint', title: 'Lead', startDate: '2019-01', current: true }],
        tags: ['Golang', 'Backend'],
      },
    ]);
  });

  it('keeps cells that look like formulas as text', async () => {
    const { profiles } = await rowsOf('CSV', 'name,headline\nAda Example,"=HYPERLINK(""https://example.com"",""x"")"');
    expect(profiles[0]?.headline).toBe('=HYPERLINK("https://example.com","x")');
  });

  it('takes a byte order mark, UTF-16, tabs, a declared delimiter, old line ends and blank lines', async () => {
    const table = (delimiter: string, end: string) =>
      ['name', 'Zoé Example', ''].map((name) => `${name}${delimiter}`).join(end);
    const files = [
      `\ufeff${table(',', '\r\n')}`,
      Buffer.from(`\ufeff${table('\t', '\n')}`, 'utf16le'),
      table(';', '\r'),
      `sep=|\r\n${table('|', '\r\n')}`,
    ];
    for (const file of files) {
      expect((await rowsOf('CSV', file)).rows).toMatchObject([
        { ok: true, profile: { firstName: 'Zoé', lastName: 'Example' } },
      ]);
    }
  });

  it('refuses the sample’s broken rows by line with every reason, and reads the good ones', async () => {
    const { profiles, refused } = await rowsOf('CSV', sample('broken/profiles-with-broken-rows.csv'));
    expect(profiles.map(({ key }) => key)).toEqual(['b-0001', 'b-0002', 'b-0003']);
    expect(refused.map(({ line, keyHint, reasons }) => [line, keyHint, ...reasons.map(({ path }) => path)])).toEqual([
      [3, 'b-short', undefined],
      [4, 'b-email', 'email1'],
      [6, 'b-long', undefined],
      [8, 'b-nameless', 'firstName'],
      [10, 'b-date', 'startDate1', 'endDate1'],
      [12, undefined, undefined],
      [13, undefined, undefined],
      [16, 'b-yes', 'email1Revealed'],
      [20, undefined, undefined],
    ]);
  });

  it('refuses a file without a usable header as a whole', async () => {
    for (const file of [
      '',
      '\n\n',
      'p-1,Ada,Example\n',
      'key,headline\n1,2',
      'name,name\nAda,Example',
      'na"me,x"y\nAda,b',
    ]) {
      await expect(rowsOf('CSV', file)).rejects.toThrow(ImportFileError);
    }
  });

  it('says which columns nobody reads', async () => {
    const ignored: string[] = [];
    await rowsOf('CSV', 'name,Shoe size\nAda Example,38', { onIgnoredColumns: (names) => ignored.push(...names) });
    expect(ignored).toEqual(['Shoe size']);
  });

  it('loses no more than its line to a quotation mark that nothing closes', async () => {
    const lines = [
      'key,name',
      'a,"Ada Example',
      ...Array.from({ length: 2000 }, (_, index) => `k-${index},Ada Example`),
    ];
    const { profiles, refused } = await rowsOf('CSV', lines.join('\n'), { limits: { maxRowBytes: 4096 } });
    expect(refused).toMatchObject([{ line: 2 }]);
    expect(profiles).toHaveLength(2000);
  });

  it('gives up on a file of nothing but unclosed quotation marks before it costs much', async () => {
    const hostile = `key,name\n${'a","\n'.repeat(20_000)}`;
    const { rows, refused } = await rowsOf('CSV', hostile, { limits: { maxRowBytes: 1024 } });
    expect(rows).toHaveLength(1000);
    expect(refused.at(-1)?.reasons[0]?.message).toContain('nothing was read');
  });
});

describe('DIR-1: NDJSON of profiles', () => {
  it('refuses the sample’s broken rows by line with every reason, and reads the good ones', async () => {
    const { profiles, refused } = await rowsOf('NDJSON', sample('broken/profiles-with-broken-rows.ndjson'));
    expect(profiles.map(({ key }) => key)).toEqual(['b-0001', 'b-0002', 'b-0003']);
    expect(refused.map(({ line }) => line)).toEqual([2, 3, 4, 6, 7]);
    expect(refused[2]?.reasons.map(({ path }) => path)).toEqual([
      'emails[0].address',
      'workExperience[0].employer',
      'workExperience[0].startDate',
      'firstName',
    ]);
  });

  it('goes on after a broken first line', async () => {
    const { read, refused } = await rowsOf(
      'NDJSON',
      '{"key":"a","firstName":"Cut\n{"key":"b","firstName":"Ada"}\n{"key":"c","firstName":"Bea"}\n',
    );
    expect(refused.map(({ line }) => line)).toEqual([1]);
    expect(read.map(({ line, profile }) => [line, profile.key])).toEqual([
      [2, 'b'],
      [3, 'c'],
    ]);
  });

  it('refuses rows that are too large or no UTF-8, and reads on', async () => {
    const file = Buffer.concat([
      Buffer.from(`{"key":"a","firstName":"${'x'.repeat(5000)}"}\n{"key":"b","firstName":"`),
      Buffer.from([0xe9, 0x28]),
      Buffer.from('"}\n{"key":"c","firstName":"Ada"}'),
    ]);
    const { profiles, refused } = await rowsOf('NDJSON', file, { limits: { maxRowBytes: 4096 } });
    expect(profiles.map(({ key }) => key)).toEqual(['c']);
    expect(refused.map(({ line, reasons }) => [line, reasons[0]?.message])).toEqual([
      [1, 'is larger than 4 KiB'],
      [2, expect.stringContaining('is not UTF-8 text')],
    ]);
  });

  it('says where it stopped when there are too many rows', async () => {
    const { profiles, refused } = await rowsOf('NDJSON', '{"firstName":"A"}\n{"firstName":"B"}\n{"firstName":"C"}\n', {
      limits: { maxRows: 2 },
    });
    expect(profiles).toHaveLength(2);
    expect(refused).toMatchObject([{ line: 3, reasons: [{ message: expect.stringContaining('more than 2 rows') }] }]);
  });

  it('takes contact data for revealed only where the file or the caller says so', async () => {
    const file =
      '{"key":"a","firstName":"Ada","emails":[{"address":"a@example.com"},{"address":"b@example.com","revealed":false}]}';
    const revealed = async (contactsRevealed?: boolean) =>
      (
        await rowsOf('NDJSON', file, contactsRevealed === undefined ? {} : { contactsRevealed })
      ).profiles[0]?.emails.map((email) => email.revealed);
    expect(await revealed()).toEqual([false, false]);
    expect(await revealed(true)).toEqual([true, false]);
  });

  it('never throws, whatever the bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom('NDJSON' as const, 'JSON_RESUME' as const),
        async (bytes, format) => {
          for await (const row of readImport(format, pieces(bytes))) expect(row.line).toBeGreaterThan(0);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('yields a row or a refusal for every element, wherever the pieces are cut', async () => {
    const document = fc.record({
      key: fc.string({ minLength: 1 }),
      firstName: fc.string({ unit: 'grapheme' }),
      summary: fc.string(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(document, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 60 }),
        fc.boolean(),
        async (documents, size, lines) => {
          const file = lines
            ? documents.map((each) => JSON.stringify(each)).join('\n')
            : JSON.stringify(documents, null, 2);
          const rows = await Array.fromAsync(readImport('NDJSON', pieces(file, size)));
          expect(rows).toHaveLength(documents.length);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('the sample data', () => {
  it('is read whole: over 220 people with distinct keys and addresses, and projects of 100 and 20', async () => {
    const profiles = [
      ...(await rowsOf('NDJSON', sample('profiles.ndjson'))).profiles,
      ...(await rowsOf('CSV', sample('profiles.csv'))).profiles,
    ];
    expect(profiles).toHaveLength(205);
    const keys = new Set(profiles.map(({ key }) => key));
    expect(keys.size).toBe(205);
    const addresses = profiles.flatMap(({ emails }) => emails.map(({ address }) => address));
    expect(new Set(addresses).size).toBe(addresses.length);
    expect(addresses.every((address) => /@(?:mail\.)?example\.(?:com|org|net)$/.test(address))).toBe(true);
    const projects: { profileKeys: string[] }[] = JSON.parse(sample('projects.json').toString());
    expect(projects.map(({ profileKeys }) => profileKeys.length).slice(0, 2)).toEqual([100, 20]);
    expect(projects.slice(0, 2).every(({ profileKeys }) => profileKeys.every((key) => keys.has(key)))).toBe(true);
  });
});

describe('the report of refused rows', () => {
  it('names line, row, field and reason, and starts no formula', async () => {
    const rows: RefusedRow[] = [
      {
        ok: false,
        line: 2,
        keyHint: '=1+1',
        reasons: [{ path: 'email1', message: 'is no email address' }, { message: 'says "no"' }],
      },
      { ok: false, line: 3, keyHint: ' "@cmd', reasons: [{ path: '-x', message: '＝formula\nnext' }] },
    ];
    const report = (await Array.fromAsync(refusedRowsCsv(rows))).join('');
    expect(report).toBe(
      [
        '\ufeff"line","row","field","reason"',
        '"2","\'=1+1","email1","is no email address"',
        '"2","\'=1+1","","says ""no"""',
        '"3","\' ""@cmd","\'-x","\'＝formula next"',
        '',
      ].join('\r\n'),
    );
  });
});

describe('memory', () => {
  const rows = 100_000;

  async function* generated(header: string, row: (index: number) => string): AsyncGenerator<Uint8Array> {
    yield Buffer.from(header);
    for (let start = 0; start < rows; start += 250) {
      yield Buffer.from(Array.from({ length: 250 }, (_, index) => row(start + index)).join(''));
    }
  }

  it.each([
    [
      'CSV' as const,
      'key,name,email,employer,title\n',
      (index: number) => `k-${index},Ada Example ${index},a${index}@example.com,Fern,Lead\n`,
    ],
    [
      'NDJSON' as const,
      '',
      (index: number) =>
        `${JSON.stringify({ key: `k-${index}`, firstName: 'Ada', summary: 'x'.repeat(200), emails: [{ address: `a${index}@example.com` }] })}\n`,
    ],
  ])(
    'stays bounded while %s of 100,000 rows is read',
    async (format, header, row) => {
      let count = 0;
      let most = 0;
      collectGarbage();
      const before = process.memoryUsage();
      for await (const each of readImport(format, generated(header, row))) {
        if (each.ok) count++;
        if (count % 20_000 === 0) {
          collectGarbage();
          const now = process.memoryUsage();
          most = Math.max(most, now.heapUsed + now.arrayBuffers - before.heapUsed - before.arrayBuffers);
        }
      }
      expect(count).toBe(rows);
      // Kept whole, the rows alone would be over 200 MB of objects.
      expect(most).toBeLessThan(120 * 1024 * 1024);
    },
    120_000,
  );
});
