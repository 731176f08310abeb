import type { CapabilityName } from '@talentbridge/contracts';
import type { AuditLog } from '../audit/audit-log.js';
import { comesAlong } from '../capabilities.js';
import { type Deployment, installedPlugin, type Tier } from '../deployment.js';
import { CapabilityOffError, InvalidInputError, type SwitchHolder } from '../errors.js';
import type { OrganizationScope } from '../persistence/organization-scope.js';
import type { Transaction } from '../persistence/transaction.js';

/** Whether a capability can be used, and if not, why and who can change that. */
export type Availability =
  | { readonly on: true }
  | { readonly on: false; readonly reason: string; readonly switchedOnBy: SwitchHolder };

/** What the operator decided for an organization. */
export interface OrganizationEntitlement {
  readonly tier: Tier;
  readonly integrationsEnabled: boolean;
}

/** Answers the availability of any capability of any plugin. */
export type AvailabilityOf = (pluginId: string, capability: CapabilityName) => Availability;

/** All that decides what an organization may use, as it stood at one moment. */
export interface EntitlementOverview extends OrganizationEntitlement {
  readonly availabilityOf: AvailabilityOf;
}

/** Hears of every change of an entitlement, in its transaction, to pause or resume work. */
export type AvailabilityListener = (tx: Transaction) => Promise<void>;

/**
 * What an organization may use. Two levels decide: the operator (license tier, integrations on or off) and below that
 * an admin's switch per plugin and capability. Everything is on unless somebody or the tier says otherwise.
 */
export class Entitlements {
  private readonly listeners: AvailabilityListener[] = [];
  /** The reads of one operation share one transaction, and with it this. */
  private readonly overviews = new WeakMap<Transaction, Promise<EntitlementOverview>>();

  constructor(
    private readonly deployment: Deployment,
    private readonly audit: AuditLog,
  ) {}

  /** Registers what must happen when something is switched. Called while the hub is put together. */
  onChange(listener: AvailabilityListener): void {
    this.listeners.push(listener);
  }

  /** What the organization may use, for whoever shows it: with one query in an operation, however often it asks. */
  overview(scope: OrganizationScope): Promise<EntitlementOverview> {
    return scope.read((tx) => {
      const overview = this.overviews.get(tx) ?? this.overviewIn(tx);
      this.overviews.set(tx, overview);
      return overview;
    });
  }

  /** The operator's decisions for the organization of this transaction. */
  async entitlement(tx: Transaction): Promise<OrganizationEntitlement> {
    const row = await tx.row<OrganizationEntitlement>(
      `select o.tier, o.integrations_enabled as "integrationsEnabled" from talentbridge.organization o where ${tx.own('o')}`,
    );
    return row ?? { tier: this.deployment.defaultTier, integrationsEnabled: true };
  }

  /** Answers the availability of any capability, with one query in all. */
  async availabilities(tx: Transaction): Promise<AvailabilityOf> {
    return (await this.overviewIn(tx)).availabilityOf;
  }

  /** @throws CapabilityOffError */
  async require(tx: Transaction, pluginId: string, capability: CapabilityName): Promise<void> {
    const availability = (await this.availabilities(tx))(pluginId, capability);
    if (!availability.on) {
      throw new CapabilityOffError(pluginId, capability, availability.switchedOnBy, availability.reason);
    }
  }

