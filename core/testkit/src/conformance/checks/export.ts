import type { CandidateRecord, ExportFieldName } from '@talentbridge/contracts';
import { expect } from 'vitest';
import { candidateRecord } from '../../builders/candidate-record.js';
import { resumeFile } from '../../builders/export-request.js';
import { HOSTILE_STRINGS } from '../../builders/hostile-strings.js';
import { listChecks, NotConcerned } from '../check.js';
import { comparableRecord } from '../comparable-record.js';
import { ExportWorld, failureWithin, rejectionOf } from '../export-world.js';

/** Export: one candidate, when the vendor works as it should. */
export const exportChecks = listChecks([
  {
    name: 'export.prospect',
    title: 'EXP-2: sends a candidate as a prospect, with everything that the fields declare',
    async run(world) {
      const exporting = new ExportWorld(world);
      if (!exporting.hasProspects) throw new NotConcerned('The ATS has no prospects.');
      const request = exporting.request({ target: { kind: 'prospect' } });
      const receipt = await exporting.exporter.exportCandidate(exporting.connection.ctx, request);
      const stored = exporting.stored(receipt.remoteId);
      expect(comparableRecord(stored.record, exporting.exporter)).toEqual(
        comparableRecord(request.candidate, exporting.exporter),
      );
      expect(stored.jobRemoteIds).toEqual([]);
      expect(receipt).toMatchObject({ outcome: 'CREATED', warnings: [] });
      expect(exporting.vendor.creationsFor(request)).toBe(1);
    },
  },
  {
    name: 'export.job',
    title: 'EXP-2: attaches the candidate to the job that was chosen, once',
    async run(world) {
      const exporting = new ExportWorld(world);
      exporting.jobTarget();
      exporting.vendor.replaceJobs(3);
      const [, jobRemoteId = ''] = exporting.vendor.openJobIds();
      const request = exporting.request({ target: { kind: 'job', jobRemoteId } });
      const receipt = await exporting.exporter.exportCandidate(exporting.connection.ctx, request);
      const stored = exporting.stored(receipt.remoteId);
      expect(stored.jobRemoteIds).toEqual([jobRemoteId]);
      expect(comparableRecord(stored.record, exporting.exporter)).toEqual(
        comparableRecord(request.candidate, exporting.exporter),
      );
    },
  },
  {
    name: 'export.closed-job',
    title: 'EXP-6: says that a closed job takes no candidates',
    async run(world) {
      const exporting = new ExportWorld(world);
      exporting.jobTarget();
      const { closedJobId } = exporting.vendor;
      if (closedJobId === undefined) throw new NotConcerned('The ATS has no closed jobs.');
      await expectJobRefused(exporting, closedJobId);
    },
  },
  {
    name: 'export.unknown-job',
    title: 'EXP-6: says that a job is gone when the vendor does not know it',
    async run(world) {
      const exporting = new ExportWorld(world);
      const target = exporting.jobTarget();
      // Of the form that the vendor's ids have.
      const gone = target.kind === 'job' ? target.jobRemoteId : '';
      exporting.vendor.replaceJobs(0);
      await expectJobRefused(exporting, gone);
    },
  },
  {
    name: 'export.resume',
    title: 'EXP-7: sends the résumé once',
    async run(world) {
      const exporting = new ExportWorld(world);
      if (!exporting.takesResumes) throw new NotConcerned('No résumé is sent.');
      const request = exporting.request({ resume: resumeFile('Zoë "Bo" résumé.pdf') });
      const receipt = await exporting.exporter.exportCandidate(exporting.connection.ctx, request);
      expect(receipt.warnings).toEqual([]);
      expect(exporting.stored(receipt.remoteId).resumes).toBe(1);
    },
  },
  {
    name: 'export.resume-refused',
    title: 'EXP-7: warns of a résumé that is refused, and keeps the candidate',
    async run(world) {
      const exporting = new ExportWorld(world);
      exporting.fault(exporting.laterStep('uploadResume'), { kind: 'status', status: 422 });
      const request = exporting.request({ resume: resumeFile() });
      const receipt = await exporting.exporter.exportCandidate(exporting.connection.ctx, request);
      expect(receipt.warnings.map(({ field }) => field)).toEqual(['resume']);
      expect(exporting.stored(receipt.remoteId).resumes).toBe(0);
    },
  },
  {
    name: 'export.limits',
    title: 'EXP-11: gets everything across that the declared limits allow',
    async run(world) {
      const exporting = new ExportWorld(world);
      const request = exporting.request({ candidate: abundantRecord() });
      const receipt = await exporting.exporter.exportCandidate(exporting.connection.ctx, request);
      expect(comparableRecord(exporting.stored(receipt.remoteId).record, exporting.exporter)).toEqual(
        comparableRecord(request.candidate, exporting.exporter),
      );
    },
  },
  {
    name: 'export.required',
    title: 'EXP-11: needs the fields that it declares as required, and no other',
    async run(world) {
      const exporting = new ExportWorld(world);
      for (const { name, required = false } of exporting.exporter.fields) {
        const without = WITHOUT[name];
        if (!without) continue;
        const full = exporting.request();
        const request = { ...full, candidate: { ...full.candidate, ...without } };
        const call = exporting.exporter.exportCandidate(exporting.connection.ctx, request);
        if (required) {
          const error = await rejectionOf(call);
          expect(error, `${name} is declared as required`).toMatchObject({ code: 'CANDIDATE_REJECTED' });
        } else {
          const receipt = await call;
          expect(comparableRecord(exporting.stored(receipt.remoteId).record, exporting.exporter)).toEqual(
            comparableRecord(request.candidate, exporting.exporter),
          );
        }
      }
    },
  },
  {
    name: 'export.tags',
    title: 'EXP-8: lists the tags of the vendor, and sends one of them',
    async run(world) {
      const exporting = new ExportWorld(world);
      const { exporter, connection, vendor } = exporting;
      if (!exporter.listTags) throw new NotConcerned('The ATS takes any tag, or none.');
      const { tags = [] } = vendor;
      expect((await exporter.listTags(connection.ctx)).toSorted()).toEqual(tags.toSorted());
      const request = exporting.request({ candidate: { tags: tags.slice(0, 1) } });
      const receipt = await exporter.exportCandidate(connection.ctx, request);
      expect(comparableRecord(exporting.stored(receipt.remoteId).record, exporter)).toMatchObject({
        tags: comparableRecord(request.candidate, exporter)['tags'],
      });
    },
  },
  {
    name: 'export.source',
    title: 'CON-5: finds its source in a vendor that is set up',
    async run({ connection }) {
      const { exporter, ctx } = connection;
      if (!exporter.checkSource) throw new NotConcerned('The ATS takes any source.');
      expect(await exporter.checkSource(ctx)).toMatchObject({ present: true });
    },
  },
  {
    name: 'export.contact',
    title: 'RSC-4: adds addresses and numbers to a candidate that is there, takes nothing away, and does no harm twice',
    async run(world) {
      const exporting = new ExportWorld(world);
      const { exporter, connection } = exporting;
      if (!exporter.addContact) throw new NotConcerned('The ATS cannot be asked to.');
      // Where there is one place, somebody may be in it or not.
      for (const there of [{}, { phones: [] }]) {
        const request = exporting.request({ candidate: there });
        const { candidate } = request;
        const { remoteId } = await exporter.exportCandidate(connection.ctx, request);
        const { firstName, emails, phones } = exporting.request().candidate;
        const addition = { remoteId, firstName, lastName: 'Stays-out', emails, phones };
        const leftOut = {
          emails: emails.slice(exporting.room('emails', candidate.emails.length)),
          phones: phones.slice(exporting.room('phones', candidate.phones.length)).map(({ number }) => number),
        };
        const isFull = leftOut.emails.length === emails.length && leftOut.phones.length === phones.length;
        expect(await exporter.addContact(connection.ctx, addition)).toEqual({
          outcome: isFull ? 'KNOWN' : 'UPDATED',
          leftOut,
        });
        const expected = comparableRecord(
          { ...candidate, emails: [...candidate.emails, ...emails], phones: [...candidate.phones, ...phones] },
          exporter,
        );
        expect(comparableRecord(exporting.stored(remoteId).record, exporter)).toEqual(expected);
        const shouted = (values: readonly string[]): readonly string[] => values.map((value) => value.toUpperCase());
        expect(await exporter.addContact(connection.ctx, { ...addition, emails: shouted(emails) })).toEqual({
          outcome: 'KNOWN',
          leftOut: { ...leftOut, emails: shouted(leftOut.emails) },
        });
        expect(comparableRecord(exporting.stored(remoteId).record, exporter)).toEqual(expected);
      }
    },
  },
  {
    name: 'export.contact-made-up',
    title: 'RSC-4: puts what is known now in the place of what was made up, and of nothing else',
    async run(world) {
      const exporting = new ExportWorld(world);
      const { exporter, connection } = exporting;
      if (!exporter.addContact) throw new NotConcerned('The ATS cannot be asked to.');
      const madeUp = { firstName: 'The Network', lastName: 'member' };
      for (const lastName of [madeUp.lastName, 'Moss']) {
        // Another person each time: an ATS may refuse an address that somebody has.
        const { candidate: told } = exporting.request();
        const request = exporting.request({ candidate: { ...madeUp, lastName } });
        const { remoteId } = await exporter.exportCandidate(connection.ctx, request);
        const { emails } = request.candidate;
        const placeholder = emails[0] === undefined ? {} : { email: emails[0] };
        const { firstName, lastName: known } = told;
        const addition = { remoteId, firstName, lastName: known, emails: told.emails, phones: [] };
        await exporter.addContact(connection.ctx, { ...addition, madeUp: { ...madeUp, ...placeholder } });
        expect(comparableRecord(exporting.stored(remoteId).record, exporter)).toEqual(
          comparableRecord(
            {
              ...request.candidate,
              firstName,
              lastName: lastName === madeUp.lastName ? known : lastName,
              emails: told.emails,
            },
            exporter,
          ),
        );
      }
    },
  },
  {
    name: 'export.contact-gone',
    title: 'RSC-4: says that the candidate is gone to whom something is added',
    async run(world) {
      const exporting = new ExportWorld(world);
      const { exporter, connection } = exporting;
      if (!exporter.addContact) throw new NotConcerned('The ATS cannot be asked to.');
      const { candidate } = exporting.request();
      const error = await rejectionOf(
        exporter.addContact(connection.ctx, { ...candidate, remoteId: 'nobody-has-this-id-xxx' }),
      );
      expect(error).toMatchObject({ code: 'ATS_RECORD_NOT_FOUND' });
    },
  },
  {
    name: 'export.hostile-strings',
    title: 'EXP-12: changes no text on its way, whatever is in it',
    async run(world) {
      const exporting = new ExportWorld(world);
      for (const { name, text } of HOSTILE_STRINGS) {
        if (exporting.vendor.wellFormedTextOnly && !text.isWellFormed()) continue;
        const request = exporting.request({ candidate: recordFullOf(text) });
        const receipt = await exporting.exporter.exportCandidate(exporting.connection.ctx, request);
        expect(comparableRecord(exporting.stored(receipt.remoteId).record, exporting.exporter), name).toEqual(
          comparableRecord(request.candidate, exporting.exporter),
        );
      }
    },
  },
  {
    name: 'export.concurrent',
    title: 'EXP-6: keeps candidates apart that are exported at once',
    async run(world) {
      const exporting = new ExportWorld(world);
      const { exporter, connection, vendor } = exporting;
      const requests = Array.from({ length: Math.max(2, exporter.limits.concurrency ?? 2) }, () =>
        exporting.fullRequest(),
      );
      const receipts = await Promise.all(requests.map((request) => exporter.exportCandidate(connection.ctx, request)));
      for (const [index, request] of requests.entries()) {
        expect(vendor.creationsFor(request)).toBe(1);
        const stored = exporting.stored(receipts[index]?.remoteId ?? '');
        expect(comparableRecord(stored.record, exporter)).toEqual(comparableRecord(request.candidate, exporter));
        expect(stored.jobRemoteIds).toHaveLength(exporting.hasJobs ? 1 : 0);
        expect(stored.resumes).toBe(request.resume ? 1 : 0);
      }
    },
  },
]);

