import type { ArrivalRecord } from '@talentbridge/hub';
import type { SimulatedAccount } from '@talentbridge/plugin-jobscore/simulator';
import {
  CUSTOMERS,
  INTEGRATIONS,
  type Protocol,
  type ShownProfile,
} from '../../../plugins/linkedin-recruiter/certification/index.ts';
import { until } from '../../support/running-system.ts';
import type { HubStand } from './hub-stand.ts';

/** How soon a change must show (LinkedIn sheet §12). */
export const SOON_MS = 60_000;

const { exampleco } = CUSTOMERS;

/** Somebody whom LinkedIn took for a member by itself. */
export interface Matched {
  /** In the ATS. */
  readonly id: string;
  readonly member: string;
  /** What the ATS holds of them. */
  readonly folder: ReturnType<SimulatedAccount['folder']>;
}

/** What people do on both sides while a hub works between them, and what there is to see. */
export class PairedWork {
  readonly stand: HubStand;
  #enabling: Promise<void> | undefined;

  constructor(stand: HubStand) {
    this.stand = stand;
  }

  /** Walks the administrator through the steps; ends when the first sync has. Done once, however often it is asked for. */
  enabled(): Promise<void> {
    this.#enabling ??= this.#enable();
    return this.#enabling;
  }

  /** What the ATS holds. */
  get account(): SimulatedAccount {
    return this.stand.jobscore.account();
  }

  /** What LinkedIn holds. */
  get records(): ReturnType<HubStand['linkedIn']['records']> {
    return this.stand.linkedIn.records();
  }

  /** Those whom LinkedIn matched by itself. */
  matched(): readonly Matched[] {
    return [...this.records.candidates.values()].flatMap(({ id, matched: [member] }) =>
      member === undefined ? [] : [{ id, member, folder: this.account.folder(id) }],
    );
  }

  /** What the hub tells an admin of records that LinkedIn refused. */
  async refused(kind: string): Promise<readonly { readonly remoteId: string; readonly reason: string }[]> {
    const { hub, scope, connectionId } = this.stand;
    const { items } = await hub.systemConnect.refusedRecords(scope, connectionId, { first: 100 });
    return items.filter((one) => one.kind === kind);
  }

  /** People who came from LinkedIn, the newest first. */
  async arrivals(): Promise<readonly ArrivalRecord[]> {
    const { hub, scope, connectionId } = this.stand;
    return (await hub.systemConnect.arrivals(scope, connectionId, {}, { first: 100 })).items;
  }

  /** A recruiter exports a member to a job; answers the candidate's id in the ATS once they are there. */
  async exported(member: string, job: string): Promise<string> {
    const before = (await this.arrivals()).length;
    await this.stand.pages.act('/exports', { seat: exampleco.seat, member, job });
    const [arrived] = await until(
      () => this.arrivals(),
      (all) => all.length > before && all.every(({ state }) => state === 'ADDED'),
      SOON_MS,
    );
    if (typeof arrived?.candidateRemoteId !== 'string')
      throw new Error('The hub does not say whom the ATS made of them.');
    return arrived.candidateRemoteId;
  }

  /** Waits until Recruiter shows something, and writes down how long that took. */
  async shows(
    protocol: Protocol,
    what: string,
    member: string,
    isSo: (profile: ShownProfile) => boolean,
  ): Promise<void> {
    const startedAt = performance.now();
    await until(() => this.stand.pages.profile(member), isSo, SOON_MS);
    protocol.holds(what, true, `after ${Math.round(performance.now() - startedAt)} ms`);
  }

  /** The frame that a page of the hub shows for a candidate of the ATS, who is among the last hundred of the mirror. */
  async frame(remoteId: string): Promise<string> {
    const { hub, scope, atsConnectionId, pages } = this.stand;
    const { items } = await hub.mirror.candidates(scope, atsConnectionId, { first: 100 });
    const candidate = items.find((one) => one.remoteId === remoteId);
    const widget = candidate && (await hub.systemConnect.networkWidgets(scope, [candidate])).get(candidate.id);
    if (!widget) throw new Error('The hub has no widget for the candidate.');
    return pages.frame(widget);
  }

  /** Does something in the ATS, as its users do in its own pages. */
  async inAts(path: string, body: object = {}): Promise<Readonly<Record<string, unknown>>> {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const response = await fetch(`${this.stand.jobscore.url}/_sim${path}`, init);
    if (!response.ok) throw new Error(`The ATS did not let ${path}: ${await response.text()}`);
    return Object(await response.json());
  }

  async #enable(): Promise<void> {
    const { hub, scope, pages, connectionId } = this.stand;
    await pages.askForPackage(exampleco);
    await until(
      () => hub.systemConnect.refreshSteps(scope, connectionId),
      (all) => all.find(({ id }) => id === 'callback')?.status === 'DONE',
      SOON_MS,
    );
    for (const type of INTEGRATIONS) await pages.enable(exampleco, type);
    await until(
      () => hub.systemConnect.progress(scope, connectionId),
      (progress) => progress?.push.firstSync.endedAt instanceof Date,
      2 * SOON_MS,
    );
  }
}
