import type { ExportCapability } from '@talentbridge/contracts';
import { describe, expect, it } from 'vitest';
import { tagDifference, tagsOnceCreated } from '../../../src/capabilities/export/export-preflight.js';

const ctx = { callId: 'call', deadline: Number.POSITIVE_INFINITY };

function exporterWith(
  tags: readonly string[] | undefined,
  options: { creates?: true; tagMatching?: 'exact' | 'caseInsensitive' } = {},
): { readonly exporter: ExportCapability; readonly created: string[] } {
  const created: string[] = [];
  return {
    created,
    exporter: {
      fields: [],
      limits: options.tagMatching ? { tagMatching: options.tagMatching } : {},
      listJobs: async () => ({ items: [] }),
      exportCandidate: async () => ({ outcome: 'CREATED', remoteId: 'r', warnings: [] }),
      ...(tags ? { listTags: async () => [...tags, ...created] } : {}),
      ...(options.creates
        ? {
            createTags: async (_ctx, names) => {
              created.push(...names);
            },
          }
        : {}),
    },
  };
}

describe('Tags before an export', () => {
  it('EXP-8: compares without case where the ATS does, and to the letter where it does not', () => {
    const { exporter: lenient } = exporterWith([], { tagMatching: 'caseInsensitive' });
    expect(tagDifference(lenient, ['GoLang', 'rust'], ['golang'])).toEqual({
      present: ['GoLang'],
      missing: ['rust'],
      creatable: false,
    });
    const { exporter: strict } = exporterWith([]);
    expect(tagDifference(strict, ['GoLang'], ['golang']).missing).toEqual(['GoLang']);
  });

  it('creates the tags that the ATS lacks, where it can be asked to, and no others', async () => {
    const { exporter, created } = exporterWith(['golang'], { creates: true });
    expect(await tagsOnceCreated(exporter, ['golang', 'rust'], ctx)).toEqual({
      known: ['golang', 'rust'],
      created: ['rust'],
    });
    expect(created).toEqual(['rust']);
    expect((await tagsOnceCreated(exporter, ['golang', 'rust'], ctx))?.created).toEqual([]);
  });

  it('leaves them to an admin where it cannot', async () => {
    const { exporter } = exporterWith(['golang']);
    expect(await tagsOnceCreated(exporter, ['rust'], ctx)).toEqual({ known: ['golang'], created: [] });
  });

  it('has nothing to compare where the ATS takes any tag', async () => {
    const { exporter } = exporterWith(undefined);
    expect(await tagsOnceCreated(exporter, ['rust'], ctx)).toBeUndefined();
  });
});
