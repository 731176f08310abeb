import { randomUUID } from 'node:crypto';
import { FileLinkExpiredError, FileLinkInvalidError, NotFoundError, type OpenedFile } from '@talentbridge/hub';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dispositionOf, registerAttachmentRoute } from '../src/files/attachment-route.js';
import { startTestGateway } from './support/test-gateway.js';

const ticket = { organizationId: randomUUID(), fileId: randomUUID(), userId: 'somebody' };

/** A gateway whose hub has this file. */
async function gatewayWith(open: () => OpenedFile, ticketOf = () => ticket) {
  return await startTestGateway(
    {},
    {
      routes: (app, { presenter }) =>
        registerAttachmentRoute(app, {
          presenter,
          // What the route asks of a hub, and no more.
          hub: {
            scope: () => ({ [Symbol.asyncDispose]: async () => undefined }),
            attachments: { ticketOf, open: async () => open() },
          } as never,
        }),
    },
  );
}

function fileOf(contentType: string, text: string, filename = 'cv.pdf'): OpenedFile {
  return { filename, contentType, size: Buffer.byteLength(text), content: contentOf(text) };
}

async function* contentOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

describe('CON-7: the route of files', () => {
  it.each([
    ['text/html', '<script>alert(1)</script>'],
    ['image/svg+xml', '<svg onload="alert(1)"/>'],
    ['application/xhtml+xml', '<html/>'],
    ['text/html; charset=utf-8', '<b>'],
    ['application/javascript', 'alert(1)'],
  ])('never says of a file that it is a page or a script: %s', async (contentType, text) => {
    await using server = await gatewayWith(() => fileOf(contentType, text));
    const response = await fetch(`${server.url}/files/attachments/token`);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': expect.stringMatching(/^attachment;/),
      'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
    });
    expect(await response.text()).toBe(text);
  });

  it.each([
    [403, 'FILE_LINK_INVALID', () => new FileLinkInvalidError()],
    [410, 'FILE_LINK_EXPIRED', () => new FileLinkExpiredError()],
    [404, 'NOT_FOUND', () => new NotFoundError('attachment', ticket.fileId)],
    [500, 'INTERNAL_SERVER_ERROR', () => new Error('The secret place /srv/files is broken.')],
  ] as const)('answers a link that is no good with %s and says why', async (status, code, error) => {
    await using server = await gatewayWith(() => {
      throw error();
    });
    const response = await fetch(`${server.url}/files/attachments/${'t'.repeat(400)}`);
    const body = (await response.json()) as { errors: [{ extensions: { code: string } }] };
    expect([response.status, body.errors[0].extensions.code]).toEqual([status, code]);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(JSON.stringify(body)).not.toContain('/srv/files');
  });

  it('ends the connection where a file breaks off, so that nobody takes half for whole', async () => {
    await using server = await gatewayWith(() => ({
      ...fileOf('application/pdf', 'x'.repeat(100_000)),
      content: (async function* () {
        yield Buffer.from('half');
        throw new Error('The disk is gone.');
      })(),
    }));
    const response = await fetch(`${server.url}/files/attachments/token`);
    await expect(response.arrayBuffer()).rejects.toThrow();
  });

  it('takes no other method', async () => {
    await using server = await gatewayWith(() => fileOf('application/pdf', 'x'));
    const response = await fetch(`${server.url}/files/attachments/token`, { method: 'POST' });
    expect(response.status).toBe(404);
  });
});

describe('CON-7: the name under which a file is saved', () => {
  it('is kept, in every script', () => {
    expect(dispositionOf('Lebenslauf Zoë.pdf')).toBe(
      `attachment; filename="Lebenslauf Zoe.pdf"; filename*=UTF-8''Lebenslauf%20Zo%C3%AB.pdf`,
    );
  });

  it.each([
    ['．．／passwd', '.._passwd'],
    ['＂； x=＂', '_; x=_'],
    ['℅ Ada.pdf', 'c_o Ada.pdf'],
  ])('breaks out of nothing where %s is written in ASCII', (filename, ascii) => {
    expect(dispositionOf(filename)).toMatch(
      new RegExp(`^attachment; filename="${RegExp.escape(ascii)}"; filename\\*=`),
    );
  });

  it('breaks out of nothing, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (filename) => {
        const disposition = dispositionOf(filename);
        expect(disposition).toMatch(/^attachment; filename="[ !#-~]*"; filename\*=UTF-8''[\w.~!$&+%^`|*-]*$/);
        expect(disposition).not.toMatch(/[\\/]/);
        expect(() => new Headers({ 'content-disposition': disposition })).not.toThrow();
      }),
      {
        numRuns: 1_000,
        examples: [['"; filename="x.html'], ['a\r\nset-cookie: b'], ['../../etc/passwd'], ['\ud800.pdf'], ['']],
      },
    );
  });
});
