/**
 * Where the calls to a host really go: `{ 'api.example.com': 'http://127.0.0.1:4100' }`. Configuration of a
 * deployment, for simulators and vendors' sandboxes. Such an origin may be plain HTTP and a private address; without
 * an override neither is ever possible.
 */
export type HostOverrides = Readonly<Record<string, string>>;

/**
 * Reads overrides into origins.
 * @throws TypeError when one is no origin (scheme, host and port, and nothing else).
 */
export function readHostOverrides(overrides: HostOverrides): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(overrides).map(([host, override]) => {
      const url = URL.canParse(override) ? new URL(override) : undefined;
      const isOrigin = url !== undefined && url.origin !== 'null' && `${url.origin}/` === url.href;
      if (!isOrigin || !/^https?:$/.test(url.protocol)) {
        throw new TypeError(`The override of ${host} must be an origin, such as http://127.0.0.1:4100.`);
      }
      return [host, url.origin];
    }),
  );
}
