import { inspect } from 'node:util';
import {
  AtsUnavailableError,
  CandidateRejectedError,
  type ExportCapability,
  ExportInterruptedError,
  type JsonValue,
  PluginFaultError,
} from '@talentbridge/contracts';
import { expect, it } from 'vitest';
import { type OpenConnectionOptions, type OpenedConnection, openConnection } from '../src/index.js';
import { HOST } from './support/http-client.js';
import { TestClock } from './support/test-clock.js';
import { type TestInput, testPlugin } from './support/test-plugin.js';
import { startVendor, type Vendor } from './support/vendor.js';

const KEY = 'the-real-api-key';
const ctx = { callId: 'call-1', deadline: Number.MAX_SAFE_INTEGER };

function open(
  parts: Parameters<typeof testPlugin>[0],
  options: Partial<OpenConnectionOptions> & { readonly vendor?: Vendor } = {},
): OpenedConnection {
  const { vendor, ...rest } = options;
  return openConnection(testPlugin(parts), {
    credentials: { accountName: 'acme', apiKey: KEY },
    settings: { region: 'us' },
    userAgent: 'TestHub/1.0',
    clock: new TestClock(0),
    ...(vendor && { hostOverrides: { [HOST]: vendor.origin, 'us.vendor.example': vendor.origin } }),
    ...rest,
  });
}

function exporterOf(connection: OpenedConnection): ExportCapability {
  const exporter = connection.capability('export');
  if (!exporter) throw new Error('There is no exporter.');
  return exporter;
}

/** An exporter whose `listTags` throws this. */
function throwing(thrown: (input: TestInput) => unknown): ExportCapability {
  return exporterOf(open({ exporter: (input) => ({ listTags: () => Promise.reject(thrown(input)) }) }));
}

it('gives a plugin placeholders for secrets, and everything else as it is', () => {
  let got: TestInput | undefined;
  open({
    connect: (input) => {
      got = input;
      return input;
    },
  });
  expect(got?.credentials.accountName).toBe('acme');
  expect(got?.credentials.apiKey).toMatch(/^\[secret apiKey [\w-]{22}\]$/);
  expect(got?.settings).toEqual({ region: 'us' });
  expect(inspect(got, { depth: null, showHidden: true })).not.toContain(KEY);
  expect(Object.keys(got?.http ?? {})).toEqual(['send']);
});

it('gives the plugin the hosts of its settings and no others', async () => {
  await using vendor = await startVendor();
  const call = (host: string) => async (input: TestInput) => {
    await input.http.send(ctx, { method: 'GET', url: `https://${host}/`, query: { k: input.credentials.apiKey } });
    return { accountId: host };
  };
  await using us = open({ identify: call('us.vendor.example') }, { vendor });
  await expect(us.identify(ctx)).resolves.toEqual({ accountId: 'us.vendor.example' });
  expect(vendor.seen[0]?.url).toBe(`/?k=${KEY}`);
  await using eu = open({ identify: call('eu.vendor.example') }, { vendor });
  await expect(eu.identify(ctx)).rejects.toThrow(PluginFaultError);
});

it('answers undefined for a capability, and for a method, that the plugin does not have', () => {
  const plugin = testPlugin();
  const without = {
    ...plugin,
    open: (input: Parameters<typeof plugin.open>[0]) => ({ ...plugin.open(input), capability: () => undefined }),
  };
  const options = { credentials: {}, settings: {}, userAgent: 'x' };
  expect(openConnection(without, options).capability('export')).toBeUndefined();
  expect(exporterOf(open({})).listTags).toBeUndefined();
  expect(exporterOf(open({})).fields).toEqual([]);
});

