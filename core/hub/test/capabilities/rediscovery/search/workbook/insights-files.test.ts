import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { PluginRegistry } from '@talentbridge/plugin-host';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { freshDatabase } from '../../../../../../../test/support/postgres.ts';
import { throwawayFolder } from '../../../../../../../test/support/throwaway-files.ts';
import { InsightsDrawing } from '../../../../../dist/capabilities/rediscovery/search/workbook/insights-drawing.js';
import { insightsReport } from '../../../../../dist/capabilities/rediscovery/search/workbook/insights-report.js';
import { type Hub, openHub } from '../../../../../dist/hub.js';
import { DiskFileStore } from '../../../../../dist/kernel/files/disk-file-store.js';
import { KeyRing } from '../../../../../dist/kernel/vault/key-ring.js';
import { about, dimension, insightsOf } from './insights-builders.ts';
import { readWorkbook } from './read-workbook.ts';

const counted = insightsOf(9, dimension('skill', { Go: 9 }));
const report = insightsReport(counted, about());
const ORGANIZATION = 'a';

let hub: Hub;
let folder: string;
beforeAll(async () => {
  folder = throwawayFolder();
  hub = await openHub({
    databaseUrl: await freshDatabase(),
    deployment: {
      brand: 'Brand',
      dummyEmailDomain: 'dummy.example',
      plugins: new PluginRegistry([]),
      tiers: { ESSENTIAL: {}, PROFESSIONAL: {}, ENTERPRISE: { '*': ['*'] } },
      defaultTier: 'ENTERPRISE',
      outgoingAddresses: [],
      hostOverrides: {},
    },
    keys: KeyRing.parse(`k:${Buffer.alloc(32, 1).toString('base64')}`),
    files: new DiskFileStore(folder),
    logger: pino({ level: 'silent' }),
  });
});
afterAll(() => hub.close());

const callerOf = (organizationId: string) => ({ organizationId, userId: 'somebody', roles: ['VIEWER'] as const });

async function bytesOf(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(content));
}

