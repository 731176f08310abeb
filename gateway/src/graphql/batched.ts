import type { OrganizationScope } from '@talentbridge/hub';

/** What one operation waits for. */
interface Gathering<Key, Value> {
  readonly keys: Set<Key>;
  readonly found: Promise<ReadonlyMap<Key, Value>>;
}

/**
 * Turns a question about many things into one about a single thing: what the fields of one operation ask at the same
 * moment is asked together, so that a list of fifty costs one query and not fifty. Nothing is remembered: the next
 * event of a subscription asks again.
 */
export function batched<Key, Value>(
  load: (scope: OrganizationScope, keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>,
): (scope: OrganizationScope, key: Key) => Promise<Value | undefined> {
  const gatherings = new WeakMap<OrganizationScope, Gathering<Key, Value>>();

  function gather(scope: OrganizationScope): Gathering<Key, Value> {
    const keys = new Set<Key>();
    const found = momentPassed().then(() => {
      gatherings.delete(scope);
      return load(scope, [...keys]);
    });
    return { keys, found };
  }

  return async (scope, key) => {
    let gathering = gatherings.get(scope);
    if (!gathering) {
      gathering = gather(scope);
      gatherings.set(scope, gathering);
    }
    gathering.keys.add(key);
    return (await gathering.found).get(key);
  };
}

/** Resolves when everything that is ready to run has run: fields that wait for the same parent are among it. */
async function momentPassed(): Promise<void> {
  await Promise.resolve();
  await new Promise<void>((resolve) => {
    process.nextTick(resolve);
  });
}
