import type {
  CandidateNote,
  CandidateRecord,
  ExportRequest,
  InterviewFeedback,
  MirroredApplication,
  MirroredCandidate,
  MirroredJob,
  Notice,
  StageChange,
} from '@talentbridge/contracts';
import type { Simulator } from '../simulator/index.js';
import type { SimulatedNetwork } from './simulated-network.js';

/** Which request of the vendor's API does a thing, to aim faults at. `*` in a path stands for one segment. */
export interface SimulatedRoute {
  readonly method: string;
  readonly path: string;
}

/** Credentials that the vendor refuses. */
export interface WrongCredentials {
  /** As it follows "with": "a revoked key". */
  readonly title: string;
  readonly credentials: Readonly<Record<string, string>>;
  /** What the error's message must mention, where the vendor tells causes apart. */
  readonly blames?: string;
}

/** A candidate as the simulated vendor holds it, told in our words. */
export interface StoredCandidate {
  readonly remoteId: string;
  /** Only the fields that the plugin declares are looked at. */
  readonly record: Partial<CandidateRecord>;
  /** One entry per application: a job that was attached twice stands here twice. */
  readonly jobRemoteIds: readonly string[];
  /** How many résumés the candidate has. */
  readonly resumes: number;
}

/** One simulated vendor with one account. */
export interface SimulatedAccount extends AsyncDisposable {
  readonly simulator: Simulator;
  /** Hosts of the manifest, and where the simulator stands in for them. */
  readonly hostOverrides: Readonly<Record<string, string>>;
  /** Good ones, as an admin would enter them, with every permission. */
  readonly credentials: Readonly<Record<string, string>>;
  /** Absent: the defaults of the plugin. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** At least one. */
  readonly wrongCredentials: readonly WrongCredentials[];
  /** Takes one permission, as the plugin names it, from the good credentials. */
  withoutPermission(permission: string): void;
  /** Export; absent when the plugin does not have it. */
  readonly export?: SimulatedExport;
  /** Rediscovery; absent when the plugin does not have it. */
  readonly rediscovery?: SimulatedRediscovery;
  /** Webhooks; absent when the plugin does not have them. Needs `rediscovery` as well where the plugin has it: it makes the changes. */
  readonly webhooks?: SimulatedWebhooks;
  /** System Connect; absent when the plugin does not have it. */
  readonly systemConnect?: SimulatedNetwork;
}

/** What the suite needs to check Rediscovery. */
export interface SimulatedRediscovery {
  /** Requests that a run makes, to aim faults at; at least the one that lists candidates. */
  readonly routes: readonly SimulatedRoute[];
  /** The request that a run makes for this candidate alone. Absent: candidates come in lists, and no call is made for each. */
  candidateRoute?(remoteId: string): SimulatedRoute;
  /** What the vendor keeps of a candidate's way, private notes left out, in any order. Needed when the plugin has `readHistory`. */
  history?(candidateRemoteId: string): SimulatedHistory;
  /** Replaces everything by so many candidates, each with applications to some of a few jobs. */
  populate(candidates: number): void;
  /** Every candidate that the vendor shows to the plugin, whole, read without the plugin's help. */
  candidates(): readonly MirroredCandidate[];
  /** Every application; those that stand with their candidate included. */
  applications(): readonly MirroredApplication[];
  jobs(): readonly MirroredJob[];
  /** Changes something of a candidate that a mirror shows, as a user of the ATS would, now. */
  changeCandidate(remoteId: string): void;
  /** Moves an application to another status, as a user of the ATS would, now. */
  changeApplication(remoteId: string): void;
  /** Deletes a candidate, as a user of the ATS would, now. */
  deleteCandidate(remoteId: string): void;
  /** Closes an open job, or opens a closed one, as a user of the ATS would, now. Absent: checks that need one are left out. */
  changeJob?(remoteId: string): void;
  /** Adds a candidate without applications, as a user of the ATS would, now. Absent: checks that need one are left out. */
  addCandidate?(candidate: Required<Pick<MirroredCandidate, 'firstName' | 'lastName' | 'emails'>>): void;
  /** Whether a run of `changes` tells about deletions. */
  readonly tellsDeletions: boolean;
  /** How many candidates stand on a page. */
  readonly pageSize: number;
  /**
   * Puts a file onto some candidate, as a user of the ATS would, now, with the type that it is served with. Absent: checks
   * that need one are left out.
   */
  addAttachment?(file: SimulatedFile): { readonly candidateRemoteId: string; readonly remoteId: string };
  /** A copy of all that the vendor holds. Needed when the plugin reads data copies. */
  dataCopy?(): SimulatedDataCopy;
  /** A file of a candidate, and its bytes. Absent: the plugin has no `fetchAttachment`. */
  attachment?(): {
    readonly candidateRemoteId: string;
    readonly remoteId: string;
    readonly filename: string;
    readonly bytes: Uint8Array;
  };
}

