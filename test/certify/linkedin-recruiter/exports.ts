import {
  CUSTOMERS,
  callsTo,
  type Exercises,
  headings,
  MEMBERS,
} from '../../../plugins/linkedin-recruiter/certification/index.ts';
import { until } from '../../support/running-system.ts';
import { type PairedWork, SOON_MS } from './paired-work.ts';

const { exampleco } = CUSTOMERS;
/** In no ATS, as Mira is. */
const TOVE = 'urn:li:person:t8w9x008';

/** Module 3 on the hub: what becomes in the ATS of people who are exported, and which notifications are believed. */
export function exports(work: PairedWork): Exercises {
  const { linkedIn, pages, toLinkedIn, toAts, toHub } = work.stand;
  const openJob = (): string => {
    const job = work.account.jobs.find(({ status }) => status === 'open');
    if (!job) throw new Error('The ATS has no open job.');
    return job.id;
  };
  const jobsOf = (id: string): readonly string[] => work.account.folder(id).applications.map((one) => one.job_id);
  return {
    async 'RSC-301'(protocol) {
      await work.enabled();
      protocol.step('A recruiter exports a member whom the ATS does not know to a job.');
      const from = [toHub.count, toLinkedIn.count, toAts.count] as const;
      const id = await work.exported(MEMBERS.mira, openJob());
      const { candidate } = work.account.folder(id);
      protocol.equal('the candidate in the ATS', [candidate.first_name, candidate.last_name], ['Mira', 'Vance']);
      protocol.equal('the jobs that they are a candidate for', jobsOf(id), [openJob()]);
      const source = [candidate.source, candidate.source_detail];
      protocol.holds(
        'LinkedIn is their source',
        source.some((one) => /linkedin/i.test(one ?? '')),
        source,
      );
      await until(
        () => work.records.candidates.get(id)?.record['manualMatchedMember'],
        (member) => member === MEMBERS.mira,
        SOON_MS,
      );
      protocol.equal('the widget shows', headings(await work.frame(id)), ['Mira Vance']);
      protocol.show(
        toHub
          .since(from[0])
          .filter(({ headers }) => 'x-li-signature' in headers)
          .slice(0, 1),
      );
      protocol.show(callsTo(toLinkedIn.since(from[1]), 'GET /v2/exportedCandidates').slice(0, 1));
      protocol.show(callsTo(toAts.since(from[2]), 'POST ').slice(0, 2));
      protocol.show(callsTo(toLinkedIn.since(from[1]), 'PUT /v2/atsCandidates?').slice(0, 1));
    },

    async 'RSC-303'(protocol) {
      await work.enabled();
      const first = openJob();
      const title = 'Lighthouse Keeper';
      const second = String((await work.inAts('/jobs', { title, status: 'open' }))['id']);
      const isThere = await until(
        () => work.records.jobs.has(second),
        (is) => is,
        SOON_MS,
      );
      protocol.holds('a job that is new in the ATS comes to LinkedIn', isThere, title);
      const before = await work.exported(MEMBERS.mira, first);
      protocol.step('The ATS’s record of somebody exported before is changed: their application moves on.');
      const [application] = work.account.folder(before).applications;
      await work.inAts(`/applications/${application?.id}`, { status: 'active', stage: 'Interview' });
      protocol.step('A recruiter exports the same member to another job.');
      const from = [toLinkedIn.count, toAts.count] as const;
      protocol.equal('it is the same candidate', await work.exported(MEMBERS.mira, second), before);
      const namesakes = [...work.account.folders()].filter(({ candidate }) => candidate.last_name === 'Vance');
      protocol.equal('candidates of this name in the ATS', namesakes.length, 1);
      protocol.equal('their jobs', [...jobsOf(before)].sort(), [first, second].sort());
      await work.shows(
        protocol,
        'Recruiter shows both',
        MEMBERS.mira,
        ({ previews }) => previews.flatMap(({ jobs }) => jobs).length === 2,
      );
      protocol.show(callsTo(toLinkedIn.since(from[0]), 'GET /v2/exportedCandidates').slice(0, 1));
      protocol.show(callsTo(toAts.since(from[1]), 'POST ').slice(0, 2));
    },

    async 'API-CALLBACK'(protocol) {
      await work.enabled();
      protocol.step('LinkedIn asks whose the address is.');
      let from = toHub.count;
      const [report] = Object.values(await pages.act('/challenge', { clientId: exampleco.clientId }));
      const isProof = report !== undefined && !('complaint' in Object(report));
      protocol.holds('LinkedIn takes the answer for a proof', isProof, report);
      protocol.show(toHub.since(from));
      protocol.step('Somebody sends a notification that is signed with another secret.');
      await pages.act('/mishaps', { badSignature: 1 });
      const before = (await work.arrivals()).length;
      from = toHub.count;
      await pages.act('/exports', { seat: exampleco.seat, member: TOVE });
      await linkedIn.pushes.settled();
      const [forged] = toHub.since(from);
      protocol.equal('what it is answered with', forged?.status, 401);
      protocol.equal('people who arrive from it', (await work.arrivals()).length - before, 0);
      protocol.show(forged === undefined ? [] : [forged]);
    },
  };
}
