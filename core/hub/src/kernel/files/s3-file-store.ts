import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  NoSuchKey,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { FileMissingError, type FileStore, FileTooLargeError, type StoredFile, segmentsOf } from './file-store.js';

/** Which bucket, and how it is reached. */
export interface S3FileStoreOptions {
  readonly bucket: string;
  /** What all keys begin with, without a slash at its end. Default: nothing. */
  readonly prefix?: string;
  /** The URL of an object store that speaks S3. Absent: AWS's own, in the region that the AWS SDK finds. */
  readonly endpoint?: string;
  /** Default: what the AWS SDK finds; with an endpoint `us-east-1`, which most stores ignore. */
  readonly region?: string;
  /** Default: what the AWS SDK finds: environment, profile, the role of the machine. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/**
 * A file up to this size goes in one request: nothing of it is left in the bucket when the process dies on the way. Larger
 * ones go in parts of it, one at a time, so that this is also what an upload holds in memory.
 */
const PART_BYTES = 32 * 1024 * 1024;
/** What one request may delete. */
const DELETED_AT_ONCE = 1_000;

/** Files in a bucket of Amazon S3, or of an object store that speaks its protocol. */
export class S3FileStore implements FileStore {
  private readonly client: S3Client;

  constructor(private readonly options: S3FileStoreOptions) {
    const { endpoint, region, credentials } = options;
    const config: S3ClientConfig = {
      ...(credentials ? { credentials } : {}),
      ...(region === undefined ? {} : { region }),
      // Bucket names as host names need DNS that few stores other than AWS's have, and checksums that fewer know.
      ...(endpoint === undefined
        ? {}
        : {
            endpoint,
            forcePathStyle: true,
            region: region ?? 'us-east-1',
            requestChecksumCalculation: 'WHEN_REQUIRED' as const,
            responseChecksumValidation: 'WHEN_REQUIRED' as const,
          }),
    };
    this.client = new S3Client(config);
  }

  async put(
    key: string,
    content: AsyncIterable<Uint8Array>,
    { limit = Number.POSITIVE_INFINITY }: { readonly limit?: number } = {},
  ): Promise<StoredFile> {
    const hash = createHash('sha256');
    let size = 0;
    const counted = async function* (): AsyncGenerator<Uint8Array> {
      for await (const chunk of content) {
        size += chunk.byteLength;
        if (size > limit) throw new FileTooLargeError(limit);
        hash.update(chunk);
        yield chunk;
      }
    };
    const upload = new Upload({
      client: this.client,
      params: { Bucket: this.options.bucket, Key: this.placeOf(key), Body: Readable.from(counted()) },
      partSize: PART_BYTES,
      queueSize: 1,
    });
    // On failure it takes back the parts that it has sent.
    await upload.done();
    return { size, sha256: hash.digest('hex') };
  }

  async read(key: string): Promise<AsyncIterable<Uint8Array>> {
    try {
      const { Body } = await this.client.send(
        new GetObjectCommand({ Bucket: this.options.bucket, Key: this.placeOf(key) }),
      );
      if (!(Body instanceof Readable)) throw new Error('The object store answered without a body.');
      return Body;
    } catch (cause) {
      if (cause instanceof NoSuchKey) throw new FileMissingError(key, { cause });
      throw cause;
    }
  }

  async delete(keys: readonly string[]): Promise<void> {
    const [first, ...others] = keys.map((key) => this.placeOf(key));
    if (first === undefined) return;
    if (others.length === 0) {
      await this.client.send(new DeleteObjectCommand({ Bucket: this.options.bucket, Key: first }));
      return;
    }
    await this.deletePlaces([first, ...others]);
  }

  async deleteBelow(path: string): Promise<void> {
    const below = { Bucket: this.options.bucket, Prefix: `${this.placeOf(path)}/` };
    for (let token: string | undefined; ; ) {
      const page = await this.client.send(
        new ListObjectsV2Command({ ...below, ...(token === undefined ? {} : { ContinuationToken: token }) }),
      );
      await this.deletePlaces((page.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key])));
      token = page.NextContinuationToken;
      if (token === undefined) break;
    }
    // What a process left that died in the middle of a large file.
    const { Uploads = [] } = await this.client.send(new ListMultipartUploadsCommand(below));
    for (const { Key, UploadId } of Uploads) {
      await this.client.send(new AbortMultipartUploadCommand({ Bucket: this.options.bucket, Key, UploadId }));
    }
  }

  private async deletePlaces(places: readonly string[]): Promise<void> {
    for (let from = 0; from < places.length; from += DELETED_AT_ONCE) {
      const Objects = places.slice(from, from + DELETED_AT_ONCE).map((Key) => ({ Key }));
      const { Errors = [] } = await this.client.send(
        new DeleteObjectsCommand({ Bucket: this.options.bucket, Delete: { Objects, Quiet: true } }),
      );
      const refused = Errors.filter(({ Code }) => Code !== 'NoSuchKey');
      if (refused.length > 0) {
        throw new Error(`The object store refused to delete ${refused.length} files: ${refused[0]?.Code}.`);
      }
    }
  }

  private placeOf(key: string): string {
    const segments = segmentsOf(key);
    return [...(this.options.prefix ? [this.options.prefix] : []), ...segments].join('/');
  }
}
