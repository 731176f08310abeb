import type { AuditLog } from '../kernel/audit/audit-log.js';
import type { CapabilityModule } from '../kernel/capabilities.js';
import type { Caller } from '../kernel/organizations/caller.js';
import type { Transaction } from '../kernel/persistence/transaction.js';
import { Connection } from './connection.entity.js';

/** What every change of a connection has in common: it is dated, stored, written to the audit log, and told to the capabilities. */
export class ConnectionChanges {
  constructor(
    private readonly audit: AuditLog,
    /** Every capability there is. */
    private readonly modules: readonly CapabilityModule[],
  ) {}

  /** Stores a changed connection, with a line in the audit log. `details` hold no secrets. */
  async save(
    tx: Transaction,
    caller: Caller,
    connection: Connection,
    action: `connection.${string}`,
    details: Readonly<Record<string, unknown>> = {},
  ): Promise<void> {
    connection.updatedAt = new Date();
    await tx.em.flush();
    await this.audit.record(
      tx,
      caller,
      action,
      { type: 'connection', id: connection.id },
      { pluginId: connection.pluginId, ...details },
    );
  }

  /** Lets every capability pause or resume what it does for a connection. */
  async reconsider(tx: Transaction, connectionIds: readonly string[]): Promise<void> {
    for (const module of this.modules) await module.reconsider(tx, connectionIds);
  }

  /** The same for all connections of the organization: something was switched. */
  async reconsiderAll(tx: Transaction): Promise<void> {
    const connections = await tx.em.find(Connection, { status: { $nin: ['REMOVED', 'REMOVING'] } });
    const ids = connections.map((connection) => connection.id);
    await this.reconsider(tx, ids);
  }
}
