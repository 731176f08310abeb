/** The key-encryption keys that a deployment holds: one to seal with, older ones to open with. */
export class KeyRing {
  private readonly keys: ReadonlyMap<string, Buffer>;

  /**
   * @param currentKeyId The key that seals from now on.
   * @param keys 32 bytes each, by key id.
   */
  constructor(
    readonly currentKeyId: string,
    keys: ReadonlyMap<string, Buffer>,
  ) {
    for (const [id, key] of keys) {
      if (key.length !== 32) throw new Error(`Key ${id} has ${key.length} bytes; a key-encryption key has 32.`);
    }
    if (!keys.has(currentKeyId)) throw new Error(`There is no key ${currentKeyId} among the key-encryption keys.`);
    this.keys = keys;
  }

  /**
   * Reads the notation of the configuration: `id:base64` entries separated by commas, the current key first.
   * @throws Error that names the entry and never shows a key.
   */
  static parse(text: string): KeyRing {
    const keys = new Map<string, Buffer>();
    for (const [index, entry] of text.split(',').entries()) {
      const [id, key, ...rest] = entry.trim().split(':');
      if (!id || !key || rest.length > 0)
        throw new Error(`Entry ${index + 1} of the encryption keys is not of the form id:base64.`);
      if (keys.has(id)) throw new Error(`Key id ${id} stands twice among the encryption keys.`);
      keys.set(id, Buffer.from(key, 'base64'));
    }
    return new KeyRing([...keys.keys()][0] ?? '', keys);
  }

  /** The current key and no other: what a deployment has left once the older keys are removed. */
  currentAlone(): KeyRing {
    return new KeyRing(this.currentKeyId, new Map([[this.currentKeyId, this.key(this.currentKeyId)]]));
  }

  /** @throws KeyMissingError */
  key(id: string): Buffer {
    const key = this.keys.get(id);
    if (!key) throw new KeyMissingError(id);
    return key;
  }
}

/** A value was sealed with a key that this process does not have. */
export class KeyMissingError extends Error {
  override readonly name = 'KeyMissingError';

  constructor(readonly keyId: string) {
    super(
      `The key-encryption key ${keyId} is not configured. Add it to the encryption keys, or enter the credentials again.`,
    );
  }
}
