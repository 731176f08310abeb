import type { SeededRandom } from '@talentbridge/testkit/simulator';
import { AtsRecords } from './ats-records.js';
import type { JobTask } from './job-tasks.js';
import { type COMPOUND_KEYS, compoundKeys, type KeyKind } from './keys.js';
import { Members } from './members.js';
import { MishapBoard } from './mishaps.js';
import { OwnershipChecks } from './ownership.js';
import { PushSender, type PushTarget } from './push-sender.js';
import type {
  Application,
  Conversation,
  ExportRequest,
  Integration,
  IntegrationType,
  MailStub,
  ProspectNote,
  Seat,
  SeatState,
} from './records.js';
import { forbidden, notFound } from './refusal.js';
import { COMPANIES, type CompanySeed, seedApplications, seedSeats } from './seed.js';
import { type Limits, Throttles } from './throttles.js';
import { Tokens } from './tokens.js';

/** How a simulated LinkedIn behaves; in milliseconds. */
export interface Behaviour {
  /** How long a match takes to show. */
  matchDelayMs: number;
  /** How long a job takes to be accepted. */
  taskDelayMs: number;
}

/** Something that LinkedIn takes and that breaks its advice. */
export interface Flag {
  readonly at: string;
  readonly what: string;
}

/** What the id of a status change stands for. */
interface StatusRequest {
  readonly application: Application;
  readonly integrations: readonly Integration[];
}

/** Everything that LinkedIn holds, and who may touch what. */
export class World {
  readonly members: Members;
  readonly throttles: Throttles;
  readonly tokens = new Tokens();
  readonly mishaps = new MishapBoard();
  readonly pushes: PushSender;
  readonly ownership: OwnershipChecks;
  readonly companies: readonly CompanySeed[] = COMPANIES;
  readonly behaviour: Behaviour;
  applications: Application[] = [];
  seats: Seat[] = [];
  conversations: Conversation[] = [];
  stubs: MailStub[] = [];
  notes: ProspectNote[] = [];
  flags: Flag[] = [];
  readonly exports = new Map<string, ExportRequest>();
  readonly statusRequests = new Map<string, StatusRequest>();
  readonly tasks = new Map<string, JobTask>();
  readonly #records = new Map<string, AtsRecords>();
  #numbers = 9000;

  constructor(
    readonly now: () => number,
    private readonly random: SeededRandom,
    private readonly options: {
      readonly members: number;
      readonly seed: number;
      readonly limits: Limits;
      readonly behaviour: Behaviour;
    },
  ) {
    this.members = new Members({ size: options.members, seed: options.seed });
    this.throttles = new Throttles(options.limits);
    this.pushes = new PushSender(now, this.mishaps);
    this.ownership = new OwnershipChecks(now);
    this.behaviour = { ...options.behaviour };
    this.reset();
  }

  /** As it was first. */
  reset(): void {
    this.applications = seedApplications();
    this.seats = seedSeats();
    this.conversations = [];
    this.stubs = [];
    this.notes = [];
    this.flags = [];
    this.exports.clear();
    this.statusRequests.clear();
    this.tasks.clear();
    this.#records.clear();
    this.#numbers = 9000;
    this.tokens.revoke();
    this.members.reset();
    this.throttles.reset();
    this.pushes.reset();
    this.ownership.reset();
    this.mishaps.clear();
    Object.assign(this.behaviour, this.options.behaviour);
  }

  /** A number that no record has yet. */
  nextNumber(): number {
    this.#numbers += 1;
    return this.#numbers;
  }

  /** Notes what LinkedIn takes against its advice. */
  flag(what: string): void {
    this.flags.push({ at: new Date(this.now()).toISOString(), what });
  }

  /** How the keys of a resource are read and written. */
  keys(kind: keyof typeof COMPOUND_KEYS, versioned: boolean): KeyKind {
    return compoundKeys(kind, versioned, (names) =>
      this.mishaps.left.shuffleKeys ? this.random.shuffle(names) : names,
    );
  }

