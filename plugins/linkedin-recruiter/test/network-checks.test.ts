import type { Plugin, SystemConnectCapability } from '@talentbridge/contracts';
import { type CheckName, runCheck } from '@talentbridge/testkit';
import { describe, expect, it } from 'vitest';
import plugin from '../src/index.js';
import { startSubject } from './linkedin-subject.js';

type Spoil = (good: SystemConnectCapability) => Partial<SystemConnectCapability>;

/** The plugin, spoilt: everything else of it works. */
function spoilt(spoil: Spoil): Plugin {
  return {
    ...plugin,
    open(input) {
      const opened = plugin.open(input);
      const network = opened.capability('systemConnect');
      if (network) Object.assign(network, spoil({ ...network }));
      return opened;
    },
  };
}

const OK = { ok: true } as const;

const SPOILT: readonly (readonly [what: string, check: CheckName, spoil: Spoil])[] = [
  ['sends nothing', 'network.push', () => ({ push: async (_ctx, { records }) => records.map(() => OK) })],
  [
    'forgets whom a person named',
    'network.by-hand',
    ({ push }) => ({
      push: (ctx, batch) =>
        batch.kind === 'candidate'
          ? push(ctx, { kind: 'candidate', records: batch.records.map(({ candidate }) => ({ candidate })) })
          : push(ctx, batch),
    }),
  ],
  [
    'answers for some',
    'network.one-for-one',
    ({ push }) => ({ push: async (ctx, batch) => (await push(ctx, batch)).slice(1) }),
  ],
  [
    'answers in another order',
    'network.one-for-one',
    ({ push }) => ({
      push: async (ctx, batch) => (await push(ctx, batch)).toSorted((one, other) => Number(one.ok) - Number(other.ok)),
    }),
  ],
  ['removes nothing', 'network.remove', () => ({ remove: async (_ctx, _kind, keys) => keys.map(() => OK) })],
  [
    'minds what is not there',
    'network.remove',
    ({ remove }) => ({
      remove: async (ctx, kind, keys) => {
        const answers = await remove(ctx, kind, keys);
        return answers.map((answer, at) =>
          keys[at]?.remoteId === 'not-there' ? { ok: false, retry: false, reason: 'gone' } : answer,
        );
      },
    }),
  ],
  [
    'does not close jobs',
    'network.closed-job',
    ({ push }) => ({
      push: (ctx, batch) =>
        batch.kind === 'job'
          ? push(ctx, { kind: 'job', records: batch.records.map((job) => ({ ...job, open: true })) })
          : push(ctx, batch),
    }),
  ],
  [
    'brings the first page alone',
    'network.pull',
    ({ pull }) => ({
      async pull(ctx, window) {
        const { cursor: _cursor, ...page } = await pull(ctx, window);
        return page;
      },
    }),
  ],
  [
    'takes the end of a window for part of it',
    'network.windows',
    ({ pull }) => ({
      pull: (ctx, window) => pull(ctx, { ...window, to: new Date(Date.parse(window.to) + 1).toISOString() }),
    }),
  ],
  [
    'takes a lost seat for a silent one',
    'network.lost-seat',
    ({ pull }) => ({
      pull: (ctx, window) => pull(ctx, window).catch(() => ({ messages: [], notes: [], contacts: [] })),
    }),
  ],
  [
    'copies where people live',
    'network.export',
    ({ readExport }) => ({
      async readExport(ctx, id) {
        const exported = await readExport(ctx, id);
        return { ...exported, person: Object.assign(exported.person, { location: 'Boise' }) };
      },
    }),
  ],
  [
    'fails over odd notices',
    'network.notices',
    ({ readNotice }) => ({
      async readNotice(ctx, id) {
        if (id !== '' && !id.includes('/')) throw new Error('no slash');
        return readNotice(ctx, id);
      },
    }),
  ],
];

describe('RSC-2: the conformance suite sees when a plugin', () => {
  it.each(SPOILT)('%s', async (_what, check, spoil) => {
    await expect(runCheck(spoilt(spoil), { start: startSubject }, check)).rejects.toThrow();
  });
});
