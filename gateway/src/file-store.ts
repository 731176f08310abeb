import { resolve } from 'node:path';
import { DiskFileStore, type FileStore } from '@talentbridge/hub';
import { ConfigurationError, type HubConfiguration } from './configuration.js';

const DISK = /^disk:(?<folder>.+)$/;
const S3 = /^s3:\/\/(?<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(?<prefix>[\w.-]+(?:\/[\w.-]+)*))?\/?$/;

/**
 * Opens the file store that a deployment names. Nothing is asked of it yet.
 * @param notation `disk:<folder>` or `s3://bucket/prefix`.
 * @throws ConfigurationError
 */
export async function openFileStore(
  notation: string,
  { endpoint, region }: HubConfiguration['fileStorePlace'] = {},
): Promise<FileStore> {
  const folder = DISK.exec(notation)?.groups?.['folder'];
  if (folder !== undefined) return new DiskFileStore(resolve(folder));
  const place = S3.exec(notation)?.groups;
  if (!place) {
    throw new ConfigurationError('FILE_STORE does not fit. It is `disk:<folder>` or `s3://bucket/prefix`.');
  }
  // Half a second and 20 MB that only those pay who use it.
  const { S3FileStore } = await import('@talentbridge/hub/s3-file-store');
  const { bucket = '', prefix = '' } = place;
  return new S3FileStore({
    bucket,
    prefix,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
  });
}
