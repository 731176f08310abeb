import { readFileSync } from 'node:fs';
import type { ExportField } from '@talentbridge/contracts';
import { describe, expect, it } from 'vitest';
import { SIMULATED_TOKENS } from '../simulator/index.js';
import { startSmartRecruiters } from './start-smartrecruiters.js';

const README = narrow(readFileSync(new URL('../README.md', import.meta.url), 'utf8'));

/** Without the padding that keeps the columns of tables in line. */
function narrow(text: string): string {
  return text.replace(/ {2,}/g, ' ');
}

function rowOf({ label, note = '', required = false, maxCount, maxLength }: ExportField): string {
  const limits = [
    ...(required ? ['required'] : []),
    ...(maxCount === undefined ? [] : [`at most ${maxCount}`]),
    ...(maxLength === undefined ? [] : [`${maxLength} characters`]),
  ];
  return narrow(`| ${[label, limits.join(', '), note].join(' | ')} |`);
}

describe('the README', () => {
  it('EXP-11: shows the fields as the exporter declares them', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    for (const field of smartRecruiters.connection.exporter.fields) expect(README).toContain(`\n${rowOf(field)}\n`);
  });

  it('RED-11: says of each event that is asked for what is read again, and why', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const told = [...README.matchAll(/^\| `([a-z.]+)` \| the (?:candidate|job) \| \w/gm)].map(([, name]) => name);
    expect(told).toEqual(smartRecruiters.connection.webhooks.events);
  });

  it('names every token that the simulator knows', () => {
    for (const token of Object.values(SIMULATED_TOKENS)) expect(README).toContain(`\`${token}\``);
  });
});
