import type { PushedJob } from './ats-records.js';
import { settleJobs } from './job-tasks.js';
import type {
  Application,
  Conversation,
  ExportRequest,
  IntegrationType,
  Member,
  ProspectNote,
  Seat,
  Visibility,
} from './records.js';
import { notFound, Refusal } from './refusal.js';
import { urnOf, type World } from './world.js';

/** How long an export can be fetched (LinkedIn sheet §6.3: the sample's seven days, INFERRED). */
const EXPORT_LIFE_MS = 7 * 24 * 60 * 60_000;

/** What a recruiter and a Recruiter administrator do in LinkedIn Recruiter, and what members do. */
export class Recruiter {
  constructor(private readonly world: World) {}

  /** The administrator picks a contract in the onboarding widget and asks for the package (LinkedIn sheet §3, step 1). */
  onboard(clientId: string, contract: string): readonly unknown[] {
    const application = this.#child(clientId);
    const { organization } = this.world.companyWith(contract);
    const wanted: readonly (readonly [IntegrationType, string])[] = [
      ['ONE_CLICK_EXPORT', organization],
      ['IN_ATS_INDICATOR', organization],
      ['PROFILE_PLUGIN', organization],
      ['CSA_API', contract],
    ];
    for (const [type, context] of wanted) {
      const isThere = application.integrations.some((one) => one.type === type && one.context === context);
      if (!isThere) application.integrations.push({ type, context, status: 'REQUESTED', configuration: new Map() });
    }
    return wanted.map(([integrationType, integrationContext]) => ({
      integrationContext,
      integrationType,
      tenantType: 'RECRUITER',
      dataProvider: 'ATS',
    }));
  }

  /**
   * The administrator switches an integration on or off; the application is told.
   * @throws Refusal with status 409 for one that is not ready.
   */
  setIntegration(clientId: string, type: IntegrationType, context: string, status: 'ENABLED' | 'DISABLED'): void {
    const application = this.#child(clientId);
    const found = application.integrations.find((one) => one.type === type && one.context === context);
    if (!found) throw notFound('Integration');
    if (status === 'ENABLED') {
      if (found.status === 'REQUESTED') throw new Refusal(409, 'The partner has not named this integration yet');
      if (type === 'ONE_CLICK_EXPORT' && !found.configuration.has('CALLBACK_URL')) {
        throw new Refusal(409, 'The partner has not set CALLBACK_URL yet');
      }
    }
    if (found.status === status) return;
    found.status = status;
    const id = String(this.world.nextNumber());
    this.world.statusRequests.set(id, { application, integrations: [found] });
    this.world.push(application, this.world.companyWith(context).organization, 'INTEGRATION_STATUS_CHANGE', id);
  }

  /** The jobs that a seat may export to: those that are open, and shown to everybody or to a group of theirs. */
  jobsFor(seat: Seat): readonly PushedJob[] {
    const { organization } = this.world.companyWith(seat.contract);
    const { jobs } = this.#settled(organization);
    return [...jobs.values()].filter((job) => job.listed && this.seesJob(seat, job.externalJobPostingId, 'jobs'));
  }

  /** Whether what hangs on a job shows to a seat: to all users, or by an access list (LinkedIn sheet §3.2, §5.6). */
  seesJob(seat: Seat, jobId: string, what: 'jobs' | 'applications'): boolean {
    const { organization } = this.world.companyWith(seat.contract);
    const [type, key] =
      what === 'jobs'
        ? (['ONE_CLICK_EXPORT', 'JOB_POSTING_VIEWERS'] as const)
        : (['IN_ATS_INDICATOR', 'APPLICATION_VIEWERS'] as const);
    if (this.world.configurationOf(organization, type, key) === 'ALL_PRODUCT_USERS') return true;
    const { acls, assignees } = this.world.recordsOf(organization);
    const groups = [...acls.values()].filter(({ atsEntityId }) => atsEntityId === jobId);
    return [...assignees.values()].some(
      ({ assignee, atsEntityAclId }) =>
        assignee === seat.member && groups.some((group) => group['atsEntityAclId'] === atsEntityAclId),
    );
  }

  /**
   * "Export to ATS", with a job typed in or without: the application is told an id.
   * @throws Refusal with status 409 where exports are off, 422 for a job that is not in the list, 429 above the quota.
   */
  exportMember(seatId: number, memberUrn: string, jobText: string): ExportRequest {
    const now = this.world.now();
    const seat = this.#activeSeat(seatId);
    const member = this.#member(memberUrn);
    const { organization } = this.world.companyWith(seat.contract);
    const application = this.world.enabledIn(organization, 'ONE_CLICK_EXPORT');
    if (!application) throw new Refusal(409, 'One-click export is not enabled');
    const job = jobText.trim() === '' ? undefined : this.#jobTyped(seat, jobText.trim());
    const month = new Date(now).toISOString().slice(0, 7);
    const exported = seat.exports.get(month) ?? 0;
    if (exported >= this.world.throttles.limits.exportsPerMonth) {
      throw new Refusal(429, `This seat has exported ${exported} members this month: its quota is spent`);
    }
    seat.exports.set(month, exported + 1);
    const request: ExportRequest = {
      id: String(100_000_000 + this.world.nextNumber()),
      organization,
      member: member.urn,
      exporter: urnOf(seat),
      exportedAt: now,
      expiresAt: this.world.mishaps.take('expired') ? now - 1 : now + EXPORT_LIFE_MS,
      ...(job === undefined ? {} : { externalJobPostingId: job.externalJobPostingId }),
    };
    this.world.exports.set(request.id, request);
    this.world.push(application, organization, 'EXPORT_CANDIDATE_PROFILE', request.id, request.expiresAt);
    return request;
  }

