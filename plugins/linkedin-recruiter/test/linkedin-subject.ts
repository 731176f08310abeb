import type { NetworkKind } from '@talentbridge/contracts';
import type { HeldRecord, SimulatedAccount, SimulatedNetwork, SimulatedWebhooks } from '@talentbridge/testkit';
import {
  type Application,
  type AtsRecords,
  type Integration,
  type LinkedInSimulator,
  SIMULATED_APPLICATIONS,
} from '../simulator/index.js';
import type { INTEGRATION_TYPES } from '../simulator/records.js';
import { CREDENTIALS, hostsAt } from './connect.js';
import { contextOf, enable, start } from './start-linkedin.js';

const ADA = 'urn:li:person:a1b2c3d4';
const EMRE = 'urn:li:person:e5o5f005';
const MIRA = 'urn:li:person:m7v9x007';
const SEAT = 555;
const CALLBACK = 'CALLBACK_URL';

/** What each permission of the plugin hangs on. */
const TYPE_OF_PERMISSION: Readonly<Record<string, (typeof INTEGRATION_TYPES)[number]>> = {
  'one-click-export': 'ONE_CLICK_EXPORT',
  'in-ats-indicator': 'IN_ATS_INDICATOR',
  'profile-plugin': 'PROFILE_PLUGIN',
  'recruiter-activity': 'CSA_API',
};

/** Starts a LinkedIn whose first customer has everything enabled, and no callback address. */
export async function startSubject(): Promise<SimulatedAccount> {
  const linkedIn = await start();
  await enable(linkedIn, 'http://127.0.0.1:9/hooks/exampleco');
  const { simulator } = linkedIn;
  exporting(simulator).configuration.delete(CALLBACK);
  return {
    simulator: withoutCounters(simulator),
    hostOverrides: hostsAt(simulator.url),
    credentials: CREDENTIALS,
    wrongCredentials: [
      { title: 'an application that does not exist', credentials: { ...CREDENTIALS, childClientId: 'nobody' } },
      { title: 'another secret', credentials: { ...CREDENTIALS, childClientSecret: 'another-secret-than-ours' } },
    ],
    withoutPermission(permission) {
      const type = TYPE_OF_PERMISSION[permission];
      if (type) simulator.recruiter.setIntegration(CREDENTIALS.childClientId, type, contextOf(type), 'DISABLED');
      else for (const seat of [SEAT, 556]) simulator.setSeat(seat, 'INACTIVE');
    },
    webhooks: webhooksOf(simulator),
    systemConnect: networkOf(simulator),
    [Symbol.asyncDispose]: () => linkedIn[Symbol.asyncDispose](),
  };
}

/** Requests are counted, and reading counts: what a customer holds is the rest. */
function withoutCounters(simulator: LinkedInSimulator): LinkedInSimulator {
  return {
    ...simulator,
    snapshot: () => ({ ...Object(simulator.snapshot()), throttles: undefined }),
  };
}

function application(simulator: LinkedInSimulator): Application {
  const found = simulator.applications().find(({ clientId }) => clientId === SIMULATED_APPLICATIONS.exampleco.clientId);
  if (!found) throw new Error('The simulator lacks its first customer.');
  return found;
}

function exporting(simulator: LinkedInSimulator): Integration {
  const found = application(simulator).integrations.find(({ type }) => type === 'ONE_CLICK_EXPORT');
  if (!found) throw new Error('The first customer lacks its integrations.');
  return found;
}

