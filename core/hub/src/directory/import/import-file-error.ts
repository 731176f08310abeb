import { HubError, type HubErrorOptions } from '@talentbridge/contracts';

/** A file of which nothing can be imported: the whole is refused before the first row. */
export class ImportFileError extends HubError {
  readonly code = 'IMPORT_FILE_REFUSED';
  readonly recovery = 'skip';

  /** @param reason What is wrong and what to do, as a sentence without personal data. */
  constructor(reason: string, options?: HubErrorOptions) {
    super(`This file cannot be imported. ${reason}`, options);
  }
}
