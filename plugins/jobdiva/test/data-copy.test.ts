import type { CopyRow, CopyTable } from '@talentbridge/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copyRowsOf, copyTableOf } from '../src/data-copy.js';

const options = { candidateUrl: (id: string) => `https://c/${id}`, jobUrl: (id: string) => `https://j/${id}` };

function tableOf(header: string, filename = 'table.csv'): CopyTable {
  return copyTableOf({ filename, columns: header.split(',') }, options);
}

/** What one row comes to. Values have no commas here: cutting files into cells is the hub's part. */
function rowOf(header: string, row: string, filename = 'table.csv'): CopyRow | undefined {
  const table = tableOf(header, filename);
  if (table.kind !== 'table') throw new Error(table.reason);
  return copyRowsOf({ table: table.name, columns: header.split(','), rows: [row.split(',')] }, options)[0];
}

describe('the header of a data copy', () => {
  it('RED-3: is read whatever its capitals, spaces and underscores, and unknown columns are shown as such', () => {
    expect(tableOf('Candidate ID,First_Name,LAST NAME,Shoe size')).toStrictEqual({
      kind: 'table',
      name: 'candidates',
      label: 'Candidates',
      columns: [
        { header: 'Candidate ID', field: 'CANDIDATEID' },
        { header: 'First_Name', field: 'FIRSTNAME' },
        { header: 'LAST NAME', field: 'LASTNAME' },
        { header: 'Shoe size' },
      ],
    });
  });

  it.each([
    ['ID,EMAIL', 'table.csv', 'candidates'],
    ['JOBID,TITLE', 'table.csv', 'jobs'],
    ['ID,JOBDIVANO', 'table.csv', 'jobs'],
    ['CANDIDATEID,JOBID,DATEAPPLIED', 'table.csv', 'applications'],
    ['ACTIVITYID,CANDIDATEID,JOBID', 'table.csv', 'submittals'],
    ['CANDIDATEID,FILENAME,DATECREATED,PATH', 'Attachments.csv', 'attachments'],
    ['CANDIDATEID,FILENAME,DATECREATED,PATH', 'Resumes (All).csv', 'resumes'],
    ['CANDIDATEID,RESUMEID,FILENAME,PATH', 'files.csv', 'resumes'],
  ])('RED-3: %s of %s says which table it is', (header, filename, name) => {
    expect(tableOf(header, filename)).toMatchObject({ kind: 'table', name });
  });

  it.each([
    ['', 'header'],
    ['Name,Age', 'header'],
    ['CANDIDATEID,PATH', 'FILENAME'],
  ])('RED-3: without what is needed, the file is none of a copy: %j', (header, reason) => {
    expect(tableOf(header)).toStrictEqual({ kind: 'unreadable', reason: expect.stringContaining(reason) });
  });

  it('takes the first of two columns of the same name', () => {
    expect(tableOf('CANDIDATEID,EMAIL,email')).toMatchObject({
      columns: [{}, { field: 'EMAIL' }, { header: 'email' }],
    });
    expect(rowOf('CANDIDATEID,EMAIL,email', '1,a@home.example,b@home.example')).toMatchObject({
      candidate: { emails: ['a@home.example'] },
    });
  });
});

