import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { environmentVariables, readConfiguration } from '../src/configuration.js';

const AUTH = {
  AUTH_JWKS_URL: 'https://id.example.com/keys',
  AUTH_ISSUER: 'https://id.example.com',
  AUTH_AUDIENCE: 'hub',
};

describe('configuration', () => {
  it('needs nothing for development', () => {
    expect(readConfiguration({})).toMatchObject({
      environment: 'development',
      host: '127.0.0.1',
      authentication: { kind: 'development' },
      corsOrigins: 'localhost',
      metrics: { enabled: true },
    });
  });

  it('does not start production without an identity provider', () => {
    expect(() => readConfiguration({ NODE_ENV: 'production' })).toThrow('AUTH_JWKS_URL, AUTH_ISSUER and AUTH_AUDIENCE');
    const { AUTH_AUDIENCE: _left, ...rest } = AUTH;
    expect(() => readConfiguration(rest)).toThrow('belong together');
  });

  it('lets nobody in from a browser in production, unless told', () => {
    expect(readConfiguration({ NODE_ENV: 'production', ...AUTH })).toMatchObject({
      corsOrigins: [],
      metrics: { enabled: false },
    });
    const origins = readConfiguration({
      ...AUTH,
      CORS_ORIGINS: 'https://a.example.com, https://b.example.com',
    }).corsOrigins;
    expect(origins).toEqual(['https://a.example.com', 'https://b.example.com']);
  });

  it('takes an empty variable for one that is not set', () => {
    expect(readConfiguration({ PORT: '', AUTH_ISSUER: '' })).toMatchObject({
      port: 4000,
      authentication: { kind: 'development' },
    });
  });

  it('RED-1, RED-2: syncs hourly and asks before a tenth is deleted, unless told', () => {
    expect(readConfiguration({}).hub.sync).toEqual({ intervalMs: 3_600_000, mostDeletedShare: 0.1 });
    const { hub } = readConfiguration({ SYNC_MINUTES: '1200', SYNC_DELETION_PERCENT: '2.5' });
    expect(hub.sync).toEqual({ intervalMs: 72_000_000, mostDeletedShare: 0.025 });
  });

  it.each([
    [{ PORT: 'http' }, 'PORT'],
    [{ NODE_ENV: 'prod' }, 'NODE_ENV'],
    [{ AUTH_JWKS_URL: 'file:///etc/passwd' }, 'AUTH_JWKS_URL'],
    [{ METRICS_TOKEN: 'short' }, 'METRICS_TOKEN'],
    // RED-1: at least daily, with the jitter.
    [{ SYNC_MINUTES: '1201' }, 'SYNC_MINUTES'],
    [{ SYNC_DELETION_PERCENT: '101' }, 'SYNC_DELETION_PERCENT'],
  ])('names the variable that is wrong: %j', (environment, name) => {
    expect(() => readConfiguration(environment)).toThrow(name);
  });

  it('is documented in README.md, every variable in its own words', async () => {
    const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
    const documented = readme
      .split('\n')
      .map((line) => /^\| `([A-Z_]+)` +\| (.*?) *\|$/.exec(line))
      .flatMap((row) => (row ? [[row[1], row[2]]] : []));
    const described = Object.entries(environmentVariables.shape).map(([name, schema]) => [name, schema.description]);
    expect(documented).toEqual(described);
  });
});
