import type { SimulatedAccount } from './account.js';
import { type AddBiRead, type BiRow, idsIn, one } from './bi-read.js';
import { applicationRow, candidateColumns, jobColumns, orNull } from './bi-rows.js';
import { toEastern } from './eastern-clock.js';
import { applicationsTo, jobTouchedAt } from './mirror-data.js';
import type { SimulatedCandidate } from './records.js';
import { RECRUITERS } from './tenant.js';

/** Reads by ids, and lists of the account (JobDiva sheet §5). */
export function registerDetails(get: AddBiRead): void {
  get('ResumeSourceList', 'Resume Source List', (account) =>
    account.sources.map(({ id, name }) => ({ ID: String(id), NAME: name, ACTIVE: '1' })),
  );
  get('CandidatesDetail', 'Candidates Detail', (account, query) =>
    idsIn(query, 'candidateIds').flatMap((id) => {
      const candidate = shown(account, id);
      if (!candidate) return [];
      return [
        {
          ID: String(id),
          ...candidateColumns(candidate, query),
          COUNTRY: candidate.countryid,
          DATEUPDATED: toEastern(candidate.updatedAt),
          RESUMECOUNT: String(account.people.resumesOf(id).length),
        },
      ];
    }),
  );
  get('CandidatesResumesDetail', 'Candidates Resumes Detail', (account, query) =>
    idsIn(query, 'candidateIds').flatMap((id) => (shown(account, id) ? resumeRows(account, id) : [])),
  );
  get('ResumeDetail', 'Resume Detail', (account, query) => {
    const id = one(query, 'resumeId');
    const candidateId = Number(id.split('_')[0]);
    const resume = account.people.resumesOf(candidateId).find((each) => each.id === id);
    if (!resume || !shown(account, candidateId)) return [];
    const file = account.people.fileOf(id) ?? Buffer.from(resume.text);
    return [{ FILENAME: resume.filename, FILECONTENT_BASE64ENCODED: file.toString('base64'), PLAINTEXT: resume.text }];
  });
  get('CandidateEducationDetail', 'Candidate Education Detail', (account, query) => {
    const id = Number(one(query, 'employeeId'));
    return (shown(account, id)?.educations ?? []).map(({ school, degree, major, year }) => ({
      CANDIDATEID: String(id),
      SCHOOL: orNull(school),
      MAJOR: orNull(major),
      DEGREE: orNull(degree),
      YEAR: orNull(year?.toString()),
    }));
  });
  get('CandidateExperienceDetail', 'Candidate Experience Detail', (account, query) => {
    const id = Number(one(query, 'employeeId'));
    return (shown(account, id)?.titles ?? []).map(({ titleskillcertification, startDate }) => ({
      CANDIDATEID: String(id),
      DETAILS: orNull(titleskillcertification),
      DATE: orNull(startDate),
    }));
  });
  get('JobsDetail', 'Jobs Detail', (account, query) =>
    idsIn(query, 'jobIds').flatMap((id) => {
      const job = account.jobs.find((each) => each.id === id);
      if (!job) return [];
      const dates = {
        DATEISSUED: toEastern(job.createdAt ?? jobTouchedAt(job)),
        DATEUPDATED: toEastern(jobTouchedAt(job)),
      };
      return [
        { ID: String(id), JOBTITLE: job.title, ...jobColumns(job), ...dates, JOBDESCRIPTION: '<p>See title.</p>' },
      ];
    }),
  );
  get('JobsUsersDetail', 'Jobs Users Detail', (account, query) =>
    idsIn(query, 'jobIds').flatMap((id) => {
      const recruiterId = account.jobs.find((each) => each.id === id)?.recruiterId;
      const users = RECRUITERS.filter(
        (user, index) => user.id === recruiterId || (recruiterId !== undefined && index === 0),
      );
      return users.map((user) => ({
        JOBID: String(id),
        USERID: String(user.id),
        FIRSTNAME: user.firstName,
        LASTNAME: user.lastName,
        RECRUITER: '1',
        PRIMARYRECRUITER: user.id === recruiterId ? '1' : '0',
        SALES: '0',
        PRIMARYSALES: '0',
      }));
    }),
  );
  get('JobApplicantsDetail', 'Job Applicants Detail', (account, query) =>
    applicationsTo(account, Number(one(query, 'jobId'))).map((application) => applicationRow(account, application)),
  );
}

function resumeRows(account: SimulatedAccount, id: number): readonly BiRow[] {
  return account.people.resumesOf(id).map((resume) => ({
    RESUMEID: resume.id,
    CANDIDATEID: String(resume.candidateId),
    DATECREATED: toEastern(resume.createdAt),
    DATEUPDATED: toEastern(resume.createdAt),
    DATEFIRSTDOWNLOADED: 'Null',
    DATELASTDOWNLOADED: 'Null',
  }));
}

/** Inactive candidates are kept back (JobDiva sheet §10). */
function shown(account: SimulatedAccount, id: number): SimulatedCandidate | undefined {
  const candidate = account.people.find(id);
  return candidate?.active ? candidate : undefined;
}