it('gives the same capability each time, and lets it be a class', async () => {
  class Exporter {
    readonly #tags = ['a'];
    readonly fields = [];
    readonly limits = {};
    async listJobs() {
      return { items: [] };
    }
    async exportCandidate() {
      return { remoteId: '1', outcome: 'CREATED' as const, warnings: [] };
    }
    async listTags() {
      return this.#tags;
    }
  }
  const plugin = testPlugin();
  const opened = new Exporter();
  const withClass = {
    ...plugin,
    open: (input: Parameters<typeof plugin.open>[0]) => {
      const connection = plugin.open(input);
      return { ...connection, capability: () => Object.freeze(opened) as never };
    },
  };
  const connection = openConnection(withClass, { credentials: {}, settings: {}, userAgent: 'x' });
  expect(connection.capability('export')).toBe(connection.capability('export'));
  await expect(exporterOf(connection).listTags?.({ ...ctx, deadline: Date.now() + 60_000 })).resolves.toEqual(['a']);
});

it('lets errors of the hub through as they are', async () => {
  const error = new CandidateRejectedError('Test ATS', 'no email address', 'emails');
  await expect(throwing(() => error).listTags?.(ctx)).rejects.toBe(error);
});

it.each<[string, unknown]>([
  ['TypeError', new TypeError('x is undefined')],
  ['string', 'just a string'],
  ['undefined', undefined],
])('turns a thrown %s into a fault of the plugin', async (what, thrown) => {
  await expect(throwing(() => thrown).listTags?.(ctx)).rejects.toMatchObject({
    name: 'PluginFaultError',
    message: `Plugin test-ats failed in listTags with an unexpected error (${what}). Report this to its author.`,
    effect: 'unknown',
    cause: thrown,
  });
});

it('takes a plugin that throws at once for one that rejects', async () => {
  const exporter = exporterOf(
    open({
      exporter: () => ({
        listTags: () => {
          throw new RangeError('at once');
        },
      }),
    }),
  );
  await expect(exporter.listTags?.(ctx)).rejects.toThrow(PluginFaultError);
});

it('keeps the reference of an interrupted export, and wraps what is no error of the hub inside of it', async () => {
  const reference = { remoteId: 'candidate-1' };
  const good = new ExportInterruptedError(reference, new AtsUnavailableError('Test ATS', 'answered 503'));
  await expect(throwing(() => good).listTags?.(ctx)).rejects.toBe(good);
  const bad = throwing(() => new ExportInterruptedError(reference, new TypeError('oops')));
  await expect(bad.listTags?.(ctx)).rejects.toMatchObject({
    name: 'ExportInterruptedError',
    reference,
    failure: { name: 'PluginFaultError' },
  });
});

it('takes secrets out of whatever is thrown', async () => {
  const error = Object.assign(new Error(`call with ${KEY} failed`, { cause: new Error(`inner ${KEY}`) }), {
    config: { headers: { authorization: `Bearer ${KEY}` }, list: [KEY] },
  });
  const thrown: unknown = await throwing(() => error)
    .listTags?.(ctx)
    .catch((caught: unknown) => caught);
  expect(thrown).toBeInstanceOf(PluginFaultError);
  const shown = inspect(thrown, { depth: null, showHidden: true });
  expect(shown).not.toContain(KEY);
  expect(shown).toContain('call with [secret apiKey] failed');

  const refused = new CandidateRejectedError('Test ATS', `key ${KEY} is odd`);
  await expect(throwing(() => refused).listTags?.(ctx)).rejects.toMatchObject({ reason: 'key [secret apiKey] is odd' });
});

it('reports a connect that throws as a fault of the plugin', () => {
  const connect = () => {
    throw new TypeError('no');
  };
  expect(() => open({ connect })).toThrow('Plugin test-ats failed in connect with an unexpected error (TypeError)');
});

it('ends a call that goes past its deadline', async () => {
  const clock = new TestClock(0);
  const exporter = exporterOf(open({ exporter: () => ({ listTags: () => new Promise(() => undefined) }) }, { clock }));
  const calling = exporter.listTags?.({ callId: 'call-1', deadline: clock.now() + 10_000 });
  calling?.catch(() => undefined);
  clock.advance(10_100);
  await expect(calling).rejects.toMatchObject({ code: 'ATS_UNAVAILABLE', effect: 'unknown' });
});

