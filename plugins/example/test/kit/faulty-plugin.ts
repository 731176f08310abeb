import { type CheckName, runCheck } from '@talentbridge/testkit';
import { expect } from 'vitest';
import { subject } from '../subject.js';
import { type Sabotage, sabotaged } from './sabotage.js';

/** What a plugin does wrong, how, and which checks of the conformance suite are to find it. */
export type FaultyPlugin = readonly [what: string, Sabotage, caughtBy: readonly CheckName[]];

/** Fails unless each of the checks that are to find the fault does. */
export async function expectCaught([, sabotage, caughtBy]: FaultyPlugin): Promise<void> {
  for (const name of caughtBy) {
    const outcome = await runCheck(sabotaged(sabotage), subject, name).catch(() => 'caught');
    expect(outcome, name).toBe('caught');
  }
}
