import { isHubError } from '@talentbridge/contracts';
import type { CapabilityModule } from '../kernel/capabilities.js';
import type { JobQueue } from '../kernel/jobs/job-queue.js';
import type { JobTask } from '../kernel/jobs/job-runner.js';
import { systemCaller } from '../kernel/organizations/caller.js';
import type { Database } from '../kernel/persistence/database.js';
import type { OrganizationScope } from '../kernel/persistence/organization-scope.js';
import type { Connection } from './connection.entity.js';
import type { ConnectionChanges } from './connection-changes.js';
import type { ConnectionOpener } from './connection-opener.js';
import { connectionById, findConnection } from './connection-repository.js';
import type { CredentialStore } from './credential-store.js';

/** The job that undoes a connection at the vendor and ends it. */
const REMOVE_CONNECTION_TASK = 'connections.remove';

/** What `ConnectionRemoval` works with. */
export interface ConnectionRemovalParts {
  readonly database: Database;
  readonly credentials: CredentialStore;
  readonly opener: ConnectionOpener;
  readonly jobs: JobQueue;
  readonly changes: ConnectionChanges;
  readonly modules: readonly CapabilityModule[];
}

/** Removes connections, whatever the vendor does meanwhile. */
export class ConnectionRemoval {
  constructor(private readonly parts: ConnectionRemovalParts) {}

  get tasks(): Readonly<Record<string, JobTask>> {
    return { [REMOVE_CONNECTION_TASK]: ({ organizationId, id }) => this.end(organizationId, id) };
  }

  /**
   * Removes a connection: its work stops at once; a job undoes what was set up at the vendor, as far as the vendor
   * answers, then destroys the credentials. The export history stays. Removing twice is removing once.
   * @throws NotFoundError
   */
  begin(scope: OrganizationScope, id: string): Promise<Connection> {
    return scope.transaction(async (tx) => {
      const connection = await connectionById(tx, id);
      if (connection.status === 'REMOVING') return connection;
      connection.status = 'REMOVING';
      for (const module of this.parts.modules) await module.leave(tx, connection.id);
      await this.parts.jobs.add(tx, REMOVE_CONNECTION_TASK, connection.id);
      await this.parts.changes.save(tx, scope.caller, connection, 'connection.remove');
      return connection;
    });
  }

  private async end(organizationId: string, id: string): Promise<void> {
    const scope = this.parts.database.scope(systemCaller(organizationId));
    const leftBehind = await this.leaveVendor(scope, id);
    await scope.transaction(async (tx) => {
      const connection = await findConnection(tx, id);
      if (connection?.status !== 'REMOVING') return;
      await this.parts.credentials.destroy(tx, id);
      connection.status = 'REMOVED';
      connection.removedAt = new Date();
      connection.credentialNames = [];
      connection.credentialVersion += 1;
      connection.leftBehind = leftBehind;
      await this.parts.changes.save(tx, scope.caller, connection, 'connection.removed', {
        leftBehind: leftBehind.length,
      });
    });
    await this.parts.opener.forgetRemoved(scope, id);
  }

  /** What could not be undone is said, and stops nothing. */
  private async leaveVendor(scope: OrganizationScope, connectionId: string): Promise<readonly string[]> {
    const leftBehind: string[] = [];
    for (const module of this.parts.modules) {
      if (!module.leaveVendor) continue;
      try {
        leftBehind.push(...(await module.leaveVendor(scope, connectionId)));
      } catch (error) {
        const reason = isHubError(error) ? error.message : 'an internal error';
        leftBehind.push(`${module.displayName} could not be undone at the vendor: ${reason}`);
      }
    }
    return leftBehind;
  }
}
