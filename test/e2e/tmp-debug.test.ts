import { expect, it } from 'vitest';
import { organizationOf, USER_ERRORS } from '../support/organization-client.ts';
import { startSystem, until } from '../support/running-system.ts';
import pg from 'pg';
it('debug', async () => {
  await using system = await startSystem();
  const { jobscore } = system.vendors;
    const organization = organizationOf(system);
    const connectionId = await organization.connect();
    const profileIds = await organization.people(12);
    jobscore.faults.add({ method: 'POST', path: '/v2/candidates', fault: { kind: 'delay', ms: 100 } });
    const { id } = await organization.order({ connectionId, profileIds });
    await until(() => jobscore.candidates().length, (count) => count >= 3);
    const [key] = jobscore.account().keys;
    if (key) jobscore.account().keys.push({ ...key, token: 'a-new-key-of-exampleco', revoked: false });
    await organization.ask(
      `mutation ($input: UpdateConnectionInput!) { updateConnection(input: $input) {
         ${USER_ERRORS} ... on ConnectionUpdated { connection { status } } } }`,
      { input: { connectionId, credentials: [{ name: 'apiKey', value: 'a-new-key-of-exampleco' }] } },
    );
    if (key) key.revoked = true;
    await new Promise((r) => setTimeout(r, 3000));
    console.log(JSON.stringify(await organization.export(id), null, 0).slice(0, 900));
    console.log(JSON.stringify(await organization.connection(connectionId), null, 0));
    console.log(system.log().split('\n').filter((l) => !l.includes('"answered')).slice(-20).join('\n'));
    const c = new pg.Client({ connectionString: system.databaseUrl }); await c.connect();
    console.log(JSON.stringify((await c.query('select id, attempts, last_error, run_at, locked_at, now() from graphile_worker._private_jobs')).rows, null, 1));
    console.log(JSON.stringify((await c.query('select state, tries, next_try_at, existing_id, now() from talentbridge.export_item order by position')).rows));
    console.log(jobscore.requests.all().slice(-12).map((r) => `${r.method} ${r.path} ${r.status} ${r.headers.authorization}`).join('\n'));
    await c.end();
  expect(1).toBe(1);
}, 60000);
