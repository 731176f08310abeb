import { createHash, createHmac, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The account that the server knows. */
export const S3_ACCOUNT = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a secret of the tests' } as const;

/** An object store in this process that speaks the part of S3 that the hub uses, and checks the signature of every request. */
export interface S3Server extends AsyncDisposable {
  readonly url: string;
  /** By bucket and key. */
  readonly objects: Map<string, Buffer>;
  /** Uploads in parts that nobody has ended. */
  readonly uploads: Map<string, Map<number, Buffer>>;
  /** The requests that were answered: `PUT /bucket/key`. */
  readonly requests: string[];
  /** Called before a request is answered; what it throws is answered as 500. */
  before: (request: string) => void;
}

/** Starts it. @param region What requests must be signed for. */
export async function startS3(region = 'us-east-1'): Promise<S3Server> {
  const objects = new Map<string, Buffer>();
  const uploads = new Map<string, Map<number, Buffer>>();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      refuse(response, 500, error instanceof Error ? error.message : 'InternalError');
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const url = new URL(request.url ?? '/', 'http://s3.test');
    if (!isSigned(request, url, body, region)) return refuse(response, 403, 'SignatureDoesNotMatch');
    const place = decodeURIComponent(url.pathname);
    const line = `${request.method} ${place}`;
    requests.push(line);
    started.before(line);
    const query = url.searchParams;
    const upload = query.get('uploadId') ?? '';
    switch (`${request.method}${query.has('uploads') ? ' uploads' : ''}${upload === '' ? '' : ' upload'}`) {
      case 'PUT':
        objects.set(place, body);
        return send(response, 200, '', { etag: etagOf(body) });
      case 'PUT upload':
        uploads.get(upload)?.set(Number(query.get('partNumber')), body);
        return send(response, uploads.has(upload) ? 200 : 404, '', { etag: etagOf(body) });
      case 'POST uploads': {
        const id = `${randomUUID()}|${place}`;
        uploads.set(id, new Map());
        return send(
          response,
          200,
          `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
        );
      }
      case 'POST upload': {
        const parts = [...(uploads.get(upload) ?? [])].sort(([one], [other]) => one - other);
        objects.set(place, Buffer.concat(parts.map(([, part]) => part)));
        uploads.delete(upload);
        return send(response, 200, `<CompleteMultipartUploadResult><ETag>"x"</ETag></CompleteMultipartUploadResult>`);
      }
      case 'DELETE upload':
        uploads.delete(upload);
        return send(response, 204, '');
      case 'DELETE':
        objects.delete(place);
        return send(response, 204, '');
      case 'GET uploads': {
        const open = [...uploads.keys()].map((id) => ({ id, key: keyOf(id.split('|')[1] ?? '') }));
        const listed = open.filter(({ key }) => key.startsWith(query.get('prefix') ?? ''));
        const items = listed.map(({ id, key }) => `<Upload><Key>${key}</Key><UploadId>${id}</UploadId></Upload>`);
        return send(response, 200, `<ListMultipartUploadsResult>${items.join('')}</ListMultipartUploadsResult>`);
      }
      case 'POST': {
        for (const [, key] of body.toString().matchAll(/<Key>([^<]*)<\/Key>/g))
          objects.delete(`${place.replace(/\/$/, '')}/${key}`);
        return send(response, 200, '<DeleteResult></DeleteResult>');
      }
      default:
        return query.has('list-type') ? list(response, place, query) : get(response, place);
    }
  }

  function get(response: ServerResponse, place: string): void {
    const found = objects.get(place);
    if (!found) refuse(response, 404, 'NoSuchKey');
    else
      response
        .writeHead(200, { 'content-length': found.length, 'content-type': 'application/octet-stream' })
        .end(found);
  }

  /** Two on a page, so that pages follow one another. */
  function list(response: ServerResponse, bucket: string, query: URLSearchParams): void {
    const keys = [...objects.keys()]
      .filter((place) => place.startsWith(`${bucket.replace(/\/$/, '')}/`))
      .map(keyOf)
      .filter((key) => key.startsWith(query.get('prefix') ?? '') && key > (query.get('continuation-token') ?? ''))
      .sort();
    const page = keys.slice(0, 2);
    const more = keys.length > 2 ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : '';
    const items = page.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('');
    send(
      response,
      200,
      `<ListBucketResult><IsTruncated>${keys.length > 2}</IsTruncated>${more}${items}</ListBucketResult>`,
    );
  }

  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => {
    server.once('listening', resolve);
  });
  const started: S3Server = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    uploads,
    requests,
    before: () => undefined,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
  return started;
}

/** Signature Version 4, computed anew from what arrived. */
function isSigned(request: IncomingMessage, url: URL, body: Buffer, region: string): boolean {
  const { authorization = '' } = request.headers;
  const [, scope = '', names = '', given = ''] =
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      authorization,
    ) ?? [];
  const [day = '', signedRegion = ''] = scope.split('/');
  if (signedRegion !== region) return false;
  const told = String(request.headers['x-amz-content-sha256']);
  const actual = createHash('sha256').update(body).digest('hex');
  if (told !== actual && told !== 'UNSIGNED-PAYLOAD') return false;
  const query = [...url.searchParams].map(([name, value]) => `${encoded(name)}=${encoded(value)}`).sort();
  const headers = names
    .split(';')
    .map((name) => `${name}:${String(request.headers[name]).trim().replace(/ +/g, ' ')}\n`);
  const canonical = [request.method, url.pathname, query.join('&'), headers.join(''), names, told].join('\n');
  const text = [
    'AWS4-HMAC-SHA256',
    request.headers['x-amz-date'],
    scope,
    createHash('sha256').update(canonical).digest('hex'),
  ].join('\n');
  const key = [day, signedRegion, 's3', 'aws4_request'].reduce<Buffer | string>(
    (secret, part) => createHmac('sha256', secret).update(part).digest(),
    `AWS4${S3_ACCOUNT.secretAccessKey}`,
  );
  return createHmac('sha256', key).update(text).digest('hex') === given;
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function keyOf(place: string): string {
  return place.split('/').slice(2).join('/');
}

function etagOf(body: Buffer): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}

function refuse(response: ServerResponse, status: number, code: string): void {
  send(response, status, `<Error><Code>${code}</Code><Message>${code}</Message></Error>`);
}

function send(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/xml', ...headers }).end(body);
}