  /** What was pushed for an organization, whoever asks. */
  recordsOf(organization: string): AtsRecords {
    const known = this.#records.get(organization);
    if (known) return known;
    const records = new AtsRecords(this.members);
    this.#records.set(organization, records);
    return records;
  }

  /**
   * What an application may read and write there.
   * @throws Refusal with status 403 unless one of its integrations with the organization is enabled. To delete, it is
   *   enough that there is one: that is how a customer leaves (LinkedIn sheet §5.7).
   */
  recordsFor(application: Application, organization: string, purpose: 'use' | 'delete' = 'use'): AtsRecords {
    const integrations = application.integrations.filter(({ context }) => context === organization);
    const isOpen = purpose === 'delete' ? integrations.length > 0 : integrations.some(isEnabled);
    if (!isOpen) throw forbidden(`No integration with ${organization} is enabled for this application`);
    return this.recordsOf(organization);
  }

  /** @throws Refusal with status 403 unless this integration is enabled. */
  demandEnabled(application: Application, type: IntegrationType, context: string): void {
    const found = application.integrations.find((one) => one.type === type && one.context === context);
    if (!found || !isEnabled(found)) throw forbidden(`${type} is not enabled for this application and context`);
  }

  /** The integration that is enabled with a context, and whose it is. */
  enabledIn(context: string, type: IntegrationType): Application | undefined {
    return this.applications.find(({ integrations }) =>
      integrations.some((one) => one.context === context && one.type === type && isEnabled(one)),
    );
  }

  /** The value of a configuration, of whichever application is integrated with the organization. */
  configurationOf(organization: string, type: IntegrationType, key: string): string | undefined {
    const application = this.enabledIn(organization, type);
    const found = application?.integrations.find((one) => one.context === organization && one.type === type);
    return found?.configuration.get(key);
  }

  /** Where an application is told what happens in an organization; `undefined` when it never said. */
  callbackOf(application: Application, organization: string): PushTarget | undefined {
    const integration = application.integrations.find(
      ({ type, context }) => type === 'ONE_CLICK_EXPORT' && context === organization,
    );
    const url = integration?.configuration.get('CALLBACK_URL');
    return url === undefined ? undefined : { url, secret: application.clientSecret };
  }

  /** Tells an application; nothing when it never said where, or its address is blocked. */
  push(application: Application, organization: string, type: string, id: string, expiresAt?: number): void {
    const target = this.callbackOf(application, organization);
    if (!target || this.ownership.isBlocked(target.url)) return;
    this.pushes.send(target, { id, type, ...(expiresAt === undefined ? {} : { expiresAt }) });
  }

  /** @throws Refusal with status 404 for a company that is not there. */
  companyWith(context: string): CompanySeed {
    const company = this.companies.find(
      ({ organization, contracts }) => organization === context || contracts.some(({ urn }) => urn === context),
    );
    if (!company) throw notFound('Company');
    return company;
  }

  /** @throws Refusal with status 404 for one that is not there. */
  seat(id: number): Seat {
    const seat = this.seats.find((one) => one.id === id);
    if (!seat) throw notFound('Seat');
    return seat;
  }

  /** Gives a seat another state, or takes it away. */
  setSeat(id: number, state: SeatState | 'REMOVED'): void {
    const seat = this.seat(id);
    if (state === 'REMOVED') this.seats = this.seats.filter((one) => one !== seat);
    else seat.state = state;
  }

  /** The seat with a URN. */
  seatByUrn(urn: string): Seat | undefined {
    return this.seats.find((one) => urnOf(one) === urn);
  }
}

/** `urn:li:seat:555`. */
export function urnOf({ id }: Pick<Seat, 'id'>): string {
  return `urn:li:seat:${id}`;
}

function isEnabled({ status }: Integration): boolean {
  return status === 'ENABLED';
}
