import { readFileSync } from 'node:fs';
import type { ExportField } from '@talentbridge/contracts';
import { describe, expect, it } from 'vitest';
import { SIMULATED_CREDENTIALS } from '../simulator/index.js';
import { EXPORT_METHODS, REDISCOVERY_METHODS } from '../src/requirements.js';
import { startJobDiva } from './start-jobdiva.js';

const README = narrow(readFileSync(new URL('../README.md', import.meta.url), 'utf8'));

/** Without the padding that keeps the columns of tables in line. */
function narrow(text: string): string {
  return text.replace(/ {2,}/g, ' ');
}

function rowOf({ label, note = '', required = false, maxCount, maxLength, datePrecision }: ExportField): string {
  const limits = [
    ...(required ? ['required'] : []),
    ...(maxCount === undefined ? [] : [`at most ${maxCount}`]),
    ...(maxLength === undefined ? [] : [`${maxLength} characters`]),
    ...(datePrecision === undefined ? [] : [`dates by ${datePrecision}`]),
  ];
  return narrow(`| ${[label, limits.join(', '), note].join(' | ')} |`);
}

describe('the README', () => {
  it('EXP-11: shows the fields as the exporter declares them', async () => {
    await using jobdiva = await startJobDiva();
    for (const field of jobdiva.connection.exporter.fields) expect(README).toContain(`\n${rowOf(field)}\n`);
  });

  it('names every method that an administrator has to enable', () => {
    for (const method of [...EXPORT_METHODS, ...REDISCOVERY_METHODS]) expect(README).toContain(`\`${method}\``);
  });

  it('names everything that opens the simulator', () => {
    for (const value of Object.values(SIMULATED_CREDENTIALS).flatMap((one) => Object.values(one))) {
      expect(README).toContain(`\`${value}\``);
    }
  });
});
