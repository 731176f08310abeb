import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { organizationOf } from '../support/organization-client.ts';
import { type RunningSystem, startSystem, until } from '../support/running-system.ts';

let system: RunningSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system[Symbol.asyncDispose]());

describe('EXP-5: whoever was exported to an account before', () => {
  it('is skipped, also after the connection was removed and made anew, and the profile still shows where it went', async () => {
    const organization = organizationOf(system);
    const first = await organization.connect();
    const profileIds = await organization.people(3);
    const { id } = await organization.order({ connectionId: first, profileIds });
    const complete = await organization.untilExport(id, 'COMPLETE');
    expect(complete.counts).toMatchObject({ created: 3 });

    await organization.remove(first);
    await until(
      () => organization.connection(first),
      (connection) => connection === null || connection.status === 'REMOVED',
    );
    const places = await exportedTo(profileIds[0] ?? '');
    expect(places).toMatchObject([
      {
        atsName: 'JobScore',
        url: expect.stringMatching(/^https:\/\/hire\.jobscore\.com\/candidates\//),
        exportedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      },
    ]);

    const second = await organization.connect();
    expect(second).not.toBe(first);
    const again = await organization.order({ connectionId: second, profileIds });
    const skipped = await organization.untilExport(again.id, 'COMPLETE');
    expect(skipped.counts).toMatchObject({ skipped: 3, created: 0 });
    expect(skipped.items.nodes.map(({ code }: { readonly code: string }) => code)).toEqual(
      Array(3).fill('PREVIOUSLY_EXPORTED'),
    );
    const included = await organization.order({ connectionId: second, profileIds, includePreviouslyExported: true });
    expect((await organization.untilExport(included.id, 'COMPLETE')).counts).toMatchObject({ created: 3 });
    // Each time is shown, the newest first, whichever connection it went through.
    expect(await exportedTo(profileIds[0] ?? '')).toMatchObject([{ connectionId: second }, { connectionId: first }]);

    function exportedTo(profileId: string) {
      return organization
        .ask('query ($id: ID!) { profile(id: $id) { exportedTo { atsName connectionId url exportedAt } } }', {
          id: profileId,
        })
        .then((profile) => profile.exportedTo);
    }
  });
});
