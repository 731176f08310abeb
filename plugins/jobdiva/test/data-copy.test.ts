import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvRecords } from '../src/csv.js';
import { type DataCopyItem, type DataCopyTable, readDataCopy } from '../src/data-copy.js';

async function* piecesOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

async function itemsOf(text: string, table?: DataCopyTable, size = 7): Promise<readonly DataCopyItem[]> {
  const items: DataCopyItem[] = [];
  const options = { candidateUrl: (id: string) => `https://c/${id}`, jobUrl: (id: string) => `https://j/${id}` };
  const chosen = table === undefined ? options : { ...options, table };
  for await (const item of readDataCopy(piecesOf(bytesOf(text), size), chosen)) items.push(item);
  return items;
}

async function valuesOf(text: string, size: number): Promise<readonly (readonly string[])[]> {
  const records: (readonly string[])[] = [];
  for await (const { values } of csvRecords(piecesOf(bytesOf(text), size))) records.push(values);
  return records;
}

function quoted(value: string): string {
  return `"${value.replaceAll('"', '""')}"`;
}

describe('CSV', () => {
  it('RED-3: comes back as it was written, in whatever pieces it arrives', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'é', '👩🏽‍🚀', '=', '\t') });
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        async (rows, size, line) => {
          const text = rows.map((row) => row.map(quoted).join(',') + line).join('');
          expect(await valuesOf(text, size)).toStrictEqual(rows);
        },
      ),
    );
  });

  it('leaves out a byte order mark and empty lines, and counts lines within quotes', async () => {
    const lines: number[] = [];
    const text = '\u{FEFF}a,b\r\n\r\n"x\r\ny",2\n3,4';
    for await (const { line } of csvRecords(piecesOf(bytesOf(text), 3))) lines.push(line);
    expect(lines).toStrictEqual([1, 3, 5]);
    expect((await valuesOf(text, 4))[0]).toStrictEqual(['a', 'b']);
  });

  it('RED-3: refuses a quote that goes on, and reads the next line', async () => {
    const items = await itemsOf('CANDIDATEID,FIRSTNAME\n1,"Ada" x\n2,Bela\n3,"open');
    expect(items.slice(1)).toMatchObject([
      { kind: 'refused', line: 2, reason: expect.stringContaining('closing quote') },
      { kind: 'row', line: 3 },
      { kind: 'refused', line: 4, reason: expect.stringContaining('never closed') },
    ]);
  });

  it('RED-3: is not swallowed whole by a quote that is never closed', async () => {
    const row = `2,${'x'.repeat(99)}\n`;
    const items = await itemsOf(`CANDIDATEID,FIRSTNAME\n1,"open\n${row.repeat(11_000)}`, undefined, 65_536);
    expect(items.filter(({ kind }) => kind === 'refused')).toHaveLength(1);
    expect(items.filter(({ kind }) => kind === 'row').length).toBeGreaterThan(500);
  });
});

describe('the header', () => {
  it('RED-3: is read whatever its capitals, spaces and underscores, and unknown columns are reported', async () => {
    const [columns, row] = await itemsOf('Candidate ID,First_Name,LAST NAME,Shoe size\n19500000000001,Ada,Byron,38\n');
    expect(columns).toStrictEqual({
      kind: 'columns',
      table: 'candidates',
      columns: [
        { header: 'Candidate ID', field: 'CANDIDATEID' },
        { header: 'First_Name', field: 'FIRSTNAME' },
        { header: 'LAST NAME', field: 'LASTNAME' },
        { header: 'Shoe size' },
      ],
    });
    expect(row).toMatchObject({ record: { candidate: { remoteId: '19500000000001', firstName: 'Ada' } } });
  });

  it.each([
    ['ID,EMAIL', 'candidates'],
    ['JOBID,TITLE', 'jobs'],
    ['ID,JOBDIVANO', 'jobs'],
    ['CANDIDATEID,JOBID,DATEAPPLIED', 'applications'],
    ['ACTIVITYID,CANDIDATEID,JOBID', 'submittals'],
    ['CANDIDATEID,FILENAME,DATECREATED,PATH', 'files'],
  ])('RED-3: %s says which table it is', async (header, table) => {
    expect(await itemsOf(`${header}\n`)).toMatchObject([{ kind: 'columns', table }]);
  });

  it.each([
    ['', 'empty'],
    ['Name,Age\nAda,36\n', 'header'],
    ['CANDIDATEID,PATH\n', 'FILENAME'],
  ])('RED-3: without what is needed, the file is none of a copy: %j', async (text, reason) => {
    expect(await itemsOf(text)).toStrictEqual([{ kind: 'unreadable', reason: expect.stringContaining(reason) }]);
  });

  it('takes the first of two columns of the same name', async () => {
    const [columns, row] = await itemsOf('CANDIDATEID,EMAIL,email\n1,a@home.example,b@home.example\n');
    expect(columns).toMatchObject({ columns: [{}, { field: 'EMAIL' }, { header: 'email' }] });
    expect(row).toMatchObject({ record: { candidate: { emails: ['a@home.example'] } } });
  });
});

