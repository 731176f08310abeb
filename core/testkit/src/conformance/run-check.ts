import type { Plugin } from '@talentbridge/contracts';
import { type CheckWorld, NotConcerned } from './check.js';
import { CHECKS, type CheckName } from './checks/index.js';
import type { PluginSubject } from './plugin-subject.js';
import { type PluginConnection, startConnection } from './start-connection.js';

/** What came of a check that did not fail. */
export type CheckVerdict = { readonly kind: 'passed' } | { readonly kind: 'skipped'; readonly reason: string };

/**
 * Runs one check of the conformance suite by itself, in a world of its own, and looks for leaks in everything that it
 * saw. Rejects when the plugin breaks the promise, and also when the subject skips a check that would pass.
 */
export async function runCheck(plugin: Plugin, subject: PluginSubject, name: CheckName): Promise<CheckVerdict> {
  const reason = subject.skips?.[name];
  try {
    await runInWorld(plugin, subject, name);
  } catch (error) {
    if (error instanceof NotConcerned) return { kind: 'skipped', reason: error.message };
    if (reason !== undefined) return { kind: 'skipped', reason };
    throw error;
  }
  if (reason !== undefined) throw new Error(`${name} passes: take it off the skips.`);
  return { kind: 'passed' };
}

async function runInWorld(plugin: Plugin, subject: PluginSubject, name: CheckName): Promise<void> {
  const check = Object.values(CHECKS)
    .flat()
    .find((each) => each.name === name);
  if (!check) throw new Error(`There is no check ${name}.`);
  await using started = new AsyncDisposableStack();
  const connections: PluginConnection[] = [];
  const begin = async (): Promise<CheckWorld> => {
    const account = started.use(await subject.start());
    const connect: CheckWorld['connect'] = async (options) => {
      const connection = started.use(await startConnection(plugin, account, options));
      connections.push(connection);
      return connection;
    };
    return { plugin, account, connection: await connect(), connect, another: begin };
  };
  await check.run(await begin());
  for (const connection of connections) connection.expectNoLeak();
}
