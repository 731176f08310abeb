import { rm } from 'node:fs/promises';
import { migrateHub } from '@talentbridge/hub';
import { createDatabase, startEmbeddedPostgres, temporaryDataDirectory } from '@talentbridge/hub/embedded-postgres';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The PostgreSQL server that all tests of a run share. Tests get their database from `freshDatabase`. */
    postgres: {
      /** The superuser's. */
      readonly url: string;
      /** A migrated database to copy: migrating once and copying is far quicker than migrating each time. */
      readonly template: string;
    };
  }
}

/** Starts the one PostgreSQL of a test run, and stops and removes it at the end. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDirectory = await temporaryDataDirectory();
  const { url, ...server } = await startEmbeddedPostgres({ dataDirectory, durable: false });
  const template = 'template_of_tests';
  await migrateHub(await createDatabase(url, template));
  project.provide('postgres', { url, template });
  return async () => {
    await server[Symbol.asyncDispose]();
    await rm(dataDirectory, { recursive: true });
  };
}
