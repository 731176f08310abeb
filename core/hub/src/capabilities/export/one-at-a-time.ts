/** Lets whoever shares a key pass one after the other, in the order they came. */
export class OneAtATime {
  private readonly last = new Map<string, Promise<void>>();

  /** Waits for everybody before who shares a key. @returns Lets the next ones in; call it exactly once. */
  async enter(keys: readonly string[]): Promise<() => void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const before = keys.flatMap((key) => this.last.get(key) ?? []);
    for (const key of keys) this.last.set(key, promise);
    await Promise.all(before);
    return () => {
      for (const key of keys) if (this.last.get(key) === promise) this.last.delete(key);
      resolve();
    };
  }
}
