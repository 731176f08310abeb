import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CopyLine, openCopyCsv } from '../../../../src/capabilities/rediscovery/data-copy/copy-csv.js';

async function* piecesOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function linesOf(text: string | Uint8Array, size = 7, afterLine = 0): Promise<readonly CopyLine[]> {
  const csv = await openCopyCsv(piecesOf(Buffer.from(text), size), afterLine);
  if ('unreadable' in csv) throw new Error(csv.unreadable);
  return Array.fromAsync(csv.rows);
}

const quoted = (value: string): string => `"${value.replaceAll('"', '""')}"`;

describe('RED-3: the CSV files of a data copy', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\n', '\r', ' ', 'é', '👩🏽‍🚀', '=', '\t') });
  const rows = fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { maxLength: 6 });
  const lineBreak = fc.constantFrom('\n', '\r\n', '\r');
  const size = fc.integer({ min: 1, max: 9 });
  const mark = fc.constantFrom('', '\ufeff');
  const isUsed = (row: readonly string[]): boolean => row.some((value) => value.trim() !== '');

  it('come back as they were written, in whatever pieces they arrive, with or without a mark', async () => {
    await fc.assert(
      fc.asyncProperty(rows, size, lineBreak, mark, async (given, pieces, line, begin) => {
        const text = `${begin}a,b,c${line}${given.map((row) => row.map(quoted).join(',') + line).join('')}`;
        const read = await linesOf(text, pieces);
        expect(read.every(({ ok }) => ok)).toBe(true);
        expect(read.map(({ cells }) => cells)).toStrictEqual(given.filter(isUsed));
      }),
    );
  });

  it('go on behind any line that was read before, with the same rows', async () => {
    await fc.assert(
      fc.asyncProperty(rows, size, fc.nat(8), async (given, pieces, place) => {
        const text = `a,b,c\r\n${given.map((row) => `${row.map(quoted).join(',')}\r\n`).join('')}`;
        const whole = await linesOf(text, pieces);
        const { line = 1 } = whole[place] ?? {};
        expect(await linesOf(text, pieces, line)).toStrictEqual(whole.filter((one) => one.line > line));
      }),
    );
  });

  it('never fail, whatever bytes they hold: each line is a row or refused with its number', async () => {
    const bytes = fc.array(fc.constantFrom(...Buffer.from('"\r\n,;ab\u0000'), 0xff, 0xc3, 0xa9), { maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(bytes, size, async (given, pieces) => {
        const read = await linesOf(Buffer.concat([Buffer.from('a,b\n'), Buffer.from(given)]), pieces);
        let before = 1;
        for (const { ok, line, cells } of read) {
          expect(line).toBeGreaterThan(before);
          before = line;
          if (ok) expect(cells).toHaveLength(2);
          expect(cells.join('')).not.toContain('\u0000');
        }
      }),
    );
  });

  it.each([
    ['', 'empty'],
    ['\r\n \r\n', 'empty'],
    [Buffer.from([0xff, 0x41, 10]), 'not UTF-8'],
    [`${'a,'.repeat(1_001)}\n`, 'more than 1000 columns'],
    ['"a\n', 'not closed'],
  ])('without a header that can be read are said to be unreadable: %j', async (text, reason) => {
    expect(await openCopyCsv(piecesOf(Buffer.from(text), 50))).toStrictEqual({
      unreadable: expect.stringContaining(reason),
    });
  });

  it('may be separated by other signs, be UTF-16, and say so before the header', async () => {
    expect(await linesOf('a;b\n1;2,3\n')).toMatchObject([{ cells: ['1', '2,3'] }]);
    expect(await linesOf('sep=|\na,b|c\n1,2|3\n')).toMatchObject([{ cells: ['1,2', '3'] }]);
    expect(await linesOf(Buffer.from('\ufeffa,b\r\nRené,2\r\n', 'utf16le'))).toMatchObject([{ cells: ['René', '2'] }]);
  });

  it('are read no faster than their rows are taken, and let go of when nobody wants more', async () => {
    const piece = Buffer.from(`${'7,'.padEnd(1_022, 'x')}\n`.repeat(64));
    const pieces = 320;
    let given = 0;
    let closed = false;
    async function* file(): AsyncGenerator<Uint8Array> {
      try {
        yield Buffer.from('id,name\n');
        for (; given < pieces; given += 1) yield piece;
      } finally {
        closed = true;
      }
    }
    const csv = await openCopyCsv(file());
    if ('unreadable' in csv) throw new Error(csv.unreadable);
    let taken = 0;
    // 20 MB, of which the piece at hand is held.
    for await (const { ok } of csv.rows) {
      taken += ok ? 1 : 0;
      if (taken % 64 === 0) expect(given - taken / 64).toBeLessThanOrEqual(1);
      if (taken === (pieces - 10) * 64) break;
    }
    expect(given).toBeLessThan(pieces);
    expect(closed).toBe(true);
    closed = false;
    given = 0;
    const unwanted = await openCopyCsv(file());
    if (!('unreadable' in unwanted)) await unwanted.close();
    expect(closed).toBe(true);
  });
});
