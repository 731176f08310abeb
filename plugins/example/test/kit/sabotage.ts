import type {
  ExportCapability,
  HttpClient,
  PermissionsCapability,
  Plugin,
  RediscoveryCapability,
  WebhooksCapability,
} from '@talentbridge/contracts';
import plugin from '../../src/index.js';

/** How to spoil a good plugin. */
export interface Sabotage {
  readonly http?: (good: HttpClient) => HttpClient;
  readonly export?: (good: ExportCapability) => Partial<ExportCapability>;
  readonly permissions?: (good: PermissionsCapability) => Partial<PermissionsCapability>;
  readonly rediscovery?: (
    good: RediscoveryCapability,
    exporter: ExportCapability | undefined,
  ) => Partial<RediscoveryCapability>;
  readonly webhooks?: (
    good: WebhooksCapability,
    rediscovery: RediscoveryCapability | undefined,
  ) => Partial<WebhooksCapability>;
}

/** The example plugin, spoilt: everything else of it works. */
export function sabotaged({ http, export: exporting, permissions, rediscovery, webhooks }: Sabotage): Plugin {
  return {
    ...plugin,
    open(input) {
      const opened = plugin.open(http ? { ...input, http: http(input.http) } : input);
      const good = {
        export: opened.capability('export'),
        permissions: opened.capability('permissions'),
        rediscovery: opened.capability('rediscovery'),
        webhooks: opened.capability('webhooks'),
      };
      if (good.export && exporting) Object.assign(good.export, exporting({ ...good.export }));
      if (good.permissions && permissions) Object.assign(good.permissions, permissions({ ...good.permissions }));
      if (good.rediscovery && rediscovery) {
        Object.assign(good.rediscovery, rediscovery({ ...good.rediscovery }, good.export));
      }
      if (good.webhooks && webhooks) Object.assign(good.webhooks, webhooks({ ...good.webhooks }, good.rediscovery));
      return opened;
    },
  };
}
