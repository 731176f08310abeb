import { type PluginSubject, runCheck } from '@talentbridge/testkit';
import { expect, it } from 'vitest';
import plugin from '../../src/index.js';
import { subject } from '../subject.js';
import { sabotaged } from './sabotage.js';

it('the conformance suite asks to take a skip away that is not needed', async () => {
  const skips = { 'jobs.none': 'We believe that it fails.' } as const;
  await expect(runCheck(plugin, { ...subject, skips }, 'jobs.none')).rejects.toThrow('take it off the skips');
});

it('the conformance suite tells why a check was skipped', async () => {
  const needy: PluginSubject = { ...subject, skips: { 'jobs.one': 'The vendor loses its first job.' } };
  const faulty = sabotaged({ export: () => ({ listJobs: async () => ({ items: [] }) }) });
  expect(await runCheck(faulty, needy, 'jobs.one')).toEqual({
    kind: 'skipped',
    reason: 'The vendor loses its first job.',
  });
  expect(await runCheck(plugin, subject, 'export.tags')).toMatchObject({ kind: 'skipped' });
});