describe('a row', () => {
  it('RED-3: of a candidate says whether JobDiva deems them active, and when they were updated', async () => {
    const [, row] = await itemsOf(
      'CANDIDATEID,FIRSTNAME,EMAIL,CELLPHONE,DATEUPDATED,ACTIVE\n7,Ada,ada@home.example,+16175550100,2026-09-17T19:30:48,0\n',
    );
    expect(row).toStrictEqual({
      kind: 'row',
      line: 2,
      formulaLike: [],
      record: {
        kind: 'candidate',
        active: false,
        candidate: {
          remoteId: '7',
          firstName: 'Ada',
          emails: ['ada@home.example'],
          phones: [{ number: '+16175550100', type: 'mobile' }],
          socialUrls: [],
          workExperience: [],
          education: [],
          tags: [],
          updatedAt: '2026-09-17T23:30:48.000Z',
          remoteUrl: 'https://c/7',
        },
      },
    });
  });

  it('reads dates in either form', async () => {
    const items = await itemsOf(
      'JOBID,TITLE,DATEUPDATED\n1,Welder,09/17/2026 19:30:48\n2,Welder,9/7/2026\n3,Welder,Null\n',
    );
    expect(items.slice(1)).toMatchObject([
      { record: { job: { updatedAt: '2026-09-17T23:30:48.000Z' } } },
      { record: { job: { updatedAt: '2026-09-07T04:00:00.000Z' } } },
      { record: { job: { remoteId: '3' } } },
    ]);
  });

  it('RED-3: of applications and submittals has the same id, so that a pair is one application', async () => {
    const [, application] = await itemsOf('CANDIDATEID,JOBID,DATEAPPLIED,STATUS\n7,31,2026-09-01T09:00:00,Pending\n');
    const [, submittal] = await itemsOf('ACTIVITYID,CANDIDATEID,JOBID,HIREFLAG,USERFIRSTNAME\n9,7,31,1,Rita\n');
    expect(application).toMatchObject({ record: { application: { remoteId: '7/31', status: 'active' } } });
    expect(submittal).toMatchObject({
      record: { application: { remoteId: '7/31', status: 'hired', recruiter: { name: 'Rita' } } },
    });
  });

  it.each([
    ['an id that is none', 'CANDIDATEID,EMAIL\nabc,a@home.example\n', 'no id', 'CANDIDATEID'],
    ['a date that is none', 'CANDIDATEID,DATEUPDATED\n7,2026-02-31\n', 'no date', 'DATEUPDATED'],
    ['too few values', 'CANDIDATEID,EMAIL\n7\n', '1 values', undefined],
    ['too many values', 'CANDIDATEID,EMAIL\n7,a,b\n', '3 values', undefined],
    ['a job without a title', 'JOBID,TITLE\n7,\n', 'no title', 'TITLE'],
    ['a path that leads out', 'CANDIDATEID,FILENAME,PATH\n7,cv.pdf,../../etc/passwd\n', 'path within', 'PATH'],
    ['a path of another machine', 'CANDIDATEID,FILENAME,PATH\n7,cv.pdf,C:\\cv.pdf\n', 'path within', 'PATH'],
  ])('RED-3: is refused for %s, without repeating it', async (_why, text, reason, header) => {
    const [, item] = await itemsOf(text);
    expect(item).toStrictEqual({
      kind: 'refused',
      line: 2,
      reason: expect.stringContaining(reason),
      ...(header === undefined ? {} : { header }),
    });
    expect(JSON.stringify(item)).not.toMatch(/abc|passwd|a@home/);
  });

  it('RED-3: is refused for text that is not UTF-8', async () => {
    const bytes = Uint8Array.from([...bytesOf('CANDIDATEID,FIRSTNAME\n7,Ren'), 0xe9, 10]);
    const options = { candidateUrl: String, jobUrl: String };
    const items: DataCopyItem[] = [];
    for await (const item of readDataCopy(piecesOf(bytes, 50), options)) items.push(item);
    expect(items[1]).toMatchObject({ kind: 'refused', header: 'FIRSTNAME' });
  });

  it.each([
    ['=HYPERLINK("https://evil.example","x")', true],
    ['@SUM(A1)', true],
    ['+cmd|calc', true],
    ['-2+3+cmd', true],
    [' =1', true],
    ['+1 (617) 555-0100', false],
    ['-', false],
    ['Ada = Byron', false],
  ])('RED-3: keeps %j as text, and says whether a spreadsheet would calculate it', async (value, isFormula) => {
    const [, row] = await itemsOf(`CANDIDATEID,LASTNAME\n7,${quoted(value)}\n`);
    expect(row).toMatchObject({
      formulaLike: isFormula ? ['LASTNAME'] : [],
      record: { candidate: { lastName: value.trim() } },
    });
  });

  it('RED-3: is read one by one out of a file that is larger than what is held', async () => {
    const row = bytesOf(`7,${'x'.repeat(1000)}\n`);
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield bytesOf('CANDIDATEID,LASTNAME\n');
      for (let rows = 0; rows < 20_000; rows += 1) yield row;
    }
    let rows = 0;
    for await (const { kind } of readDataCopy(endless(), { candidateUrl: String, jobUrl: String }))
      rows += kind === 'row' ? 1 : 0;
    expect(rows).toBe(20_000);
  });
});
