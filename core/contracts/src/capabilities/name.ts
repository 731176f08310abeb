/** The capabilities there are, as they stand in a manifest. `permissions` and `webhooks` come along by themselves. */
export type CapabilityName = 'permissions' | 'export' | 'rediscovery' | 'webhooks' | 'systemConnect';