it('does not begin a call after its deadline', async () => {
  const clock = new TestClock(0);
  let called = false;
  const listTags = async () => {
    called = true;
    return [];
  };
  const exporter = exporterOf(open({ exporter: () => ({ listTags }) }, { clock }));
  await expect(exporter.listTags?.({ callId: 'call-1', deadline: clock.now() })).rejects.toMatchObject({
    code: 'ATS_UNAVAILABLE',
    effect: 'none',
  });
  expect(called).toBe(false);
});

it('hands copies over when it checks that everything is plain data', async () => {
  const tags = ['a'];
  const exporter = exporterOf(open({ exporter: () => ({ listTags: async () => tags }) }, { checkCloneable: true }));
  const answer = await exporter.listTags?.(ctx);
  expect(answer).toEqual(tags);
  expect(answer).not.toBe(tags);
  const unchecked = exporterOf(open({ exporter: () => ({ listTags: async () => tags }) }));
  expect(await unchecked.listTags?.(ctx)).toBe(tags);
});

it.each<[string, unknown, string]>([
  ['a date', [{ at: new Date(0) }], 'it.0.at is a Date'],
  ['a function', { next: () => undefined }, 'it.next is a function'],
  ['a map', new Map(), 'it is a Map'],
  ['a class of its own', new (class Job {})(), 'it is a Job'],
  ['a bigint', 1n, 'it is a bigint'],
  ['a symbol', { [Symbol('x')]: 1 }, 'it has a symbol as a property'],
  ['a promise', [Promise.resolve()], 'it.0 is a Promise'],
])('refuses an answer with %s when it checks', async (_what, answer, problem) => {
  const exporter = exporterOf(
    open({ exporter: () => ({ listTags: async () => answer as string[] }) }, { checkCloneable: true }),
  );
  await expect(exporter.listTags?.(ctx)).rejects.toThrow(
    `Plugin test-ats answered listTags with something that is no plain data: ${problem}. Report this to its author.`,
  );
});

it('takes bytes and undefined for plain data', async () => {
  const answer: unknown = { bytes: new Uint8Array([1]), buffer: Buffer.from('x'), nothing: undefined, none: null };
  const exporter = exporterOf(
    open({ exporter: () => ({ listTags: async () => answer as string[] }) }, { checkCloneable: true }),
  );
  await expect(exporter.listTags?.(ctx)).resolves.toMatchObject({ bytes: new Uint8Array([1]), nothing: undefined });
});

it('refuses requests that are no plain data when it checks, from the hub and from the plugin', async () => {
  const query: unknown = { since: new Date(0) };
  const exporter = exporterOf(open({}, { checkCloneable: true }));
  await expect(exporter.listJobs(ctx, query as never)).rejects.toThrow(TypeError);

  const body: unknown = { at: new Date(0) };
  const identify = async (input: TestInput) => {
    const request = { method: 'POST', url: `https://${HOST}/`, body: { json: body as JsonValue } } as const;
    await input.http.send(ctx, request);
    return { accountId: 'a' };
  };
  await expect(open({ identify }, { checkCloneable: true }).identify(ctx)).rejects.toThrow(
    /sent no plain data: request\.body\.json\.at is a Date/,
  );
});

it('shows how fast the vendor may be asked and whether it is being spared, and redacts for whoever logs', async () => {
  await using connection = open({});
  expect(connection.circuit).toBe('closed');
  expect(connection.pace).toEqual({});
  expect(connection.quota).toBeUndefined();
  expect(connection.secrets.redact(`x ${KEY}`)).toBe('x [secret apiKey]');
  expect(inspect(connection, { depth: null })).not.toContain(KEY);
});
