import { Field, ObjectType } from 'type-graphql';
import { resultUnion } from '../errors/user-error.type.js';
import { DataCopy } from './data-copy.type.js';

/** The import waits for its files. */
@ObjectType({ description: 'The import waits for its files: upload them to `uploadUrl`, then call `startDataCopy`.' })
class DataCopyOpened {
  @Field(() => DataCopy, { description: 'The import.' })
  dataCopy!: DataCopy;
}

/** The import was begun. */
@ObjectType({ description: 'The import is stored as begun, and goes on by itself. Follow it with `dataCopy`.' })
class DataCopyStarted {
  @Field(() => DataCopy, { description: 'The import.' })
  dataCopy!: DataCopy;
}

/** The import was ended. */
@ObjectType({ description: 'The import was ended. What it wrote stays; its files are deleted.' })
class DataCopyCancelled {
  @Field(() => DataCopy, { description: 'The import as it is now.' })
  dataCopy!: DataCopy;
}

/** What `importDataCopy` answers. */
export const ImportDataCopyResult = resultUnion(
  'ImportDataCopyResult',
  () => DataCopyOpened,
  'DataCopyOpened',
  'What became of `importDataCopy`.',
);

/** What `startDataCopy` answers. */
export const StartDataCopyResult = resultUnion(
  'StartDataCopyResult',
  () => DataCopyStarted,
  'DataCopyStarted',
  'What became of `startDataCopy`.',
);

/** What `cancelDataCopy` answers. */
export const CancelDataCopyResult = resultUnion(
  'CancelDataCopyResult',
  () => DataCopyCancelled,
  'DataCopyCancelled',
  'What became of `cancelDataCopy`.',
);