function webhooksOf(simulator: LinkedInSimulator): SimulatedWebhooks {
  // What was told while everything was enabled went nowhere.
  const before = simulator.pushes.report().length;
  const path = '/v2/atsIntegrations/*/configurations';
  const url = () => exporting(simulator).configuration.get(CALLBACK);
  const drop = () => void exporting(simulator).configuration.delete(CALLBACK);
  return {
    routes: {
      list: { method: 'GET', path },
      subscribe: { method: 'PUT', path },
      unsubscribe: { method: 'DELETE', path },
    },
    subscriptions() {
      const callbackUrl = url();
      const events = ['EXPORT_CANDIDATE_PROFILE', 'INTEGRATION_STATUS_CHANGE'];
      return callbackUrl === undefined ? [] : [{ remoteId: CALLBACK, callbackUrl, events, active: true }];
    },
    loseSubscription: drop,
    switchOff: drop,
    settled: () => simulator.pushes.settled(),
    waiting: () =>
      simulator.pushes
        .report()
        .slice(before)
        .filter(({ outcome }) => outcome === 'waiting').length,
    deliverAgain() {
      const last = simulator.pushes.report().at(-1);
      if (last) simulator.pushes.again(last.id);
    },
    async challenge() {
      const reports = await simulator.recruiter.challenge(CREDENTIALS.childClientId);
      return reports.every((report) => Object(report).complaint === undefined);
    },
    notify: () => [
      { capability: 'systemConnect', id: `export/${simulator.recruiter.exportMember(SEAT, MIRA, '').id}` },
    ],
  };
}

function networkOf(simulator: LinkedInSimulator): SimulatedNetwork {
  const { recruiter } = simulator;
  const mail = { subject: 'Role', body: 'Hello', visibility: 'PUBLIC' } as const;
  return {
    routes: {
      pushCandidates: { method: 'PUT', path: '/v2/atsCandidates' },
      matches: { method: 'GET', path: '/v2/atsCandidates' },
      seats: { method: 'GET', path: '/v2/seatsV2' },
      messages: { method: 'GET', path: '/v2/conversationEvents' },
      readExport: { method: 'GET', path: '/v2/exportedCandidates' },
    },
    held: (kind) => heldRecords(simulator.records(), kind),
    found: { member: ADA, by: { emails: ['ada@home.example'] } },
    otherMember: EMRE,
    seatId: `urn:li:seat:${SEAT}`,
    inactiveSeatId: 'urn:li:seat:557',
    write(kind, count) {
      for (let index = 0; index < count; index += 1) {
        if (kind === 'note') recruiter.writeNote(SEAT, ADA, `Note ${index}`, 'PUBLIC');
        else {
          const { urn } = recruiter.sendInMail(SEAT, ADA, mail);
          if (kind === 'contact') recruiter.reply(urn, 'Yes', true);
        }
      }
    },
    exportMember: (jobRemoteId) => `export/${recruiter.exportMember(SEAT, MIRA, jobRemoteId ?? '').id}`,
    closeExported: () => recruiter.closeAccount(MIRA),
    pageSize: 100,
  };
}

/** What was pushed, told in the words of the suite. */
function heldRecords({ jobs, candidates, applications, acls }: AtsRecords, kind: NetworkKind): readonly HeldRecord[] {
  const under = (owners: Iterable<readonly [string, ReadonlyMap<string, unknown>]>): readonly HeldRecord[] =>
    [...owners].flatMap(([parentId, held]) => [...held].map(([remoteId, record]) => ({ remoteId, parentId, record })));
  const ofApplications = (name: 'notes' | 'interviewFeedback' | 'stages') =>
    under([...applications.values()].map((one) => [one.id, one[name]] as const));
  switch (kind) {
    case 'job':
      return [...jobs].map(([remoteId, record]) => ({ remoteId, record }));
    case 'candidate':
      return [...candidates.values()].map(({ id: remoteId, record }) => ({ remoteId, record }));
    case 'application':
      return [...applications.values()].map(({ id: remoteId, record }) => ({ remoteId, record }));
    case 'candidateNote':
      return under([...candidates.values()].map((one) => [one.id, one.notes] as const));
    case 'applicationNote':
      return ofApplications('notes');
    case 'feedback':
      return ofApplications('interviewFeedback');
    case 'stage':
      return ofApplications('stages');
    case 'access':
      return [...acls.values()].map(({ atsEntityId: remoteId = '', ...record }) => ({ remoteId, record }));
  }
}
