import { type AddBiRead, type BiQuery, type BiRow, one, ReportFailure } from './bi-read.js';
import { activityRow, applicationRow, applicationTouchedAt, candidateColumns, jobRow } from './bi-rows.js';
import type { Deviations } from './deviations.js';
import { fromEastern, toEastern } from './eastern-clock.js';
import { applicationsIn, candidatesIn, type Instants, jobTouchedAt, submittalsIn } from './mirror-data.js';
import { badRequest } from './refusal.js';

const HOUR_MS = 3_600_000;
const LONGEST_MS = 14 * 24 * HOUR_MS;

/** A filter by wall clock, as a database compares dates without a zone; and what it may mean. */
interface WallClockFilter extends Instants {
  holds(epochMs: number): boolean;
}

/** Lists of what changed within a time, at most 14 days (JobDiva sheet §3 and §5). */
export function registerFeeds(get: AddBiRead, deviations: Deviations): void {
  get('NewUpdatedCandidateRecords', 'New/Updated Candidate Records', function* (account, query) {
    const filter = filterIn(query, 'New/Updated Candidate Records');
    for (const candidate of candidatesIn(account, filter)) {
      if (!filter.holds(candidate.updatedAt)) continue;
      const id = { CANDIDATEID: String(candidate.id) };
      if (deviations.feedHasIdsAlone) yield id;
      else
        yield {
          ...id,
          ...candidateColumns(candidate, query),
          DATECREATED: toEastern(candidate.createdAt),
          DATEUPDATED: toEastern(candidate.updatedAt),
          DATEPROFILEUPDATED: toEastern(candidate.updatedAt),
        };
    }
  });
  get('NewUpdatedJobRecords', 'New/Updated Job Records', (account, query) => {
    const filter = filterIn(query, 'New/Updated Job Records');
    return account.jobs.filter((job) => filter.holds(jobTouchedAt(job))).map(jobRow);
  });
  get('CandidateApplicationRecords', 'Candidate Application Records', (account, query) => {
    const filter = filterIn(query, 'Candidate Application Records');
    const found = [...applicationsIn(account, filter)].filter((each) => filter.holds(applicationTouchedAt(each)));
    const size = wholeNumber(query, 'pageSize', 500);
    const page = deviations.withoutPages ? 1 : wholeNumber(query, 'pageNumber', 1);
    return found.slice((page - 1) * size, page * size).map((each) => applicationRow(account, each));
  });
  for (const [method, title] of [
    ['SubmittalInterviewHireActivitiesList', 'Submittal/Interview/Hire Activities List'],
    ['NewUpdatedSubmittalInterviewHireActivityRecords', 'New/Updated Submittal/Interview/Hire Activity Records'],
  ] as const) {
    get(method, title, function* (account, query) {
      const filter = filterIn(query, title);
      for (const submittal of submittalsIn(account, filter)) {
        if (filter.holds(submittal.touchedAt)) yield activityRow(account, submittal);
      }
    });
  }
  for (const [method, title, kind, isMerge] of [
    ['DeletedCandidateRecords', 'Deleted Candidate Records', 'candidate', false],
    ['DeletedJobRecords', 'Deleted Job Records', 'job', false],
    ['MergedCandidates', 'Merged Candidates', 'candidate', true],
    ['MergedJobs', 'Merged Jobs', 'job', true],
  ] as const) {
    get(method, title, (account, query) => {
      const filter = filterIn(query, title);
      const column = kind === 'candidate' ? 'CANDIDATEID' : 'JOBID';
      return account.removals
        .filter((one) => one.kind === kind && (one.mergedInto !== undefined) === isMerge && filter.holds(one.at))
        .map(({ id, at, mergedInto }): BiRow => {
          if (mergedInto === undefined) return { [column]: String(id), DATEDELETED: toEastern(at) };
          return { [column]: String(id), [`MERGEDTO${column}`]: String(mergedInto), DATEMERGED: toEastern(at) };
        });
    });
  }
}

/** @throws Refusal with status 400 @throws ReportFailure for more than 14 days */
function filterIn(query: BiQuery, title: string): WallClockFilter {
  const from = wallClock(query, 'fromDate');
  // Midnight at the end means the whole of that day (JobDiva sheet §3, unverified).
  const to = wallClock(query, 'toDate').replace('T00:00:00', 'T23:59:59');
  if (Date.parse(`${to}Z`) - Date.parse(`${from}Z`) > LONGEST_MS) {
    throw new ReportFailure(`Error: Date range more than 14 days, metric name = ${title}`);
  }
  return {
    from: (fromEastern(from) ?? 0) - HOUR_MS,
    to: (fromEastern(to) ?? 0) + 2 * HOUR_MS,
    holds(epochMs) {
      const wall = toEastern(epochMs);
      return wall >= from && wall <= to;
    },
  };
}

/** `11/22/2026 00:00:01`, as a text that sorts. */
function wallClock(query: BiQuery, name: string): string {
  const [, month, day, year, time] = /^(\d\d)\/(\d\d)\/(\d{4}) (\d\d:\d\d:\d\d)$/.exec(one(query, name)) ?? [];
  if (year === undefined) throw badRequest(`${name} parameter is of the wrong type`);
  return `${year}-${month}-${day}T${time}`;
}

function wholeNumber(query: BiQuery, name: string, otherwise: number): number {
  const value = query[name];
  if (value === undefined) return otherwise;
  if (typeof value !== 'string' || !/^[1-9]\d{0,5}$/.test(value))
    throw badRequest(`${name} parameter is of the wrong type`);
  return Number(value);
}
