import type { Job as HubJob } from '@talentbridge/contracts';
import { webUrl } from '../validation/web-url.js';
import type { Job } from './job.type.js';

/** A job of the hub as the schema shows it. */
export function showJob({ remoteId, remoteUrl, title, code, department, location, statusLabel }: HubJob): Job {
  return { id: remoteId, title, code, department, location, statusLabel, url: webUrl(remoteUrl) };
}
