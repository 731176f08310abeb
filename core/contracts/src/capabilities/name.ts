/** The capabilities there are, as they stand in a manifest. `permissions` comes along with every other by itself. */
export type CapabilityName = 'permissions' | 'export' | 'rediscovery';
