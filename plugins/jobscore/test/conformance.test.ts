import { type CheckName, describePlugin, runCheck } from '@talentbridge/testkit';
import { describe, expect, it } from 'vitest';
import { type Deviations, startSimulator } from '../simulator/index.js';
import plugin from '../src/index.js';
import { subjectOf } from './jobscore-subject.js';

describePlugin(plugin, { start: async () => subjectOf(await startSimulator({ rate: 0 })) });

/** The promises that hang on how JobScore lists its candidates. */
const LISTING: readonly CheckName[] = [
  'rediscovery.everything',
  'rediscovery.full-page',
  'rediscovery.page-again',
  'rediscovery.changes',
  'rediscovery.changes-only',
  'rediscovery.added',
  'rediscovery.changed-during',
  'rediscovery.deleted-during',
  'rediscovery.500',
];

describe.each<[string, Deviations]>([
  ['ignores updated_since', { withoutUpdatedSince: true }],
  ['does not count its pages', { withoutPageMeta: true }],
  ['names no dispositions', { withoutDispositionNames: true }],
])('when JobScore %s', (_what, deviations) => {
  it.each(LISTING)('RED-1, RED-2: the plugin keeps the promise %s', async (name) => {
    const subject = { start: async () => subjectOf(await startSimulator({ rate: 0, deviations })) };
    expect(await runCheck(plugin, subject, name)).toEqual({ kind: 'passed' });
  });
});
