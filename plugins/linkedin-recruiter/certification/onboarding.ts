import { candidate, job } from '../test/mirrored.ts';
import { startPluginStand } from './plugin-stand.ts';
import type { Exercises } from './protocol.ts';
import { CUSTOMERS, INTEGRATIONS } from './recruiter-pages.ts';
import { callsTo, valuesOf } from './wire.ts';

const { exampleco, samplecorp } = CUSTOMERS;
const SIGN_IN = 'POST /oauth/v2/accessToken';

/** Module 1. */
export const onboarding: Exercises = {
  async 'RSC-101'(protocol) {
    await using stand = await startPluginStand({ enabled: false });
    const { systemConnect, ctx } = stand.connection;
    const statuses = async () => [...new Set((await systemConnect.integrations(ctx)).map(({ status }) => status))];
    protocol.step(
      'A page shows the onboarding widget that the plugin describes; an administrator asks for the package.',
    );
    const { scriptSettings } = await systemConnect.setupWidget(ctx);
    protocol.holds(
      'the widget carries the key of the customer’s application',
      scriptSettings['api_key'] === exampleco.clientId,
      scriptSettings,
    );
    await stand.pages.askForPackage(exampleco);
    protocol.equal('each integration is known as asked for', await statuses(), ['requested']);
    protocol.step('The hub has the integrations named.');
    const from = stand.recorder.count;
    await systemConnect.prepare(ctx, { name: 'TalentBridge for Example Co', jobViewers: 'everybody' });
    protocol.show(callsTo(stand.recorder.since(from), 'POST /v2/atsIntegrations'));
    protocol.equal('each waits for the administrator', await statuses(), ['ready']);
    const named = stand.simulator.applications().find(({ clientId }) => clientId === exampleco.clientId)?.integrations;
    protocol.equal(
      'LinkedIn shows the integrations under this name',
      [...new Set(named?.map(({ name }) => name))],
      ['TalentBridge for Example Co'],
    );
    protocol.step('The administrator enables them in Recruiter.');
    await stand.onboard(exampleco, stand.connection);
    const before = stand.recorder.count;
    protocol.equal('the ATS knows them as enabled', await statuses(), ['enabled']);
    protocol.show(callsTo(stand.recorder.since(before), 'GET /v2/atsIntegrations'));
  },

  async 'RSC-102'(protocol) {
    await using stand = await startPluginStand();
    const { systemConnect, ctx } = stand.connection;
    protocol.step('An open and a closed job are sent. The hub lets nobody choose another availability.');
    const from = stand.recorder.count;
    const results = await systemConnect.push(ctx, {
      kind: 'job',
      records: [job(), job({ remoteId: 'JOB-2', title: 'Nurse', open: false })],
    });
    const calls = callsTo(stand.recorder.since(from), 'POST /v2/simpleJobPostings');
    protocol.equal('both jobs were taken', results, [{ ok: true }, { ok: true }]);
    const sent = calls.flatMap(({ body }) => valuesOf(body, 'availability'));
    const isPrivate = sent.length === 2 && sent.every((value) => value === 'PRIVATE_TO_ATS_INTEGRATION');
    protocol.holds('every job is PRIVATE_TO_ATS_INTEGRATION', isPrivate, sent);
    protocol.show(calls);
  },

  async 'RSC-103'(protocol) {
    await using stand = await startPluginStand({ enabled: false });
    protocol.step('Two customers, each with an application, an organization and a contract of its own, are onboarded.');
    const other = await stand.connect(samplecorp);
    for (const [customer, connection] of [[exampleco, stand.connection] as const, [samplecorp, other] as const]) {
      await stand.onboard(customer, connection);
      const { systemConnect, ctx } = connection;
      const statuses = (await systemConnect.integrations(ctx)).map(({ status }) => status);
      protocol.holds(
        `everything is enabled for ${customer.name}`,
        statuses.length === INTEGRATIONS.length && statuses.every((status) => status === 'enabled'),
        statuses,
      );
    }
    protocol.step('A candidate is sent for each.');
    const from = stand.recorder.count;
    const tokens: unknown[] = [];
    for (const [connection, remoteId] of [[stand.connection, 'C-1'] as const, [other, 'C-2'] as const]) {
      const before = stand.recorder.count;
      const { systemConnect, ctx } = connection;
      await systemConnect.push(ctx, { kind: 'candidate', records: [{ candidate: candidate({ remoteId }) }] });
      const [call] = callsTo(stand.recorder.since(before), 'PUT /v2/atsCandidates');
      tokens.push(call?.headers['authorization']);
    }
    protocol.holds('each is sent with a token of its own', new Set(tokens).size === 2, tokens);
    for (const [{ name, organizationUrn }, id] of [[exampleco, 'C-1'] as const, [samplecorp, 'C-2'] as const]) {
      const held = [...stand.simulator.records(organizationUrn).candidates.keys()];
      protocol.equal(`LinkedIn holds this for ${name}`, held, [id]);
    }
    protocol.show(callsTo(stand.recorder.since(from), 'PUT /v2/atsCandidates'));
  },

  async 'RSC-104'(protocol) {
    await using stand = await startPluginStand({ enabled: false });
    protocol.step('A customer is onboarded; the hub stores the address of notifications and who sees what is sent.');
    const from = stand.recorder.count;
    await stand.onboard(exampleco, stand.connection);
    const application = stand.simulator.applications().find(({ clientId }) => clientId === exampleco.clientId);
    const configured = (name: string) =>
      application?.integrations
        .map(({ configuration }) => configuration.get(name))
        .find((value) => value !== undefined);
    for (const name of ['JOB_POSTING_VIEWERS', 'APPLICATION_VIEWERS']) {
      protocol.equal(`LinkedIn holds for ${name}`, configured(name), 'ALL_PRODUCT_USERS');
    }
    const { webhooks, ctx } = stand.connection;
    const listed = (await webhooks.list(ctx)).map(({ callbackUrl }) => callbackUrl);
    protocol.equal('CALLBACK_URL is read back as it was set', listed, [configured('CALLBACK_URL')]);
    protocol.show(callsTo(stand.recorder.since(from), 'PUT /v2/atsIntegrations'));
    protocol.show(callsTo(stand.recorder.since(from), 'GET /v2/atsIntegrations/').slice(-1));
  },

  async 'RSC-106'(protocol) {
    await using stand = await startPluginStand();
    const { systemConnect, ctx } = stand.connection;
    const signIns = (since: number) => callsTo(stand.recorder.since(since), SIGN_IN);
    protocol.equal('one token served the whole onboarding', signIns(0).length, 1);
    protocol.step('Five calls follow each other.');
    let from = stand.recorder.count;
    for (let times = 0; times < 5; times += 1) await systemConnect.matches(ctx, ['C-1']);
    protocol.equal('tokens requested meanwhile', signIns(from).length, 0);
    protocol.step('LinkedIn takes every token back; the plugin calls once more.');
    await stand.pages.act('/tokens/revoke', {});
    from = stand.recorder.count;
    await systemConnect.matches(ctx, ['C-1']);
    const calls = stand.recorder.since(from);
    protocol.equal(
      'what LinkedIn answered, one call after the other',
      calls.map(({ status }) => status),
      [401, 200, 200],
    );
    protocol.show([...signIns(0).slice(0, 1), ...calls]);
    protocol.step('Somebody enters a secret that is not right.');
    from = stand.recorder.count;
    const wrong = await stand.connect({ ...exampleco, clientSecret: 'not-the-secret' });
    const refusal = await wrong.identify(wrong.ctx).then(
      () => 'nothing',
      (error: unknown) => (error instanceof Error ? error.name : String(error)),
    );
    protocol.equal('the refusal', refusal, 'CredentialsRejectedError');
    protocol.show(signIns(from));
    const { seats } = await systemConnect.seats(ctx, {});
    protocol.holds('the connection before works on', seats.length > 0, `${seats.length} seats`);
  },
};
