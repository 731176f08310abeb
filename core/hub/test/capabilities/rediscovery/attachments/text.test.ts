import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { extractText } from '../../../../dist/capabilities/rediscovery/attachments/text/extract-text.js';
import { mediaTypeOf } from '../../../../dist/capabilities/rediscovery/attachments/text/file-type.js';
import { TextExtractor } from '../../../../dist/capabilities/rediscovery/attachments/text/text-extractor.js';
import type { TextOutcome } from '../../../../dist/capabilities/rediscovery/attachments/text/text-outcome.js';
import { compoundFile, doc, docx, html, LINES, odt, pdf, rawPdf, rtf } from './documents.ts';

let extractor: TextExtractor;
beforeAll(() => {
  extractor = new TextExtractor({ threads: 2 });
});
afterAll(() => extractor.close());

/** Reads a file as the hub does: in a thread, with its limits. */
function read(file: Uint8Array, own = extractor): Promise<TextOutcome> {
  return own.extract(new Uint8Array(file));
}

async function textOf(file: Uint8Array): Promise<string> {
  const outcome = await read(file);
  if (outcome.state !== 'READ') throw new Error(`The file is ${outcome.state}.`);
  return outcome.text;
}

describe('RED-8: the text of a file', () => {
  it.each([
    ['DOCX', docx()],
    ['ODT', odt()],
    ['DOC', doc()],
    ['RTF', rtf()],
    ['HTML', html()],
    ['TXT in UTF-8', Buffer.from(LINES.join('\r\n'))],
    ['TXT in UTF-16', Buffer.from(`\ufeff${LINES.join('\n')}`, 'utf16le')],
    ['TXT in UTF-16, the other way round', Buffer.from(`\ufeff${LINES.join('\n')}`, 'utf16le').swap16()],
  ])('is read, line by line and in every script: %s', async (_type, file) => {
    expect((await textOf(file)).split(/\n+/)).toEqual(LINES);
  });

  it('is read from PDF', async () => {
    expect(await textOf(await pdf())).toBe('Ada Example\nada@mail.example');
  });

  it('is read from old files of Western Windows', async () => {
    expect(await textOf(Buffer.from('Gr\u00fc\u00dfe \u0096 5\u0080', 'latin1'))).toBe('Grüße – 5€');
    expect(await textOf(doc(['Grüße'], { wide: false }))).toBe('Grüße');
    expect(await textOf(Buffer.from("{\\rtf1\\ansi\\ansicpg1251 \\'cf\\'f0\\'e8\\'e2\\'e5\\'f2\\par}"))).toBe('Привет');
    expect(await textOf(Buffer.from("{\\rtf1\\ansi{\\fonttbl{\\f0\\fcharset128 X;}}\\f0 \\'93\\'fa\\'96\\'7b}"))).toBe(
      '日本',
    );
    const page = Buffer.from(
      '<html><head><meta charset="windows-1251"></head><body>\u00cf\u00f0\u00e8</body></html>',
      'latin1',
    );
    expect(await textOf(page)).toBe('При');
  });

  it('comes from headers, tables, text boxes, notes and lists too, and once', async () => {
    const w = (inner: string) => strToU8(`<w:x xmlns:w="w">${inner}</w:x>`);
    const p = (text: string) => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`;
    const file = docx([], {
      'word/header1.xml': w(p('In the header')),
      'word/footnotes.xml': w(p('In a note')),
      'word/document.xml': w(
        `${p('Before')}<w:tbl><w:tr><w:tc>${p('One')}</w:tc><w:tc>${p('Two')}</w:tc></w:tr></w:tbl>
         <mc:AlternateContent><mc:Choice>${p('Box')}</mc:Choice><mc:Fallback>${p('Box')}</mc:Fallback></mc:AlternateContent>
         <mc:AlternateContent><mc:Choice><w16se:symEx/></mc:Choice><mc:Fallback>${p('☺')}</mc:Fallback></mc:AlternateContent>
         <w:p><w:del><w:r><w:delText>Struck out</w:delText></w:r></w:del><w:r><w:instrText>PAGE</w:instrText><w:tab/><w:t>After</w:t></w:r></w:p>`,
      ),
    });
    expect((await textOf(file)).split('\n').map((line) => line.trim())).toEqual([
      'In the header',
      'Before',
      'One',
      'Two',
      'Box',
      '☺',
      'After',
      'In a note',
    ]);
  });

  it('has no control characters, no halves of characters, and no more than 500,000 characters', async () => {
    expect(await textOf(docx(['a\u0007 \u0000b\u00ad\u200b\u202ec\u001b', '', '', '', '\u2028d']))).toBe('a bc\n\nd');
    expect(await textOf(Buffer.from('{\\rtf1 a\\u-10179?b}'))).toBe('a\ufffdb');
    // A letter with its point inside becomes two characters.
    for (const letters of ['😀x ', '\ufb31']) {
      const long = await textOf(Buffer.from(letters.repeat(400_000)));
      expect(long.length).toBeLessThanOrEqual(500_000);
      expect(long.isWellFormed()).toBe(true);
    }
  });

  it.each([
    ['a scan', rawPdf(deflateSync(Buffer.from('q Q')), '/FlateDecode'), 'EMPTY'],
    ['an empty file', Buffer.alloc(0), 'EMPTY'],
    ['an empty document', docx(['', ' ']), 'EMPTY'],
    ['a picture', Buffer.from('89504e470d0a1a0a0000', 'hex'), 'UNSUPPORTED'],
    ['a program', Buffer.from('4d5a9000030000000400', 'hex'), 'UNSUPPORTED'],
    ['another archive', Buffer.from(zipSync({ 'xl/workbook.xml': strToU8('<x/>') })), 'UNSUPPORTED'],
    ['a broken PDF', Buffer.from('%PDF-1.7\nnothing of it'), 'MALFORMED'],
    ['a broken archive', docx().subarray(0, 300), 'MALFORMED'],
    ['a document without its main part', Buffer.from(zipSync({ 'word/documents': strToU8('x') })), 'MALFORMED'],
    ['a DOC with a password', doc(LINES, { encrypted: true }), 'ENCRYPTED'],
    ['a DOCX with a password', compoundFile({ EncryptedPackage: Buffer.alloc(4_096) }), 'ENCRYPTED'],
    [
      'an ODT with a password',
      odt(LINES, { 'META-INF/manifest.xml': strToU8('<m:manifest><m:encryption-data/></m:manifest>') }),
      'ENCRYPTED',
    ],
    ['a DOC that leads in a circle', circular(), 'MALFORMED'],
    ['RTF in RTF in RTF', Buffer.from(`{\\rtf1${'{'.repeat(2_000)}`), 'MALFORMED'],
  ])('is none, and it is said why: %s', async (_what, file, state) => {
    expect(await read(file)).toEqual({ state });
  });

  it('is none where a PDF asks for a password', async () => {
    expect(await read(await pdf(LINES, 'secret'))).toEqual({ state: 'ENCRYPTED' });
  });
});

describe('RED-8: a file that is made to do harm', () => {
  it('a zip bomb is not unpacked, whether it says its size or not', async () => {
    const bomb = docx([], { 'word/document.xml': new Uint8Array(80 * 1024 * 1024) });
    expect(bomb.length).toBeLessThan(200_000);
    expect(await read(bomb)).toEqual({ state: 'TOO_LARGE' });
    // The same one says that it is small: in the list of the archive and before the part itself.
    const lying = Buffer.from(bomb);
    const size = Buffer.alloc(4);
    size.writeUInt32LE(80 * 1024 * 1024);
    for (let at = lying.indexOf(size); at !== -1; at = lying.indexOf(size, at + 4)) lying.writeUInt32LE(1_000, at);
    expect(await read(lying)).toEqual({ state: 'MALFORMED' });
  });

  it('an archive with a hundred thousand parts, or a thousand levels, is given up', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, index) => [`word/header${index}.xml`, strToU8('<x/>')]),
    );
    expect(await read(docx([], many))).toEqual({ state: 'TOO_LARGE' });
    expect(await read(docx([], { 'word/document.xml': strToU8('<a>'.repeat(200_000)) }))).toEqual({
      state: 'MALFORMED',
    });
  });

  it('entities that name each other are left alone', async () => {
    const laughs = `<!DOCTYPE x [<!ENTITY a "${'ha'.repeat(1_000)}"><!ENTITY b "${'&a;'.repeat(1_000)}">]><w:p><w:t>&b;Ada</w:t></w:p>`;
    const text = await textOf(docx([], { 'word/document.xml': strToU8(laughs) }));
    expect(text).toContain('Ada');
    expect(text.length).toBeLessThan(100);
  });

  it('a PDF whose page unpacks to gigabytes costs a bounded amount of memory', async () => {
    // Compressed twice: a gigabyte in a few kilobytes.
    let bomb: Buffer = Buffer.alloc(256 * 1024 * 1024, ' ');
    for (let round = 0; round < 2; round += 1) bomb = deflateSync(bomb, { level: 9 });
    const before = process.memoryUsage.rss();
    let most = before;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage.rss());
    }, 20);
    await using own = disposable(new TextExtractor({ memoryLimit: 128 * 1024 * 1024 }));
    const { state } = await read(rawPdf(bomb, '[/FlateDecode /FlateDecode]'), own.extractor);
    clearInterval(watch);
    expect(['TOO_LARGE', 'TOO_SLOW', 'EMPTY', 'MALFORMED']).toContain(state);
    expect(most - before).toBeLessThan(700 * 1024 * 1024);
  });

  it('one that never ends is given up in time, and the next one is read', async () => {
    await using own = disposable(
      new TextExtractor({ timeoutMs: 300, worker: new URL('./endless-text-worker.mjs', import.meta.url) }),
    );
    const endless = read(Buffer.from('endless'), own.extractor);
    // On a machine that stands still even this one may take too long, once.
    await expect.poll(() => read(Buffer.from('next'), own.extractor)).toEqual({ state: 'READ', text: 'next' });
    expect(await endless).toEqual({ state: 'TOO_SLOW' });
  });

  it('one that ends its thread, or takes all memory, costs its thread and nothing else', async () => {
    await using own = disposable(
      new TextExtractor({
        memoryLimit: 64 * 1024 * 1024,
        worker: new URL('./endless-text-worker.mjs', import.meta.url),
      }),
    );
    const states = await Promise.all(
      ['exit', 'throw', 'heap', 'buffers', 'next'].map((what) => read(Buffer.from(what), own.extractor)),
    );
    expect(states.map(({ state }) => state)).toEqual(['MALFORMED', 'MALFORMED', 'TOO_LARGE', 'TOO_LARGE', 'READ']);
  });
});

describe('RED-8: files that are damaged on the way', () => {
  it.each([
    ['pdf', () => pdf()],
    ['docx', async () => docx()],
    ['odt', async () => odt()],
    ['doc', async () => doc()],
    ['rtf', async () => rtf()],
    ['html', async () => html()],
  ] as const)('every %s that was cut or changed ends in a state, and is served as what it is', async (_type, make) => {
    const whole = await make();
    const damaged = fc.oneof(
      fc.nat({ max: whole.length }).map((length) => whole.subarray(0, length)),
      fc
        .array(fc.tuple(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 })), { minLength: 1, maxLength: 20 })
        .map((changes) => {
          const changed = Buffer.from(whole);
          for (const [at, value] of changes) changed[at] = value;
          return changed;
        }),
      fc
        .tuple(fc.nat({ max: whole.length }), fc.nat({ max: whole.length }), fc.uint8Array({ maxLength: 64 }))
        .map(([one, other, between]) => Buffer.concat([whole.subarray(0, one), between, whole.subarray(other)])),
    );
    await fc.assert(
      fc.asyncProperty(damaged, async (file) => {
        const outcome = await extractText(new Uint8Array(file));
        expect(outcome.state).toMatch(/^(?:READ|EMPTY|ENCRYPTED|MALFORMED|TOO_LARGE|UNSUPPORTED)$/);
        expect(mediaTypeOf(file)).toMatch(/^[a-z]+\/[a-z0-9.+-]+$/);
      }),
      { numRuns: 150 },
    );
  });

  it('anything at all ends in a state', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(
          '',
          '%PDF-1.5',
          'PK\u0003\u0004',
          '\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1',
          '{\\rtf',
          '<html>',
          '\u00ff\u00fe',
        ),
        fc.uint8Array({ maxLength: 2_000 }),
        async (start, rest) => {
          const file = Buffer.concat([Buffer.from(start, 'latin1'), rest]);
          expect((await extractText(new Uint8Array(file))).state).toEqual(expect.any(String));
        },
      ),
      { numRuns: 500 },
    );
  });
});

/** Its chain of sectors has no end. */
function circular(): Buffer {
  const file = doc();
  const at = 512 + file.readUInt32LE(76) * 512;
  file.writeUInt32LE(0, at);
  return file;
}

function disposable(own: TextExtractor): AsyncDisposable & { readonly extractor: TextExtractor } {
  return { extractor: own, [Symbol.asyncDispose]: () => own.close() };
}