/** What a vendor keeps of a candidate's way, in our words. Ids that the plugin makes are its own. */
export interface SimulatedHistory {
  readonly notes: readonly Pick<CandidateNote, 'remoteId' | 'text' | 'author'>[];
  readonly stageChanges: readonly Pick<StageChange, 'applicationRemoteId' | 'stage' | 'enteredAt'>[];
  readonly feedback: readonly Pick<InterviewFeedback, 'remoteId' | 'applicationRemoteId' | 'interviewer' | 'text'>[];
}

/** A file that a user of the ATS adds. */
export interface SimulatedFile {
  readonly filename: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/** A copy of the vendor's data as a customer gets it, cut into cells: that is the hub's part. */
export interface SimulatedDataCopy {
  readonly tables: readonly {
    /** Of the CSV file. */
    readonly filename: string;
    /** The header. */
    readonly columns: readonly string[];
    readonly rows: readonly (readonly string[])[];
  }[];
  /** Where the files of candidates lie beside the tables: relative, with slashes. */
  readonly paths: readonly string[];
}

/** A change that `SimulatedRediscovery` makes. */
export type SimulatedChange =
  | 'changeCandidate'
  | 'changeApplication'
  | 'deleteCandidate'
  | 'addCandidate'
  | 'changeJob';

/** A subscription as the simulated vendor holds it. */
export interface SimulatedSubscription {
  readonly remoteId: string;
  /** The real address, as it arrived on the wire. */
  readonly callbackUrl: string;
  /** The vendor's names of the events, in any order. */
  readonly events: readonly string[];
  /** It delivers: activated, where that is needed, and not switched off. */
  readonly active: boolean;
}

/**
 * What the suite needs to check Webhooks. Deliveries go out over HTTP, to a server of the suite on the loopback address;
 * what causes them are the changes of `SimulatedRediscovery`, or `notify` where the plugin has no Rediscovery.
 */
export interface SimulatedWebhooks {
  readonly routes: {
    readonly list: SimulatedRoute;
    /** The request that makes the subscription, not one that fetches its key. */
    readonly subscribe: SimulatedRoute;
    readonly unsubscribe: SimulatedRoute;
    /** Needed when the plugin has `activate`. */
    readonly activate?: SimulatedRoute;
    /** Needed when the plugin has `rotateSecret`. */
    readonly rotateSecret?: SimulatedRoute;
    /** Needed when the plugin has `log`. */
    readonly log?: SimulatedRoute;
  };
  /** Every subscription there is, read without the plugin's help. */
  subscriptions(): readonly SimulatedSubscription[];
  /** Takes a subscription away, as if it had never been. */
  loseSubscription(remoteId: string): void;
  /** Keeps a subscription and stops its deliveries, as the vendor does by itself after many failures. */
  switchOff(remoteId: string): void;
  /** Resolves when no delivery is under way: each event so far was tried once. Later tries are not waited for. */
  settled(): Promise<void>;
  /** How many events the vendor means to deliver again, because nobody said in its way that they arrived. */
  waiting(): number;
  /** Delivers the newest event of a subscription once more, as a vendor does that did not hear the answer. */
  deliverAgain(remoteId: string): void;
  /**
   * Asks whose the address of a subscription is, as the vendor does at any time. Answers whether it took the answer. Absent: the
   * vendor never asks.
   */
  challenge?(remoteId: string): Promise<boolean>;
  /**
   * Makes something happen that another capability has to know, and answers the notices that its event must hold. Absent: the
   * vendor's events say nothing to others. Needed where the plugin has no Rediscovery.
   */
  notify?(): readonly Notice[];
  /** Changes of which the vendor tells nothing, each with the reason. Default: it tells of all. */
  readonly untold?: Readonly<Partial<Record<SimulatedChange, string>>>;
  /** How many subscriptions stand on a page. Absent: the vendor lists all of them at once, or allows fewer. */
  readonly listPageSize?: number;
  /** How many events stand on a page of the log. Needed when the plugin has `log`. */
  readonly logPageSize?: number;
}

/** What the suite needs to check Export. */
export interface SimulatedExport {
  readonly routes: {
    /** Absent: the ATS has no jobs. */
    readonly listJobs?: SimulatedRoute;
    readonly createCandidate: SimulatedRoute;
    /** Absent: `createCandidate` does it. */
    readonly attachJob?: SimulatedRoute;
    /** Absent: `createCandidate` does it, or no résumé is sent. */
    readonly uploadResume?: SimulatedRoute;
  };
  /** How often the vendor made a candidate for the person of this request, merged and deleted ones included. */
  creationsFor(request: ExportRequest): number;
  candidates(): readonly StoredCandidate[];
  /** Jobs that candidates can be attached to. */
  openJobIds(): readonly string[];
  /** A job that takes no candidates, and is not offered. Absent: the ATS has none. */
  readonly closedJobId?: string;
  /** Replaces all jobs by so many open ones. */
  replaceJobs(count: number): void;
  /** How many jobs the vendor puts on a page for this plugin. */
  readonly jobPageSize: number;
  /** Tags that exist in the vendor, in its spelling. Needed when the plugin has `listTags`. */
  readonly tags?: readonly string[];
  /** `true`: the vendor's encoding cannot carry half a surrogate pair. Default `false`. */
  readonly wellFormedTextOnly?: boolean;
}
