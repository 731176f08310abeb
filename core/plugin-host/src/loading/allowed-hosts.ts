import type { FieldValue, Plugin } from '@talentbridge/contracts';

/**
 * The hosts that a connection with these settings may call: those that are always allowed, and those of the chosen
 * value of each setting that a rule names. A setting without a value allows nothing more.
 */
export function allowedHosts(
  plugin: Pick<Plugin, 'hosts'>,
  settings: Readonly<Record<string, FieldValue>>,
): readonly string[] {
  const hosts = plugin.hosts.flatMap((rule) => {
    if (typeof rule === 'string') return [rule];
    const value = Object.hasOwn(settings, rule.setting) ? settings[rule.setting] : undefined;
    return typeof value === 'string' && Object.hasOwn(rule.hosts, value) ? (rule.hosts[value] ?? []) : [];
  });
  return [...new Set(hosts)];
}
