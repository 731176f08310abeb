import { createServer } from 'node:http';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  Concealment,
  certify,
  csvSheet,
  type Evidence,
  isComplete,
  markdownSheet,
  pluginExercises,
  Recorder,
  SECRETS,
} from '../certification/index.ts';
import { RULES } from '../certification/rules.ts';

const HEAD = { at: '2026-01-02T03:04:05.000Z', versions: { 'LinkedIn Recruiter': '0.1.0' } };

describe('the evidence for the certification', () => {
  let all: readonly Evidence[];
  beforeAll(async () => {
    all = await certify([{ where: 'plugin', exercises: pluginExercises }]);
  });

  it('every rule that the plugin alone can show holds, and the sheets have all rules and no secret', () => {
    const broken = all.filter(({ result }) => result === 'FAILED');
    expect(broken.map(({ rule, failure, protocol }) => [rule.id, failure, protocol.observations])).toEqual([]);
    const concealment = new Concealment(SECRETS);
    const sheets = [markdownSheet(HEAD, all, concealment), csvSheet(HEAD, all, concealment)];
    for (const sheet of sheets) {
      for (const { id } of RULES) expect(sheet).toContain(id);
      for (const secret of Object.values(SECRETS)) expect(sheet.includes(secret)).toBe(false);
      expect(sheet).toContain('Bearer [token 1]');
      expect(sheet).not.toMatch(/Bearer (?!\[token)|"access_token": *"(?!\[token)|client_secret=(?!\[)/);
    }
  });

  it('each rule that is exercised is shown by what went over the wire', () => {
    for (const { rule, result, protocol } of all) {
      if (result === 'PASSED') expect([rule.id, protocol.exchanges.length > 0]).toEqual([rule.id, true]);
    }
  });

  it('names each rule once, and each exercise is one of a rule', () => {
    const ids = RULES.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(Object.keys(pluginExercises)));
  });
});

describe('a rule that does not hold', () => {
  it.each([
    [
      'what was looked at does not hold',
      async (protocol: { equal: (...of: [string, unknown, unknown]) => void }) => protocol.equal('one', 1, 2),
    ],
    ['it throws', () => Promise.reject(new Error('LinkedIn is away.'))],
    ['nothing was looked at', async () => undefined],
  ])('fails when %s', async (_why, exercise) => {
    const all = await certify([{ where: 'plugin', exercises: { 'RSC-102': exercise } }]);
    expect(all.find(({ rule }) => rule.id === 'RSC-102')?.result).toBe('FAILED');
    expect(isComplete(all)).toBe(false);
  });

  it('is told apart from one that nobody exercised, and from one that no program can', async () => {
    const all = await certify([]);
    const resultOf = (id: string) => all.find(({ rule }) => rule.id === id)?.result;
    expect([resultOf('RSC-102'), resultOf('RSC-305')]).toEqual(['NOT RUN', 'BY HAND']);
    expect(isComplete(all)).toBe(false);
  });

  it('is exercised by the last set that knows it', async () => {
    const holds = {
      'RSC-102': async (protocol: { equal: (...of: [string, unknown, unknown]) => void }) =>
        protocol.equal('one', 1, 1),
    };
    const all = await certify([
      { where: 'plugin', exercises: holds },
      { where: 'hub', exercises: holds },
    ]);
    expect(all.find(({ rule }) => rule.id === 'RSC-102')).toMatchObject({ result: 'PASSED', where: 'hub' });
  });
});

describe('the sheets', () => {
  it('no cell of the CSV is a formula, and quotes and breaks stay within their cell', async () => {
    const said = '=HYPERLINK("https://elsewhere.example")';
    const exercises = { 'RSC-102': () => Promise.reject(Object.assign(new Error(`a "b"\nc`), { name: said })) };
    const sheet = csvSheet(HEAD, await certify([{ where: 'plugin', exercises }]), new Concealment({}));
    expect(sheet).toContain(`"'=HYPERLINK(""https://elsewhere.example""): a ""b""\nc"`);
    expect(sheet).not.toMatch(/"[=+@]/);
  });
});

describe('what is written down', () => {
  it('has no secret in it, wherever it stood and however it was encoded', () => {
    const secret = fc.stringMatching(/^[\w+/=.~-]{12,40}$/);
    fc.assert(
      fc.property(fc.array(secret, { minLength: 1, maxLength: 3 }), secret, fc.string(), (secrets, token, around) => {
        const concealment = new Concealment(Object.fromEntries(secrets.map((value, index) => [`s${index}`, value])));
        concealment.learnToken(JSON.stringify({ access_token: token }));
        const all = [...secrets, token];
        const text = all.flatMap((value) => [around, value, encodeURIComponent(value)]).join(around);
        const written = concealment.conceal(text);
        for (const value of all) expect(written.replaceAll(around, '').includes(value)).toBe(false);
        expect(concealment.isLeaked(concealment.conceal(all.join(' ')))).toBe(false);
      }),
    );
  });
});

describe('the recorder', () => {
  it('passes everything on as it is, and writes it down without secrets', async () => {
    const token = 'abcdefghijklmnopqrstuvwxyz';
    const server = createServer((request, response) => {
      response.writeHead(201, { 'x-made': request.method }).end('{"said":"the-secret","é":1}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const concealment = new Concealment({ 'our secret': 'the-secret' });
    await using recorder = await Recorder.start(() => `http://127.0.0.1:${port}`, concealment);
    const init = { method: 'PUT', body: 'secret=the-secret', headers: { authorization: 'Bearer the-secret' } };
    const response = await fetch(`${recorder.url}/webhooks/${token}?a=%C3%A9`, init);
    server.close();
    expect([response.status, response.headers.get('x-made')]).toEqual([201, 'PUT']);
    expect(await response.text()).toBe('{"said":"the-secret","é":1}');
    expect(recorder.since(0)).toMatchObject([
      {
        method: 'PUT',
        path: '/webhooks/[token of the address]?a=é',
        headers: { authorization: 'Bearer [our secret]' },
        body: 'secret=[our secret]',
        status: 201,
        answer: '{"said":"[our secret]","é":1}',
      },
    ]);
    expect(concealment.isLeaked(JSON.stringify(recorder.since(0)))).toBe(false);
  });
});
