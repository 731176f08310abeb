import type { ExportCapability, ExportField, ExportTarget, Job } from '@talentbridge/contracts';
import { isHubError, JobNotOpenError } from '@talentbridge/contracts';
import type { Connection } from '../../connections/connection.entity.js';
import type { ConnectionOpener } from '../../connections/connection-opener.js';
import { connectionById } from '../../connections/connection-repository.js';
import { InvalidInputError, WrongStateError } from '../../kernel/errors.js';
import type { Entitlements } from '../../kernel/organizations/entitlements.js';
import type { OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import type { Page } from '../../kernel/persistence/page.js';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import { type JobPageQuery, pageOfJobs, searchJobs } from '../job-search.js';
import type { JobList } from './job-list.js';

/** Where candidates can be sent: connections that have Export, their open jobs, and what they take. */
export class ExportDestinations {
  constructor(
    private readonly entitlements: Entitlements,
    private readonly opener: ConnectionOpener,
    private readonly jobLists: JobList,
  ) {}

  /** The open jobs of a connection, as the ATS lists them, by title. */
  async jobs(scope: OrganizationScope, connectionId: string, query: JobPageQuery): Promise<Page<Job>> {
    const connection = await scope.transaction((tx) => this.reachable(tx, connectionId));
    const exporter = await this.exporter(scope, connection);
    const jobs = searchJobs(await this.jobLists.all(cacheKeyOf(connection), exporter), query.search ?? '');
    return pageOfJobs(jobs, query);
  }

  /** What is sent to this ATS, with its limits: the declaration that the exporter itself works by. */
  async fields(scope: OrganizationScope, connectionId: string): Promise<readonly ExportField[]> {
    const connection = await scope.transaction((tx) => this.reachable(tx, connectionId));
    return (await this.exporter(scope, connection)).fields;
  }

  /** The exporter of a connection. @throws WrongStateError when the connection does not have Export. */
  async exporter(scope: OrganizationScope, connection: Connection): Promise<ExportCapability> {
    const exporter = (await this.opener.open(scope, connection.id)).capability('export');
    if (!exporter) throw new WrongStateError(connection.status, `${connection.name} has no Export.`);
    return exporter;
  }

  /** A connection whose Export may be used while it is being set up too. @throws NotFoundError, CapabilityOffError, WrongStateError */
  async reachable(tx: Transaction, connectionId: string): Promise<Connection> {
    const connection = await connectionById(tx, connectionId);
    if (!connection.capabilities.includes('export')) {
      throw new WrongStateError(
        connection.status,
        `${connection.name} was connected without Export. Edit it to add Export.`,
      );
    }
    await this.entitlements.require(tx, connection.pluginId, 'export');
    return connection;
  }

  /** A connection that exports may go through now. @throws NotFoundError, CapabilityOffError, WrongStateError */
  async usable(tx: Transaction, connectionId: string): Promise<Connection> {
    const connection = await this.reachable(tx, connectionId);
    if (connection.status !== 'CONNECTED') {
      const why = {
        SETUP: 'is not finished yet. Verify and finish it first.',
        NEEDS_ATTENTION: `needs attention: ${connection.attentionReason ?? 'it stopped working'}`,
        REMOVING: 'is being removed.',
        REMOVED: 'was removed.',
      }[connection.status];
      throw new WrongStateError(connection.status, `${connection.name} ${why}`);
    }
    return connection;
  }

  /**
   * Makes sure that candidates can be sent there now.
   * @throws InvalidInputError, JobNotOpenError
   */
  async checkTarget(scope: OrganizationScope, connection: Connection, target: ExportTarget): Promise<void> {
    const exporter = await this.exporter(scope, connection);
    if (target.kind === 'prospect') {
      if (exporter.limits.prospects === false) {
        throw new InvalidInputError([
          { field: 'target', message: `${connection.name} has no prospects: choose a job.` },
        ]);
      }
      return;
    }
    const key = cacheKeyOf(connection);
    try {
      if (await this.listsJob(key, exporter, target.jobRemoteId)) return;
      // A job that was opened within the last minute is not in a list that was kept.
      this.jobLists.forget(key);
      if (await this.listsJob(key, exporter, target.jobRemoteId)) return;
    } catch (error) {
      // An ATS that is away for a moment does not stop the order; its run will tell.
      if (isHubError(error) && error.recovery === 'retry') return;
      throw error;
    }
    throw new JobNotOpenError(connection.name, target.jobRemoteId, 'it is not among the open jobs');
  }

  private async listsJob(key: string, exporter: ExportCapability, jobRemoteId: string): Promise<boolean> {
    return (await this.jobLists.all(key, exporter)).some((job) => job.remoteId === jobRemoteId);
  }
}

function cacheKeyOf(connection: Connection): string {
  return `${connection.id}/${connection.credentialVersion}`;
}
