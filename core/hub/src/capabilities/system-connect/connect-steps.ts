import type { StoredIntegration } from './integrations.js';
import { works } from './integrations.js';
import type { ConnectStep, SystemPair } from './system-connect-model.js';

/** How a network tells what happens there. */
export interface CallbackState {
  /** `ACTIVE`: it does. `NOT_SET_UP`: somebody has to do something. */
  readonly status: string;
  readonly reason: string | null;
  readonly checkedAt: Date | null;
}

/** What the steps are made of. */
export interface StepFacts {
  /** What the network calls itself. */
  readonly network: string;
  /** Why the connection cannot be used. Absent: it can. */
  readonly unusable: string | undefined;
  readonly pair: SystemPair | undefined;
  /** Why nobody can be added to the ATS of the pair. Absent: they can, or there is no pair. */
  readonly notTaking: string | undefined;
  readonly integrations: readonly StoredIntegration[];
  /** When the network was asked last. */
  readonly integrationsAt: Date | null;
  readonly seatsAt: Date | null;
  /** Why it could not be asked. */
  readonly reason: string | null;
  /** How the network tells what happens there. Absent: it does not. */
  readonly callback: CallbackState | undefined;
  readonly activeSeats: number;
  readonly connectedSeats: number;
  readonly firstSyncDoneAt: Date | null;
  /** Candidates that the network has, and refuses. */
  readonly candidates: { readonly sent: number; readonly refused: number };
}

/** The steps of switching System Connect on, in the order in which they are done, each as far as it is. */
export function connectSteps(facts: StepFacts): readonly ConnectStep[] {
  return [
    connectStep(facts),
    pairStep(facts),
    ...takingStep(facts),
    requestStep(facts),
    ...callbackStep(facts),
    ...facts.integrations.map((integration) => integrationStep(facts, integration)),
    seatsStep(facts),
    firstSyncStep(facts),
  ];
}

function connectStep({ network, unusable }: StepFacts): ConnectStep {
  return { ...step('connect', `${network} is connected`), ...(unusable === undefined ? DONE : todo(unusable)) };
}

function pairStep({ network, pair }: StepFacts): ConnectStep {
  const state = pair ? DONE : todo(`Choose the connection of the ATS whose candidates go to ${network}.`);
  return { ...step('pair', `${network} is paired with an ATS`), ...state };
}

function takingStep({ network, pair, notTaking }: StepFacts): readonly ConnectStep[] {
  if (!pair) return [];
  const base = step('taking', `The ATS takes people who come from ${network}`);
  return [{ ...base, ...(notTaking === undefined ? DONE : todo(notTaking)) }];
}

function requestStep(facts: StepFacts): ConnectStep {
  const { network, integrations, integrationsAt, reason } = facts;
  const base = { ...step('request', `The integration was asked for at ${network}`), checkedAt: integrationsAt };
  if (integrationsAt === null) return { ...base, ...waiting(reason ?? `${network} is asked in a moment.`) };
  if (wasAskedFor(facts)) return { ...base, ...DONE };
  const missing = integrations.find(({ status }) => status === 'missing');
  return { ...base, ...todo(missing?.remedy ?? `An administrator of ${network} asks for the integration.`) };
}

function callbackStep(facts: StepFacts): readonly ConnectStep[] {
  const { network, callback } = facts;
  if (!callback) return [];
  const base = { ...step('callback', `${network} tells at once what happens there`), checkedAt: callback.checkedAt };
  if (callback.status === 'ACTIVE') return [{ ...base, ...DONE }];
  // Whatever it says until then, nobody can do anything about it.
  if (!wasAskedFor(facts)) return [{ ...base, ...waiting('It begins once the integration was asked for.') }];
  const next = callback.reason ?? 'The address of the hub is being registered.';
  return [{ ...base, ...(callback.status === 'NOT_SET_UP' ? todo(next) : waiting(next)) }];
}

function integrationStep({ integrationsAt }: StepFacts, { id, label, status, remedy }: StoredIntegration): ConnectStep {
  const base = { ...step(`integration:${id}`, `${label} enabled`), checkedAt: integrationsAt };
  if (status === 'enabled') return { ...base, ...DONE };
  if (status === 'requested') return { ...base, ...waiting('The hub does its part in a moment.') };
  return { ...base, ...todo(remedy ?? 'An administrator of the network enables it.') };
}

function seatsStep({ network, integrations, activeSeats, connectedSeats, seatsAt }: StepFacts): ConnectStep {
  const base = { ...step('seats', 'Recruiters have connected their seats'), checkedAt: seatsAt };
  if (connectedSeats > 0) return { ...base, ...DONE };
  if (activeSeats > 0) return { ...base, ...todo('Recruiters connect their own seats, or an admin does it for them.') };
  if (!works('pull', integrations) || seatsAt === null) {
    return { ...base, ...waiting(`Seats are read once they may be read at ${network}.`) };
  }
  return { ...base, ...todo(`${network} has no active seat under this contract. Give recruiters one there.`) };
}

function firstSyncStep({ network, pair, integrations, firstSyncDoneAt, candidates }: StepFacts): ConnectStep {
  const base = step('firstSync', `Everything the ATS holds is at ${network}`);
  // A few that lack something are no reason to look at it; where most are refused something is wrong with all.
  if (firstSyncDoneAt && candidates.refused > candidates.sent) {
    return {
      ...base,
      ...todo(`${network} refuses ${candidates.refused} candidates. See why, with the refused records.`),
    };
  }
  if (firstSyncDoneAt) return { ...base, ...DONE };
  const isUnderWay = pair !== undefined && works('push', integrations);
  return { ...base, ...waiting(isUnderWay ? 'It is being sent.' : 'It begins once the steps before are done.') };
}

function wasAskedFor({ integrations }: StepFacts): boolean {
  return integrations.length > 0 && integrations.every(({ status }) => status !== 'missing');
}

function step(id: string, title: string): Pick<ConnectStep, 'id' | 'title' | 'checkedAt'> {
  return { id, title, checkedAt: null };
}

const DONE: Pick<ConnectStep, 'status' | 'remedy'> = { status: 'DONE', remedy: null };

function todo(remedy: string): Pick<ConnectStep, 'status' | 'remedy'> {
  return { status: 'TODO', remedy };
}

function waiting(remedy: string): Pick<ConnectStep, 'status' | 'remedy'> {
  return { status: 'WAITING', remedy };
}