async function expectJobRefused(exporting: ExportWorld, jobRemoteId: string): Promise<void> {
  const request = exporting.request({ target: { kind: 'job', jobRemoteId } });
  const error = await rejectionOf(exporting.exporter.exportCandidate(exporting.connection.ctx, request));
  expect(failureWithin(error)).toMatchObject({ code: 'JOB_NOT_OPEN', recovery: 'skip', jobRemoteId });
}

/** The same candidate without one field, as far as a candidate can be without it. */
const WITHOUT: Partial<Record<ExportFieldName, Partial<CandidateRecord>>> = {
  firstName: { firstName: '' },
  lastName: { lastName: '' },
  address: { address: {} },
  emails: { emails: [] },
  phones: { phones: [] },
  tags: { tags: [] },
  socialUrls: { socialUrls: [] },
  workExperience: { workExperience: [] },
  education: { education: [] },
};

/** More of everything than any vendor declares; texts are long enough to be cut. */
function abundantRecord(): CandidateRecord {
  const { emails, phones, socialUrls } = candidateRecord();
  const long = 'Wolfeschlegelsteinhausenbergerdorff-'.repeat(10).slice(0, 300);
  const years = [2020, 2018, 2016, 2014, 2012, 2010];
  return candidateRecord({
    firstName: long,
    lastName: long,
    emails: [...emails, ...years.map((year) => `${year}.${emails[0]}`)],
    phones: [...phones, ...years.map((year) => ({ number: `+44201234${year}`, type: 'work' as const }))],
    socialUrls: [...socialUrls, { network: 'github', url: `https://github.com/${emails[0]?.replace(/\W/g, '-')}` }],
    workExperience: years.map((year) => ({
      employer: `Employer ${year} ${long}`,
      title: `Title ${long}`,
      startDate: `${year}-02-03`,
      endDate: `${year + 1}-04-05`,
      current: false,
    })),
    education: years.map((year) => ({
      school: `School ${year} ${long}`,
      degree: `Degree ${long}`,
      major: `Major ${long}`,
      graduationDate: `${year}-06-30`,
    })),
  });
}

function recordFullOf(text: string): Partial<CandidateRecord> {
  return {
    firstName: text,
    lastName: text,
    address: { street1: text, city: text },
    workExperience: [{ employer: text, title: text, startDate: '2020-01', current: true }],
    education: [{ school: text, degree: text, major: text }],
  };
}
