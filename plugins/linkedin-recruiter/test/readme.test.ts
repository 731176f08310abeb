import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { SIMULATED_APPLICATIONS } from '../simulator/index.js';

it('the README names every application that the simulator knows', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  for (const { clientId, clientSecret } of Object.values(SIMULATED_APPLICATIONS)) {
    expect(readme).toContain(`\`${clientId}\``);
    expect(readme).toContain(`\`${clientSecret}\``);
  }
});
