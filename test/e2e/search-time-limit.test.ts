import { ProfileSearchDocument } from '@talentbridge/schema';
import { expect, it } from 'vitest';
import { organizationOf } from '../support/organization-client.ts';
import { startSystem } from '../support/running-system.ts';
import { typedClient } from '../support/typed-client.ts';

it('RED-6: a search that takes longer than it may names the part of the query that took longest, and nothing is broken by it', async () => {
  await using impatient = await startSystem({ settings: { SEARCH_TIME_LIMIT_SECONDS: '0.000001' } });
  const organization = organizationOf(impatient);
  await organization.people([{ skills: ['Welding'] }, { skills: ['Go'] }]);
  const search = (system: typeof impatient) =>
    typedClient(system, { organizationId: organization.id, roles: ['VIEWER'] })(ProfileSearchDocument, {
      query: '(skill:welding)',
    });
  // Before anybody is in the index no part of the query takes any time.
  await expect
    .poll(async () => (await search(impatient)).profileSearch, { timeout: 20_000 })
    .toMatchObject({
      __typename: 'InvalidQuery',
      code: 'INVALID_QUERY',
      message: expect.stringContaining('took longer than'),
      problems: [{ code: 'TOO_SLOW', start: 1, end: 14, remedy: expect.stringContaining('fewer') }],
    });
  await using patient = await startSystem({
    databaseUrl: impatient.databaseUrl,
    encryptionKeys: impatient.encryptionKeys,
    vendors: impatient.vendors,
  });
  await expect
    .poll(async () => (await search(patient)).profileSearch, { timeout: 20_000 })
    .toMatchObject({ __typename: 'ProfilesFound', total: 1 });
});
