import { createServer, request as forward } from 'node:http';
import { exportRequest, resumeFile, startConnection } from '@talentbridge/testkit';
import { describe, expect, it } from 'vitest';
import { requestBodies, startSimulator } from '../simulator/index.js';
import plugin from '../src/index.js';
import { subjectOf } from './jobdiva-subject.js';
import { bodyFields, bodyProblems, isInSwagger } from './vendor-swagger.js';

/** A body on its way to JobDiva, by the method's name. */
interface SentBody {
  readonly method: string;
  readonly body: unknown;
}

/** Stands between plugin and simulator, and reads along. */
async function startListener(
  target: string,
): Promise<AsyncDisposable & { readonly url: string; readonly sent: SentBody[] }> {
  const sent: SentBody[] = [];
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const content = Buffer.concat(chunks);
      const [, method] = /^\/apiv2\/jobdiva\/(\w+)$/.exec(incoming.url ?? '') ?? [];
      if (method !== undefined) sent.push({ method, body: JSON.parse(content.toString()) });
      const onward = forward(`${target}${incoming.url}`, { method: incoming.method, headers: incoming.headers });
      onward.on('response', (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
      });
      onward.end(content);
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The listener has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    sent,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

describe('JobDiva ignores what it does not know, without a word; so', () => {
  it("every body that is sent keeps to the vendor's own Swagger", async () => {
    await using simulator = await startSimulator({ rate: 0 });
    await using listener = await startListener(simulator.url);
    const hostOverrides = { 'api.jobdiva.com': listener.url };
    await using connection = await startConnection(plugin, { ...subjectOf(simulator), hostOverrides });
    const { exporter, permissions, ctx } = connection;
    const [jobRemoteId = ''] = subjectOf(simulator).export?.openJobIds() ?? [];

    await permissions.check(ctx, ['permissions', 'export']);
    for (const search of [undefined, 'Engineer', '26-02701']) await exporter.listJobs(ctx, search ? { search } : {});
    const created = exportRequest({ target: { kind: 'job', jobRemoteId }, resume: resumeFile() });
    await exporter.exportCandidate(ctx, created);
    await exporter.findExported?.(ctx, created);
    const phones = [{ number: '+14155550199', type: 'work' as const }];
    await exporter.exportCandidate(ctx, exportRequest({ candidate: { ...created.candidate, phones } }));
    const gone = exportRequest({ target: { kind: 'job', jobRemoteId: '1' } });
    await exporter.exportCandidate(ctx, gone).catch(() => undefined);

    const methods = new Set(listener.sent.map(({ method }) => method));
    expect([...methods].toSorted()).toStrictEqual([
      'SearchJob',
      'createCandidate',
      'createJobApplication',
      'searchCandidateProfile',
      'updateCandidateProfile',
      'updateCandidateSNLinks',
      'uploadResume',
    ]);
    for (const { method, body } of listener.sent) {
      // The extract does not have this one; the simulator is as strict with it as a client's source allows.
      if (method === 'updateCandidateSNLinks') continue;
      expect(isInSwagger(method), method).toBe(true);
      expect(bodyProblems(method, body), method).toStrictEqual([]);
    }
    expect(simulator.account().ignoredFields).toStrictEqual([]);
  });

  it.each([
    ['searchCandidateProfile', requestBodies.searchCandidateBody],
    ['createCandidate', requestBodies.createCandidateBody],
    ['updateCandidateProfile', requestBodies.updateCandidateBody],
    ['uploadResume', requestBodies.uploadResumeBody],
    ['createJobApplication', requestBodies.createApplicationBody],
    ['SearchJob', requestBodies.searchJobBody],
  ])('the simulator knows the fields of %s, and no other', (method, schema) => {
    expect(Object.keys(schema.shape).toSorted()).toStrictEqual(bodyFields(method).toSorted());
  });
});
