import { Field, ObjectType } from 'type-graphql';
import { resultUnion } from '../errors/user-error.type.js';
import { Export } from './export.type.js';
import { ExportItem } from './export-item.type.js';
import { PreviewedCandidate } from './export-preview.type.js';

/** What an export would send. */
@ObjectType({ description: 'What an export would send, to the letter. Nothing was sent.' })
class ExportPreview {
  @Field(() => [PreviewedCandidate], { description: 'The candidates, in the order of the export.' })
  candidates!: readonly PreviewedCandidate[];
}

/** The export was taken. */
@ObjectType({ description: 'The export was taken, and runs by itself. Follow it with `exportProgress` or `export`.' })
class ExportOrdered {
  @Field(() => Export, { description: 'The export.' })
  export!: Export;
}

/** Failed candidates are sent again. */
@ObjectType({ description: 'The failed candidates are sent again.' })
class ExportRetried {
  @Field(() => Export, { description: 'The export, which runs again.' })
  export!: Export;
}

/** The export was cancelled. */
@ObjectType({ description: 'Nobody else is sent. What is under way ends first, then the export is `STOPPED`.' })
class ExportCancelled {
  @Field(() => Export, { description: 'The export as it is now.' })
  export!: Export;
}

/** An unclear item is settled. */
@ObjectType({ description: 'The item is settled.' })
class ExportItemSettled {
  @Field(() => ExportItem, { description: 'The item as it is now.' })
  item!: ExportItem;
}

/** What `previewExport` answers. */
export const PreviewExportResult = resultUnion(
  'PreviewExportResult',
  () => ExportPreview,
  'ExportPreview',
  'What became of `previewExport`.',
);

/** What `exportCandidates` answers. */
export const ExportCandidatesResult = resultUnion(
  'ExportCandidatesResult',
  () => ExportOrdered,
  'ExportOrdered',
  'What became of `exportCandidates`.',
);

/** What `retryExport` answers. */
export const RetryExportResult = resultUnion(
  'RetryExportResult',
  () => ExportRetried,
  'ExportRetried',
  'What became of `retryExport`.',
);

/** What `cancelExport` answers. */
export const CancelExportResult = resultUnion(
  'CancelExportResult',
  () => ExportCancelled,
  'ExportCancelled',
  'What became of `cancelExport`.',
);

/** What `settleExportItem` answers. */
export const SettleExportItemResult = resultUnion(
  'SettleExportItemResult',
  () => ExportItemSettled,
  'ExportItemSettled',
  'What became of `settleExportItem`.',
);