  /**
   * An admin's switch. What runs pauses or resumes; nothing is deleted.
   * @throws InvalidInputError when the plugin or its capability does not exist.
   * @throws CapabilityOffError when the operator does not grant what is to be switched on.
   */
  async setCapability(
    scope: OrganizationScope,
    change: { readonly pluginId: string; readonly capability: CapabilityName; readonly enabled: boolean },
  ): Promise<Availability> {
    const { pluginId, capability, enabled } = change;
    const plugin = installedPlugin(this.deployment, pluginId);
    if (!plugin) throw new InvalidInputError([{ field: 'pluginId', message: `There is no plugin ${pluginId}.` }]);
    if (!plugin.capabilities.includes(capability)) {
      throw new InvalidInputError([{ field: 'capability', message: `${plugin.displayName} does not have it.` }]);
    }
    if (comesAlong(capability)) {
      throw new InvalidInputError([
        { field: 'capability', message: 'It comes along with every other capability and has no switch.' },
      ]);
    }
    return scope.transaction(async (tx) => {
      await tx.rows(
        `insert into talentbridge.capability_switch (organization_id, plugin_id, capability, enabled)
         values ($1, $2, $3, $4)
         on conflict (organization_id, plugin_id, capability) do update set enabled = excluded.enabled, updated_at = now()`,
        [tx.organizationId, pluginId, capability, enabled],
      );
      const availability = (await this.availabilities(tx))(pluginId, capability);
      if (enabled && !availability.on) {
        throw new CapabilityOffError(pluginId, capability, availability.switchedOnBy, availability.reason);
      }
      await this.audit.record(
        tx,
        scope.caller,
        'capability.switch',
        { type: 'plugin', id: pluginId },
        { capability, enabled },
      );
      await this.changed(tx);
      return availability;
    });
  }

  /** The operator's decisions. Parts that are not given stay as they are. */
  async setEntitlement(
    scope: OrganizationScope,
    change: Partial<OrganizationEntitlement>,
  ): Promise<OrganizationEntitlement> {
    return scope.transaction(async (tx) => {
      const next = { ...(await this.entitlement(tx)), ...change };
      await tx.rows(
        `insert into talentbridge.organization (organization_id, tier, integrations_enabled) values ($1, $2, $3)
         on conflict (organization_id) do update
           set tier = excluded.tier, integrations_enabled = excluded.integrations_enabled, updated_at = now()`,
        [tx.organizationId, next.tier, next.integrationsEnabled],
      );
      await this.audit.record(
        tx,
        scope.caller,
        'entitlement.set',
        { type: 'organization', id: tx.organizationId },
        { ...next },
      );
      await this.changed(tx);
      return next;
    });
  }

  private async overviewIn(tx: Transaction): Promise<EntitlementOverview> {
    const row = await tx.row<{
      tier: Tier | null;
      integrationsEnabled: boolean | null;
      off: readonly string[];
    }>(
      `select o.tier, o.integrations_enabled as "integrationsEnabled", array(
         select s.plugin_id || '/' || s.capability from talentbridge.capability_switch s
         where ${tx.own('s')} and not s.enabled
       ) as off
       from (values (1)) as one left join talentbridge.organization o on ${tx.own('o')}`,
    );
    const entitlement: OrganizationEntitlement = {
      tier: row?.tier ?? this.deployment.defaultTier,
      integrationsEnabled: row?.integrationsEnabled ?? true,
    };
    const off = new Set(row?.off);
    const availabilityOf: AvailabilityOf = (pluginId, capability) => {
      const name = installedPlugin(this.deployment, pluginId)?.displayName ?? pluginId;
      if (!entitlement.integrationsEnabled) {
        return { on: false, switchedOnBy: 'OPERATOR', reason: 'Integrations are switched off for this organization.' };
      }
      if (!this.opens(entitlement.tier, pluginId, capability)) {
        return {
          on: false,
          switchedOnBy: 'OPERATOR',
          reason: `The ${title(entitlement.tier)} license does not include ${title(capability)} with ${name}.`,
        };
      }
      if (off.has(`${pluginId}/${capability}`)) {
        return { on: false, switchedOnBy: 'ADMIN', reason: `${title(capability)} with ${name} is switched off.` };
      }
      return { on: true };
    };
    return { ...entitlement, availabilityOf };
  }

  private async changed(tx: Transaction): Promise<void> {
    for (const listener of this.listeners) await listener(tx);
  }

  private opens(tier: Tier, pluginId: string, capability: CapabilityName): boolean {
    if (comesAlong(capability)) return true;
    const grants = this.deployment.tiers[tier];
    return [grants[pluginId], grants['*']].some((granted) => granted?.includes('*') || granted?.includes(capability));
  }
}

/** A tier or a capability, for people: "Enterprise", "System Connect". */
function title(word: string): string {
  const words = word.replace(/([a-z])([A-Z])/g, '$1 $2').split(' ');
  return words.map((one) => one.charAt(0).toUpperCase() + one.slice(1).toLowerCase()).join(' ');
}
