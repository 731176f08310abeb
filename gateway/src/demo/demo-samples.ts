import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Hub, ImportFormat, ProjectInput } from '@talentbridge/hub';

/** What the sample data consists of. */
export interface SampleCounts {
  readonly profiles: number;
  readonly projects: number;
  readonly tags: number;
}

const FILES: readonly (readonly [file: string, format: ImportFormat])[] = [
  ['profiles.ndjson', 'NDJSON'],
  ['people-of-the-ats.ndjson', 'NDJSON'],
  ['profiles.csv', 'CSV'],
];

/**
 * Loads the sample data through the same imports that a host platform uses, into an organization that has no profiles
 * yet: what a person did with them meanwhile is left alone.
 */
export async function loadDemoSamples(hub: Hub, organizationId: string, folder: string): Promise<SampleCounts> {
  await using scope = hub.scope({ organizationId, userId: 'sample-data', roles: [] });
  if (!(await isEmpty(hub, organizationId))) return countSamples(hub, organizationId);
  const resumes = join(folder, 'json-resume');
  for (const name of (await readdir(resumes)).filter((file) => file.endsWith('.json')).sort()) {
    await hub.profileImport.run(scope, 'JSON_RESUME', createReadStream(join(resumes, name)));
  }
  for (const [file, format] of FILES) await hub.profileImport.run(scope, format, createReadStream(join(folder, file)));
  const projects = JSON.parse(await readFile(join(folder, 'projects.json'), 'utf8')) as readonly ProjectInput[];
  await hub.projects.upsert(scope, projects);
  const tags = JSON.parse(await readFile(join(folder, 'tags.json'), 'utf8')) as readonly string[];
  await scope.transaction((tx) => hub.tags.add(tx, tags));
  return countSamples(hub, organizationId);
}

async function isEmpty(hub: Hub, organizationId: string): Promise<boolean> {
  return (await countSamples(hub, organizationId)).profiles === 0;
}

async function countSamples(hub: Hub, organizationId: string): Promise<SampleCounts> {
  await using scope = hub.scope({ organizationId, userId: 'sample-data', roles: [] });
  const page = { first: 1 };
  const profiles = await hub.profiles.list(scope, page);
  const projects = await hub.projects.list(scope, page);
  return {
    profiles: await profiles.total(),
    projects: await projects.total(),
    tags: (await hub.tags.list(scope)).length,
  };
}