describe('RED-10: files of Insights', () => {
  it('a workbook is had by its link, and who made it is written down', async () => {
    const organizationId = randomUUID();
    await using scope = hub.scope(callerOf(organizationId));
    const { token, expiresAt } = await hub.insightsFiles.make(scope, counted, about(), 'XLSX');
    expect(expiresAt.getTime()).toBeGreaterThan(Date.now() + 290_000);
    const ticket = hub.insightsFiles.ticketOf('XLSX', token);
    expect(ticket).toMatchObject({ organizationId, userId: 'somebody' });
    const opened = await hub.insightsFiles.open(scope, 'XLSX', ticket);
    expect(opened).toMatchObject({
      filename: 'insights.xlsx',
      contentType: expect.stringContaining('spreadsheetml.sheet'),
    });
    expect(opened).not.toHaveProperty('policy');
    const { sheets } = readWorkbook(await bytesOf(opened.content));
    expect(sheets.map(({ name }) => name)).toEqual(['Summary', 'skill']);
    const { items } = await hub.audit.list(scope, { first: 5 });
    expect(items).toMatchObject([
      {
        action: 'insights.export',
        subjectId: ticket.fileId,
        actorId: 'somebody',
        details: { format: 'XLSX', people: 9, dimensions: ['skill'] },
      },
    ]);
  });

  it('a page is had by its link, with what a browser may do with it', async () => {
    await using scope = hub.scope(callerOf(randomUUID()));
    const { token } = await hub.insightsFiles.make(scope, counted, about(), 'PAGE');
    const opened = await hub.insightsFiles.open(scope, 'PAGE', hub.insightsFiles.ticketOf('PAGE', token));
    expect(opened).toMatchObject({
      contentType: 'text/html; charset=utf-8',
      policy: expect.stringMatching(/^sandbox; /),
    });
    expect((await bytesOf(opened.content)).toString()).toMatch(/^<!doctype html>/);
  });

  it('a link opens what it was made for, and nothing else', async () => {
    await using scope = hub.scope(callerOf(randomUUID()));
    const { token } = await hub.insightsFiles.make(scope, counted, about(), 'XLSX');
    const invalid = expect.objectContaining({ code: 'FILE_LINK_INVALID' });
    expect(() => hub.insightsFiles.ticketOf('PAGE', token)).toThrow(invalid);
    expect(() => hub.attachments.ticketOf(token)).toThrow(invalid);
    expect(() => hub.insightsFiles.ticketOf('XLSX', `${token}x`)).toThrow(invalid);
    const ticket = hub.insightsFiles.ticketOf('XLSX', token);
    await expect(
      hub.insightsFiles.open(scope, 'XLSX', { ...ticket, organizationId: randomUUID() }),
    ).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('are deleted after a quarter of an hour', async () => {
    const organizationId = randomUUID();
    await using scope = hub.scope(callerOf(organizationId));
    const { token } = await hub.insightsFiles.make(scope, counted, about(), 'PAGE');
    const due = await scope.transaction(async (tx) => {
      const rows = await tx.rows<{ minutes: number }>(
        `update talentbridge.abandoned_file f set due_at = now(), written_until = now() where ${tx.own('f')}
         returning round(extract(epoch from written_until - now()) / 60)::int as minutes`,
      );
      await tx.rows(
        `select talentbridge.add_job('rediscovery.sweepFiles',
           json_build_object('organizationId', $1::uuid, 'id', $1::uuid), 'sweep-test', null)`,
        [tx.organizationId],
      );
      return rows;
    });
    expect(due).toHaveLength(1);
    await hub.startWorker({ concurrency: 1 });
    await vi.waitFor(async () => expect(await readdir(`${folder}/${organizationId}/insights`)).toEqual([]), {
      timeout: 10_000,
    });
    await expect(
      hub.insightsFiles.open(scope, 'PAGE', hub.insightsFiles.ticketOf('PAGE', token)),
    ).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('RED-10: drawing in threads', () => {
  it('leaves the thread that answers requests free', async () => {
    const drawing = new InsightsDrawing();
    let done = false;
    let turns = 0;
    const drawn = drawing.workbook(ORGANIZATION, report).finally(() => {
      done = true;
    });
    while (!done) {
      await new Promise((resolve) => setImmediate(resolve));
      turns += 1;
    }
    expect(readWorkbook(await drawn).sheets).toHaveLength(2);
    expect(turns).toBeGreaterThan(10);
    await drawing.close();
  });

  it('lets others wait, and refuses when too many do', async () => {
    const drawing = new InsightsDrawing({ atOnce: 1, waiting: 1 });
    const [first, second, third] = [report, report, report].map((one) => drawing.workbook(ORGANIZATION, one));
    await expect(third).rejects.toMatchObject({ code: 'INSIGHTS_BUSY', recovery: 'retry' });
    expect(Buffer.compare((await first) as Uint8Array, (await second) as Uint8Array)).toBe(0);
    await drawing.close();
  });

  it('one organization leaves room for others, however much it asks for', async () => {
    const drawing = new InsightsDrawing({ atOnce: 1, waitingOfOne: 1 });
    const own = [report, report, report].map((one) => drawing.workbook(ORGANIZATION, one));
    const other = drawing.workbook('b', report);
    await expect(own[2]).rejects.toMatchObject({ code: 'INSIGHTS_BUSY' });
    expect((await Promise.all([own[0], own[1], other])).every((book) => (book?.length ?? 0) > 0)).toBe(true);
    await drawing.close();
  });

  it('gives up on one that takes too long, and goes on with the next', async () => {
    const worker = new URL('./endless-drawing-worker.mjs', import.meta.url);
    const drawing = new InsightsDrawing({ worker, timeoutMs: 100, atOnce: 1 });
    const both = await Promise.allSettled([
      drawing.workbook(ORGANIZATION, report),
      drawing.workbook(ORGANIZATION, report),
    ]);
    for (const one of both) expect(one).toMatchObject({ reason: { message: 'The workbook took too long to draw.' } });
    await drawing.close();
  });

  it('ends what runs and what waits when it is closed', async () => {
    const worker = new URL('./endless-drawing-worker.mjs', import.meta.url);
    const drawing = new InsightsDrawing({ worker, atOnce: 1 });
    const both = Promise.allSettled([drawing.workbook(ORGANIZATION, report), drawing.workbook(ORGANIZATION, report)]);
    await drawing.close();
    for (const one of await both)
      expect(one).toMatchObject({ status: 'rejected', reason: { name: 'InsightsDrawingError' } });
    await expect(drawing.workbook(ORGANIZATION, report)).rejects.toThrow('closing');
  });

  it('says nothing of what was being drawn when it fails', async () => {
    const drawing = new InsightsDrawing();
    const broken = { ...report, sections: [{ ...report.sections[0], rows: 'secret value' }] } as never;
    const error = await drawing.workbook(ORGANIZATION, broken).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'InsightsDrawingError' });
    expect(
      JSON.stringify([String(error), String((error as Error).cause), ((error as Error).cause as Error).stack]),
    ).not.toContain('secret value');
    await drawing.close();
  });
});