describe('a row of a data copy', () => {
  it('RED-3: of a candidate whom JobDiva deems inactive is a candidate as any other', () => {
    expect(
      rowOf(
        'CANDIDATEID,FIRSTNAME,EMAIL,CELLPHONE,DATEUPDATED,ACTIVE',
        '7,Ada,ada@home.example,+16175550100,2026-09-17T19:30:48,0',
      ),
    ).toStrictEqual({
      kind: 'candidate',
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
    });
  });

  it('reads dates in either form', () => {
    const updatedAt = (text: string) => (rowOf('JOBID,TITLE,DATEUPDATED', `1,Welder,${text}`) as { job: object }).job;
    expect(updatedAt('09/17/2026 19:30:48')).toMatchObject({ updatedAt: '2026-09-17T23:30:48.000Z' });
    expect(updatedAt('9/7/2026')).toMatchObject({ updatedAt: '2026-09-07T04:00:00.000Z' });
    expect(updatedAt('Null')).not.toHaveProperty('updatedAt');
  });

  it('RED-3: of applications and submittals has the same id, so that a pair is one application', () => {
    expect(rowOf('CANDIDATEID,JOBID,DATEAPPLIED,STATUS', '7,31,2026-09-01T09:00:00,Pending')).toMatchObject({
      application: { remoteId: '7/31', status: 'active' },
    });
    expect(rowOf('ACTIVITYID,CANDIDATEID,JOBID,HIREFLAG,USERFIRSTNAME', '9,7,31,1,Rita')).toMatchObject({
      application: { remoteId: '7/31', status: 'hired', recruiter: { name: 'Rita' } },
    });
  });

  it('RED-3: of files has an id that a later copy gives again, wherever the file lies there', () => {
    const header = 'CANDIDATEID,FILENAME,DATECREATED,PATH';
    const one = rowOf(header, '7,cv.pdf,2026-09-01T09:00:00,resumes\\7\\cv.pdf', 'resumes.csv');
    const other = rowOf(header, '7,cv.pdf,09/01/2026 09:00:00,./other/cv.pdf', 'resumes.csv');
    const attachment = {
      remoteId: 'copy/2026-09-01T13:00:00.000Z/cv.pdf',
      filename: 'cv.pdf',
      kind: 'resume',
      updatedAt: '2026-09-01T13:00:00.000Z',
    };
    const file = { candidateRemoteId: '7', attachment };
    expect(one).toStrictEqual({ kind: 'attachment', attachment: { ...file, path: 'resumes/7/cv.pdf' } });
    expect(other).toStrictEqual({ kind: 'attachment', attachment: { ...file, path: 'other/cv.pdf' } });
    expect(rowOf(header, '7,Cover Letter.pdf,,a/b.pdf')).toMatchObject({
      attachment: { attachment: { remoteId: 'copy/a/b.pdf', kind: 'coverLetter' } },
    });
    expect(rowOf(`${header},RESUMEID`, '7,cv.pdf,,a/b.pdf,7_2950_11')).toMatchObject({
      attachment: { attachment: { remoteId: '7_2950_11', kind: 'resume' } },
    });
  });

  it.each([
    ['an id that is none', 'CANDIDATEID,EMAIL', 'abc,a@home.example', 'no id', 'CANDIDATEID'],
    ['a date that is none', 'CANDIDATEID,DATEUPDATED', '7,2026-02-31', 'no date', 'DATEUPDATED'],
    ['a job without a title', 'JOBID,TITLE', '7,', 'no title', 'TITLE'],
    ['a path that leads out', 'CANDIDATEID,FILENAME,PATH', '7,cv.pdf,../../etc/passwd', 'path within', 'PATH'],
    ['a path of the machine', 'CANDIDATEID,FILENAME,PATH', '7,cv.pdf,/etc/passwd', 'path within', 'PATH'],
    ['a path of another machine', 'CANDIDATEID,FILENAME,PATH', '7,cv.pdf,C:\\cv.pdf', 'path within', 'PATH'],
  ])('RED-3: is refused for %s, without repeating it', (_why, header, row, reason, column) => {
    const refused = rowOf(header, row);
    expect(refused).toStrictEqual({ kind: 'refused', reason: expect.stringContaining(reason), header: column });
    expect(JSON.stringify(refused)).not.toMatch(/abc|passwd|a@home/);
  });

  it('RED-3: whatever stands in it, comes to something, and each row to one', () => {
    const headers = [
      'CANDIDATEID,FIRSTNAME,EMAIL,DATEUPDATED',
      'JOBID,TITLE,DATEUPDATED',
      'CANDIDATEID,JOBID,DATEAPPLIED',
      'ACTIVITYID,CANDIDATEID,JOBID,ACTIVITYDATE',
      'CANDIDATEID,FILENAME,DATECREATED,PATH',
    ];
    const cell = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('7', 'Null', '2026-09-17', '=1+1', '../x'));
    fc.assert(
      fc.property(fc.constantFrom(...headers), fc.array(fc.array(cell, { maxLength: 5 })), (header, rows) => {
        const columns = header.split(',');
        const table = tableOf(header);
        if (table.kind !== 'table') throw new Error(table.reason);
        const filled = rows.map((row) => columns.map((_, at) => row[at] ?? ''));
        const answers = copyRowsOf({ table: table.name, columns, rows: filled }, options);
        expect(answers).toHaveLength(rows.length);
        for (const { kind } of answers) expect(kind).toMatch(/candidate|job|application|attachment|refused/);
      }),
    );
  });
});