  /** Sends an InMail: a conversation of its own. */
  sendInMail(
    seatId: number,
    memberUrn: string,
    mail: { readonly subject: string; readonly body: string; readonly visibility: Visibility },
  ): Conversation {
    const seat = this.#activeSeat(seatId);
    const member = this.#member(memberUrn);
    const conversation: Conversation = {
      urn: `urn:li:conversation:${this.world.nextNumber()}`,
      seat: urnOf(seat),
      contract: seat.contract,
      member: member.urn,
      events: [],
    };
    this.world.conversations.push(conversation);
    this.#write(conversation, conversation.seat, member.urn, mail.visibility, mail);
    return conversation;
  }

  /**
   * The member answers. On the first answer they are asked whether to share contact data, and a stub exists only with
   * their consent (LinkedIn sheet §7.3, CONFIRMED).
   */
  reply(conversationUrn: string, body: string, consent: boolean): void {
    const conversation = this.world.conversations.find(({ urn }) => urn === conversationUrn);
    const [opening] = conversation?.events ?? [];
    if (!conversation || !opening) throw notFound('Conversation');
    const { member: urn, seat, contract } = conversation;
    const member = this.#member(urn);
    const isFirst = conversation.events.every(({ author }) => author !== urn);
    if (consent && !isFirst) throw new Refusal(409, 'The member was asked on the first reply, and is not asked again');
    const content = { subject: `Re: ${opening.content.subject}`, body };
    this.#write(conversation, urn, seat, opening.visibility, content);
    if (!consent) return;
    this.world.stubs.push({
      id: this.world.nextNumber(),
      contract,
      owner: seat,
      createdDate: this.world.now(),
      stubProfile: {
        member: urn,
        firstName: member.firstName,
        lastName: member.lastName,
        emailAddress: member.emails[0],
        ...(member.phone === undefined ? {} : { phoneNumber: member.phone }),
        currentTitles: [member.title],
        currentEmployerNames: [member.employer],
      },
    });
  }

  /** Writes a note about a member. */
  writeNote(seatId: number, memberUrn: string, note: string, visibility: Visibility): ProspectNote {
    const seat = this.#activeSeat(seatId);
    const now = this.world.now();
    const written: ProspectNote = {
      id: this.world.nextNumber(),
      active: true,
      contract: seat.contract,
      created: now,
      lastModified: now,
      owner: urnOf(seat),
      prospect: this.#member(memberUrn).urn,
      note,
      visibility,
    };
    this.world.notes.push(written);
    return written;
  }

  /** The author changes a note, or deletes it: then it stays as an inactive one (LinkedIn sheet §7.4). */
  changeNote(
    seatId: number,
    noteId: number,
    change: Partial<Pick<ProspectNote, 'note' | 'visibility' | 'active'>>,
  ): void {
    const seat = this.#activeSeat(seatId);
    const note = this.world.notes.find(({ id, active }) => id === noteId && active);
    if (!note) throw notFound('Note');
    if (note.owner !== urnOf(seat)) throw new Refusal(403, 'Only its author changes a note');
    Object.assign(note, change);
    note.lastModified = Math.max(this.world.now(), note.lastModified + 1);
  }

  /** A member leaves. */
  closeAccount(memberUrn: string): void {
    this.world.members.close(this.#member(memberUrn).urn, this.world.now());
  }

  /** Asks the callback address of an organization whose it is. */
  async challenge(clientId: string): Promise<readonly unknown[]> {
    const application = this.#child(clientId);
    const contexts = new Set(application.integrations.map(({ context }) => context));
    const targets = [...contexts].flatMap((context) => this.world.callbackOf(application, context) ?? []);
    if (targets.length === 0) throw notFound('Callback address');
    const id = application.urn.split(':').at(-1) ?? '';
    return Promise.all(targets.map((target) => this.world.ownership.check(target, id)));
  }

  #settled(organization: string) {
    settleJobs(this.world, this.world.now());
    return this.world.recordsOf(organization);
  }

  #jobTyped(seat: Seat, text: string): PushedJob {
    const jobs = this.jobsFor(seat);
    const id = /\(([^()]+)\)$/.exec(text)?.[1] ?? text;
    const byId = jobs.find(({ externalJobPostingId }) => externalJobPostingId === id);
    const byTitle = jobs.filter(({ title }) => title.toLowerCase() === text.toLowerCase());
    const found = byId ?? (byTitle.length === 1 ? byTitle[0] : undefined);
    if (!found) throw new Refusal(422, 'That job is not in the list: choose an open one');
    return found;
  }

  #write(
    conversation: Conversation,
    author: string,
    recipient: string,
    visibility: Visibility,
    { subject, body }: { readonly subject: string; readonly body: string },
  ): void {
    conversation.events.push({
      id: `urn:li:conversationEvent:${this.world.nextNumber()}`,
      conversation: conversation.urn,
      author,
      recipients: [recipient],
      createdAt: this.world.now(),
      visibility,
      content: { subject, body },
    });
  }

  #child(clientId: string): Application {
    const found = this.world.applications.find((one) => one.clientId === clientId && one.kind === 'child');
    if (!found) throw notFound('Application');
    return found;
  }

  #member(urn: string): Member {
    const member = this.world.members.byUrn(urn);
    if (!member || this.world.members.closedAt(urn) !== undefined) throw notFound('Member');
    return member;
  }

  #activeSeat(id: number): Seat {
    const seat = this.world.seat(id);
    if (seat.state !== 'ACTIVE') throw new Refusal(403, 'This seat is not active');
    return seat;
  }
}
