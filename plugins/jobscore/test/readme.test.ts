import { readFileSync } from 'node:fs';
import type { ExportField } from '@talentbridge/contracts';
import { describe, expect, it } from 'vitest';
import { SIMULATED_KEYS } from '../simulator/index.js';
import { startJobScore } from './start-jobscore.js';

const README = narrow(readFileSync(new URL('../README.md', import.meta.url), 'utf8'));

/** Without the padding that keeps the columns of tables in line. */
function narrow(text: string): string {
  return text.replace(/ {2,}/g, ' ');
}

function rowOf({ label, note = '', required = false, maxCount, datePrecision }: ExportField): string {
  const limits = [
    ...(required ? ['required'] : []),
    ...(maxCount === undefined ? [] : [`at most ${maxCount}`]),
    ...(datePrecision === undefined ? [] : [`dates by ${datePrecision}`]),
  ];
  return narrow(`| ${[label, limits.join(', '), note].join(' | ')} |`);
}

describe('the README', () => {
  it('EXP-11: shows the fields as the exporter declares them', async () => {
    await using jobscore = await startJobScore();
    for (const field of jobscore.connection.exporter.fields) expect(README).toContain(`\n${rowOf(field)}\n`);
  });

  it('names every key that the simulator knows', () => {
    for (const key of Object.values(SIMULATED_KEYS)) expect(README).toContain(`\`${key}\``);
  });
});
