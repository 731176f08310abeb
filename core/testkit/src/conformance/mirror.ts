import type {
  MirroredApplication,
  MirroredCandidate,
  MirroredJob,
  PulledPage,
  RecordReference,
  RecordsRead,
} from '@talentbridge/contracts';

/** Records that a plugin answered, of a run or of a read. */
export type Taken = Pick<PulledPage & RecordsRead, 'candidates' | 'jobs' | 'applications' | 'gone'>;

/** What the hub makes of pages, without its database: the smallest mirror that keeps the rules of the contract. */
export class Mirror {
  readonly candidates = new Map<string, MirroredCandidate>();
  readonly jobs = new Map<string, MirroredJob>();
  readonly applications = new Map<string, MirroredApplication>();

  /** Takes what came: later records replace earlier ones, and what is told as gone goes. */
  take({ candidates, jobs, applications, gone }: Taken): void {
    for (const candidate of candidates) this.#put(candidate);
    for (const job of jobs) this.jobs.set(job.remoteId, job);
    for (const application of applications) this.applications.set(application.remoteId, application);
    for (const reference of gone) this.#remove(reference);
  }

  /** The parts that every vendor has, in a form in which what is held equals what arrived. */
  essence(): Readonly<Record<string, readonly unknown[]>> {
    return {
      candidates: inOrder(this.candidates, essenceOfCandidate),
      jobs: inOrder(this.jobs, ({ remoteId, title, open }) => ({ remoteId, title, open })),
      applications: inOrder(this.applications, essenceOfApplication),
    };
  }

  #put(candidate: MirroredCandidate): void {
    const { applications, ...alone } = candidate;
    this.candidates.set(candidate.remoteId, alone);
    if (applications === undefined) return;
    // The candidate names all of them: what is missing is gone.
    this.#removeApplicationsOf(candidate.remoteId);
    for (const application of applications) this.applications.set(application.remoteId, application);
  }

  #remove({ kind, remoteId }: RecordReference): void {
    if (kind === 'job') this.jobs.delete(remoteId);
    else if (kind === 'application') this.applications.delete(remoteId);
    else {
      this.candidates.delete(remoteId);
      this.#removeApplicationsOf(remoteId);
    }
  }

  #removeApplicationsOf(candidateRemoteId: string): void {
    for (const [remoteId, application] of this.applications) {
      if (application.candidateRemoteId === candidateRemoteId) this.applications.delete(remoteId);
    }
  }
}

/** The mirror that these answers make, in their order. */
export function mirrorOf(answers: readonly Taken[]): Mirror {
  const mirror = new Mirror();
  for (const answer of answers) mirror.take(answer);
  return mirror;
}

function essenceOfCandidate({
  remoteId,
  firstName = '',
  lastName = '',
  emails,
  phones,
  socialUrls,
}: MirroredCandidate) {
  return {
    remoteId,
    firstName,
    lastName,
    emails: emails.toSorted(),
    // Vendors have types of numbers and networks of their own: the number and the link are what must not change.
    phones: phones.map(({ number }) => number).toSorted(),
    socialUrls: socialUrls.map(({ url }) => url).toSorted(),
  };
}

function essenceOfApplication(application: MirroredApplication) {
  const { remoteId, candidateRemoteId, jobRemoteId, status, statusLabel, subStatus, stage } = application;
  return { remoteId, candidateRemoteId, jobRemoteId, status, statusLabel, subStatus, stage };
}

function inOrder<Item>(items: ReadonlyMap<string, Item>, essence: (item: Item) => unknown): readonly unknown[] {
  return [...items].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => essence(item));
}
