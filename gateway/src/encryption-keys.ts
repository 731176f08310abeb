import { KeyRing } from '@talentbridge/hub';
import { ConfigurationError } from './configuration.js';

/**
 * Reads the keys that seal credentials from their notation in the configuration.
 * @throws ConfigurationError that never shows a key.
 */
export function readEncryptionKeys(text: string): KeyRing {
  try {
    return KeyRing.parse(text);
  } catch (error) {
    // The cause is left out: whatever parsed the keys may have kept a part of them.
    throw new ConfigurationError(`ENCRYPTION_KEYS does not fit. ${error instanceof Error ? error.message : ''}`);
  }
}
