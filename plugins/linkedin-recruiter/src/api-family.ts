/**
 * One of the two families of paths that LinkedIn has for the same resources (LinkedIn sheet §1, CONFIRMED). Everything that
 * differs between them is in here.
 */
export interface ApiFamily {
  readonly prefix: '/v2' | '/rest';
  readonly headers: Readonly<Record<string, string>>;
  /** Whether keys have a part `dataProvider`. */
  readonly namesProvider: boolean;
  /** Resources that are called otherwise here. */
  readonly names: Readonly<Record<string, string>>;
}

/** The family that LinkedIn's own developer tools use, and that the plugin is built on. */
export const V2: ApiFamily = { prefix: '/v2', headers: {}, namesProvider: true, names: {} };

/**
 * The family with versions.
 * @param version Year and month: `202604`.
 */
export function versioned(version: string): ApiFamily {
  return {
    prefix: '/rest',
    headers: { 'linkedin-version': version },
    namesProvider: false,
    names: { atsIntegrations: 'integrations' },
  };
}
