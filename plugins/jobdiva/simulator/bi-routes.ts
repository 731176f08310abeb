import { withUnknownProperties } from '@talentbridge/testkit/simulator';
import type { SimulatedAccount } from './account.js';
import type { SimulatedWorld, SimulatorApp } from './api-routes.js';
import { toEastern } from './eastern-clock.js';
import { badRequest, Refusal } from './refusal.js';

/** A row as BI reads answer it: keys in upper case, every value a text (JobDiva sheet §3, CONFIRMED). */
type BiRow = Readonly<Record<string, string>>;

interface BiQuery {
  readonly Querystring: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** Reporting reads, as far as an export asks (JobDiva sheet §5). */
export function registerBi(app: SimulatorApp, world: SimulatedWorld): void {
  const { deviations } = world;
  const get = (
    method: string,
    title: string,
    read: (account: SimulatedAccount, query: BiQuery['Querystring']) => readonly BiRow[],
  ): void => {
    app.get<BiQuery>(`/apiv2/bi/${method}`, async ({ headers, query }) => {
      const account = world.sessions.accountOf(headers.authorization, deviations.tokenScheme ?? 'both');
      if (account.isDenied(method)) return refused(deviations.biRefusal ?? 'message');
      const rows = read(account, query);
      const data = deviations.headerRows ? withHeader(rows) : rows.map(withUnknownProperties);
      return { message: `Query "${title}" completed successfully`, data };
    });
  };

  get('ResumeSourceList', 'Resume Source List', (account) =>
    account.sources.map(({ id, name }) => ({ ID: String(id), NAME: name, ACTIVE: '1' })),
  );
  get('CandidatesResumesDetail', 'Candidates Resumes Detail', (account, query) =>
    idsOf(query).flatMap((id) =>
      account.resumesOf(id).map((resume) => ({
        RESUMEID: resume.id,
        CANDIDATEID: String(resume.candidateId),
        DATECREATED: toEastern(resume.createdAt),
        DATEUPDATED: toEastern(resume.createdAt),
        DATEFIRSTDOWNLOADED: 'Null',
        DATELASTDOWNLOADED: 'Null',
      })),
    ),
  );
  get('CandidatesDetail', 'Candidates Detail', (account, query) =>
    idsOf(query).flatMap((id) => {
      const candidate = account.candidate(id);
      if (!candidate) return [];
      const phone = (type: string): string => candidate.phones.find((one) => one.type === type)?.phone ?? 'Null';
      return [
        {
          ID: String(candidate.id),
          FIRSTNAME: candidate.firstName,
          LASTNAME: candidate.lastName,
          EMAIL: candidate.email,
          ALTERNATEEMAIL: candidate.alternateemail || 'Null',
          ADDRESS1: candidate.address1,
          ADDRESS2: candidate.address2 || 'Null',
          CITY: candidate.city,
          STATE: candidate.state,
          ZIPCODE: candidate.zipCode,
          COUNTRY: candidate.countryid,
          WORKPHONE: phone('W'),
          HOMEPHONE: phone('H'),
          CELLPHONE: phone('C'),
          DATEUPDATED: toEastern(candidate.updatedAt),
          RESUMECOUNT: String(account.resumesOf(id).length),
        },
      ];
    }),
  );
  // Exists, and says nothing (JobDiva sheet §4, CONFIRMED).
  get('ApiLimits', 'Api Limits', () => []);
}

/** Three ways of saying no were reported (JobDiva sheet §8). */
function refused(shape: 'message' | 'status' | 'emptyList'): unknown {
  if (shape === 'status') throw new Refusal(403, 'Forbidden');
  if (shape === 'emptyList') return [];
  return { message: 'Error: You are not allowed to query this BIData metric.' };
}

/** `?candidateIds=1&candidateIds=2`, at most 100 (JobDiva sheet §3, CONFIRMED). */
function idsOf({ candidateIds }: BiQuery['Querystring']): readonly number[] {
  if (candidateIds === undefined) throw badRequest('candidateIds parameter is missing');
  const ids = typeof candidateIds === 'string' ? [candidateIds] : candidateIds;
  if (ids.length > 100) throw badRequest('candidateIds parameter has too many values');
  return ids.map((id) => {
    if (!/^\d{1,15}$/.test(id)) throw badRequest('candidateIds parameter is of the wrong type');
    return Number(id);
  });
}

function withHeader(rows: readonly BiRow[]): readonly (readonly string[])[] {
  const [first] = rows;
  if (!first) return [];
  const header = Object.keys(first);
  return [header, ...rows.map((row) => header.map((name) => row[name] ?? ''))];
}
