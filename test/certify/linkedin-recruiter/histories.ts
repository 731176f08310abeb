import {
  CUSTOMERS,
  callsTo,
  type Exercises,
  headings,
  MEMBERS,
  recordsIn,
} from '../../../plugins/linkedin-recruiter/certification/index.ts';
import type { PairedWork } from './paired-work.ts';

const TWO_YEARS_MS = 2 * 365 * 86_400_000;

/** Modules 1 and 2 on the hub: a pair is switched on, everything that the ATS holds is sent, and what changes follows. */
export function histories(work: PairedWork): Exercises {
  const { hub, scope, linkedIn, pages, connectionId, atsConnectionId, toLinkedIn } = work.stand;
  return {
    async 'RSC-101'(protocol) {
      protocol.step('An admin connects LinkedIn Recruiter and pairs it with the ATS.');
      protocol.step('An administrator of Recruiter asks for the package, and enables what the hub has named.');
      const from = toLinkedIn.count;
      await work.enabled();
      const calls = toLinkedIn.since(from);
      protocol.show(callsTo(calls, 'POST /v2/atsIntegrations').slice(0, 2));
      protocol.show(callsTo(calls, 'POST /_sim/recruiter/integrations').slice(0, 1));
      const { integrations = [] } =
        linkedIn.applications().find(({ clientId }) => clientId === CUSTOMERS.exampleco.clientId) ?? {};
      const names = integrations.map(({ name }) => name);
      protocol.holds('each integration has a name in Recruiter', names.length === 4 && names.every(Boolean), names);
      const standing = integrations.map(({ status }) => status);
      protocol.holds(
        'the administrator could enable each',
        standing.every((one) => one === 'ENABLED'),
        standing,
      );
      const steps = await hub.systemConnect.refreshSteps(scope, connectionId);
      // People connect their seats one by one.
      const isDone = steps.every(({ id, status }) => status === 'DONE' || id === 'seats');
      const shown = steps.map(({ title, status }) => `${title}: ${status}`);
      protocol.holds('the hub shows how each stands', isDone, shown);
    },

    async 'RSC-201'(protocol) {
      protocol.step('The hub sends every job of the ATS, before anything else; no date and no state is left out.');
      await work.enabled();
      const { jobs } = work.account;
      const held = work.records.jobs;
      const lacking = jobs.filter(({ id }) => !held.has(id)).map(({ title, status }) => `${title} (${status})`);
      protocol.equal('jobs that LinkedIn lacks', lacking, []);
      protocol.equal('the number of jobs', held.size, jobs.length);
      const reasons = (await work.refused('job')).map(({ reason }) => reason);
      protocol.equal('why jobs were refused', reasons, []);
      const isOver = ({ status }: (typeof jobs)[number]): boolean => status === 'closed' || status === 'filled';
      const closed = jobs.filter(isOver).map(({ id }) => held.get(id)?.state ?? 'absent');
      const isClosed = closed.length > 0 && closed.every((state) => state === 'CLOSED');
      protocol.holds('jobs that are closed in the ATS', isClosed, closed);
      const page = await pages.profilePage(MEMBERS.mira);
      const open = jobs.filter(({ status }) => status === 'open').map(({ title }) => title);
      const isListed = open.length > 0 && open.every((title) => page.includes(title));
      protocol.holds('open jobs are in the list of an export', isListed, open);
      protocol.show(callsTo(toLinkedIn.since(0), 'POST /v2/simpleJobPostings').slice(0, 1));
      protocol.show(callsTo(toLinkedIn.since(0), 'GET /v2/simpleJobPostingTasks').slice(0, 1));
    },

    async 'RSC-202'(protocol) {
      protocol.step('The hub sends every candidate of the ATS.');
      await work.enabled();
      const ids = [...work.account.folders()].map(({ candidate }) => candidate.id);
      const held = work.records.candidates;
      const refused = await work.refused('candidate');
      const lacking = ids.filter((id) => !held.has(id)).sort();
      const refusedIds = refused.map(({ remoteId }) => remoteId).sort();
      protocol.equal('candidates that LinkedIn lacks are those whom it does not take', lacking, refusedIds);
      protocol.equal('candidates at LinkedIn and refused, together', held.size + refused.length, ids.length);
      const reasons = [...new Set(refused.map(({ reason }) => reason))];
      protocol.holds(
        'why some were refused',
        reasons.every((reason) => reason.includes('email')),
        reasons,
      );
      const oldest = Math.min(...[...held.values()].map(({ record }) => Number(record['atsCreatedAt'])));
      const isOld = Date.now() - oldest > TWO_YEARS_MS;
      protocol.holds('the oldest was made more than two years ago', isOld, new Date(oldest).toISOString());
      const calls = toLinkedIn
        .since(0)
        .filter((call) => /^\/v2\/atsCandidates(?:$|\?)/.test(call.path) && recordsIn(call) > 0);
      const sizes = calls.map(recordsIn);
      protocol.holds(
        'records in each call',
        sizes.every((size) => size <= 100),
        sizes,
      );
      const found = work.matched();
      const profiles = await Promise.all(found.map(({ member }) => pages.profile(member)));
      const isShown = found.length > 0 && profiles.every(({ inAts }) => inAts);
      protocol.holds('the indicator shows for each whom LinkedIn matched', isShown, found.length);
      const { items } = await hub.mirror.candidates(scope, atsConnectionId, { first: 100 });
      const known = await hub.systemConnect.networkProfiles(scope, items);
      const linked = items.find(({ id }) => known.get(id)?.link);
      const { lastName = 'nobody' } = linked?.data ?? {};
      const names = linked === undefined ? [] : headings(await work.frame(linked.remoteId));
      const isRight = names.some((name) => name.endsWith(lastName));
      protocol.holds('the widget shows the profile of whoever is linked', isRight, [lastName, names]);
      protocol.show(calls.slice(0, 1));
      protocol.show(callsTo(toLinkedIn.since(0), 'GET /v2/atsCandidates').slice(0, 1));
    },

    async 'RSC-203'(protocol) {
      protocol.step('The hub sends every application of the ATS, with stages, notes and feedback.');
      await work.enabled();
      const folders = [...work.account.folders()];
      const held = work.records;
      const applications = [...held.applications.values()];
      const ids = folders.flatMap((folder) => folder.applications.map(({ id }) => id));
      protocol.equal(
        'applications that LinkedIn lacks',
        ids.filter((id) => !held.applications.has(id)),
        [],
      );
      protocol.equal('the number of applications', applications.length, ids.length);
      const stages = folders.flatMap((folder) => folder.applications.flatMap((one) => one.stage_history));
      protocol.equal('the number of stages', sum(applications.map((one) => one.stages.size)), stages.length);
      // Private notes stay where they are.
      const notes = folders.flatMap((folder) => folder.notes.filter((one) => !one.private));
      const ofCandidates = [...held.candidates.values()].map((one) => one.notes.size);
      const ofApplications = applications.map((one) => one.notes.size);
      protocol.equal('the number of notes', sum([...ofCandidates, ...ofApplications]), notes.length);
      const feedback = folders.flatMap((folder) => folder.interviews.filter((one) => one.feedback));
      const sent = sum(applications.map((one) => one.interviewFeedback.size));
      protocol.equal('the number of interviews with feedback', sent, feedback.length);
      const calls = toLinkedIn.since(0).filter(({ body }) => body !== '');
      protocol.show(calls.filter(({ path }) => /^\/v2\/atsApplications(?:$|\?)/.test(path)).slice(0, 1));
      for (const part of ['stages', 'interviewFeedback']) {
        protocol.show(calls.filter(({ path }) => path.includes(`/${part}?`)).slice(0, 1));
      }
    },

    async 'Test case 4'(protocol) {
      await work.enabled();
      const [found] = work.matched().flatMap((one) => {
        const active = one.folder.applications.filter(({ status }) => status === 'active');
        return active.map((application) => ({ member: one.member, application }));
      });
      if (!found) throw new Error('Nobody whom LinkedIn matched has an active application.');
      const stage = found.application.workflow_stage.name === 'Offer' ? 'Interview' : 'Offer';
      protocol.step(`A user of the ATS moves an application to the stage "${stage}".`);
      const from = toLinkedIn.count;
      await work.inAts(`/applications/${found.application.id}`, { status: 'active', stage });
      await work.shows(protocol, 'the stage shows in Recruiter', found.member, ({ previews }) =>
        previews.some(({ jobs }) => jobs.some(({ currentStage }) => currentStage === stage)),
      );
      protocol.show(callsTo(toLinkedIn.since(from), 'PUT /v2/').slice(0, 3));
    },
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
