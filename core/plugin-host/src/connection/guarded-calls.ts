import {
  AtsUnavailableError,
  type CallContext,
  ExportInterruptedError,
  type HubError,
  isHubError,
  PluginFaultError,
} from '@talentbridge/contracts';
import type { Clock } from '../clock.js';
import type { SecretPlaceholders } from '../secrets/secret-placeholders.js';
import { notPlainAt } from './plain-data.js';
import { redactError } from './redact-error.js';

/** What is needed to guard the calls of one connection. */
export interface CallGuard {
  readonly pluginId: string;
  readonly atsName: string;
  readonly secrets: SecretPlaceholders;
  readonly clock: Clock;
  /** Hand copies over in both directions, and refuse what is not plain data. */
  readonly checkCloneable: boolean;
}

/** What the contracts have in common: the context comes first. */
type Call = (ctx: CallContext, ...rest: readonly unknown[]) => unknown;

/**
 * How much longer than the deadline a call may take. The HTTP client keeps the same deadline and its error says more,
 * such as that the request never left: it gets the chance to arrive first.
 */
const GRACE_MS = 100;

/**
 * The same object with every method guarded as `guardCall` does; what is no method stays as it is. Methods keep their
 * `this`, so that a plugin may use a class.
 */
export function guardMethods<Capability extends object>(guard: CallGuard, capability: Capability): Capability {
  const guarded: Record<string, unknown> = {};
  for (const name of propertyNames(capability)) {
    const value: unknown = Reflect.get(capability, name);
    guarded[name] = isCall(value) ? guardCall(guard, name, value.bind(capability)) : value;
  }
  return guarded as Capability;
}

/**
 * A call as the hub makes it: it ends at its deadline, and what it throws is an error of the hub without a secret in
 * it, whatever the plugin threw.
 */
function guardCall(guard: CallGuard, name: string, call: Call): (...args: Parameters<Call>) => Promise<unknown> {
  return async (ctx, ...rest) => {
    const late = ctx.deadline - guard.clock.now();
    if (late <= 0) {
      throw new AtsUnavailableError(guard.atsName, 'could not be asked in the time that was left', { effect: 'none' });
    }
    const args = guard.checkCloneable ? copyOfArguments(name, rest) : rest;
    let answer: unknown;
    try {
      answer = await withinTime(guard, late + GRACE_MS, () => call(ctx, ...args));
    } catch (error) {
      throw asHubError(guard, name, error);
    }
    return guard.checkCloneable ? copyOfAnswer(guard, name, answer) : answer;
  };
}

/** Whatever a plugin threw, as an error that the hub knows what to do with. */
export function asHubError(guard: CallGuard, name: string, thrown: unknown): HubError | ExportInterruptedError {
  redactError(thrown, guard.secrets);
  if (isHubError(thrown)) return thrown;
  if (isInterrupted(thrown)) {
    if (isHubError(thrown.failure)) return thrown;
    return new ExportInterruptedError(thrown.reference, asHubError(guard, name, thrown.failure));
  }
  const what = thrown instanceof Error ? thrown.name : typeof thrown;
  // Its effect is unknown, because nobody can tell how far the plugin had come.
  return new PluginFaultError(guard.pluginId, `failed in ${name} with an unexpected error (${what})`, {
    cause: thrown,
    effect: 'unknown',
  });
}

function withinTime(guard: CallGuard, ms: number, run: () => unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const cancel = guard.clock.after(ms, () =>
      reject(new AtsUnavailableError(guard.atsName, 'did not finish in the time that was given')),
    );
    // `async`, so that a plugin that throws at once is no different from one that rejects.
    const running = (async () => run())();
    running.then(resolve, reject).finally(cancel);
  });
}

function copyOfArguments(name: string, args: readonly unknown[]): readonly unknown[] {
  const problem = notPlainAt(args, 'arguments');
  if (problem !== undefined) throw new TypeError(`${name} must be called with plain data: ${problem}.`);
  return structuredClone(args);
}

function copyOfAnswer(guard: CallGuard, name: string, answer: unknown): unknown {
  const problem = notPlainAt(answer);
  if (problem !== undefined) {
    throw new PluginFaultError(guard.pluginId, `answered ${name} with something that is no plain data: ${problem}`, {
      effect: 'unknown',
    });
  }
  return structuredClone(answer);
}

/** Told by its shape as well, because two copies of the contracts can be loaded. */
function isInterrupted(thrown: unknown): thrown is ExportInterruptedError {
  return (
    thrown instanceof Error &&
    thrown.name === 'ExportInterruptedError' &&
    'failure' in thrown &&
    'reference' in thrown &&
    typeof thrown.reference === 'object' &&
    thrown.reference !== null &&
    'remoteId' in thrown.reference &&
    typeof thrown.reference.remoteId === 'string'
  );
}

function isCall(value: unknown): value is Call {
  return typeof value === 'function';
}

/** Own and inherited ones, without those that every object has. */
function propertyNames(object: object): ReadonlySet<string> {
  const names = new Set<string>();
  for (let at: object | null = object; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const name of Object.getOwnPropertyNames(at)) if (name !== 'constructor') names.add(name);
  }
  return names;
}
