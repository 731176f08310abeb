import { readFileSync } from 'node:fs';
import type { ExportField } from '@talentbridge/contracts';
import { describe, expect, it } from 'vitest';
import { SIMULATED_LOGINS } from '../simulator/index.js';
import plugin from '../src/index.js';
import { startIcims } from './start-icims.js';

const README = narrow(readFileSync(new URL('../README.md', import.meta.url), 'utf8'));

/** Without the padding that keeps the columns of tables in line. */
function narrow(text: string): string {
  return text.replace(/ {2,}/g, ' ');
}

function rowOf({ label, note = '', required = false, maxCount }: ExportField): string {
  const limits = [...(required ? ['required'] : []), ...(maxCount === undefined ? [] : [`at most ${maxCount}`])];
  return narrow(`| ${[label, limits.join(', '), note].join(' | ')} |`);
}

describe('the README', () => {
  it('EXP-11: shows the fields as the exporter declares them', async () => {
    await using icims = await startIcims();
    const { exporter } = await icims.connect({ settings: { sendResume: true } });
    for (const field of exporter.fields) expect(README).toContain(`\n${rowOf(field)}\n`);
  });

  it('RED-1: says what a first load costs, as the wizard does', () => {
    const steps = plugin.requirements.find(({ id }) => id === 'daily-calls')?.steps.join(' ') ?? '';
    expect(plugin.requirements.find(({ id }) => id === 'daily-calls')?.capabilities).toStrictEqual(['rediscovery']);
    for (const text of [steps, README]) {
      expect(text).toContain('10,000');
      expect(text).toMatch(/two weeks for each 100,000/);
    }
  });

  it('names every login that the simulator knows', () => {
    for (const login of Object.values(SIMULATED_LOGINS)) {
      for (const value of Object.values(login)) expect(README).toContain(`\`${value}\``);
    }
  });
});
