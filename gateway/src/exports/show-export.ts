import type { ExportField as HubExportField, ExportWarning as HubExportWarning } from '@talentbridge/contracts';
import type { ExportItemRecord, ExportRecord, ExportStatus } from '@talentbridge/hub';
import type { Export } from './export.type.js';
import { type ExportField, ExportFieldName } from './export-field.type.js';
import type { ExportItem, ExportWarning } from './export-item.type.js';

const MESSAGES: Readonly<Record<ExportStatus, string>> = {
  QUEUED: 'Export Queued',
  RUNNING: 'Export Running',
  PAUSED: 'Export Paused',
  COMPLETE: 'Export Complete',
  STOPPED: 'Export Stopped',
};

const FIELD_NAMES: ReadonlySet<string | undefined> = new Set(Object.values(ExportFieldName));

/** An export of the hub as the schema shows it. */
export function showExport({ target, ...record }: ExportRecord): Export {
  return {
    ...record,
    target: target.kind === 'job' ? { kind: 'job', jobId: target.jobRemoteId } : { kind: 'prospect' },
    message: MESSAGES[record.status],
  };
}

/** One candidate of an export as the schema shows it. */
export function showExportItem({ warnings, ...item }: ExportItemRecord): ExportItem {
  return { ...item, warnings: warnings.map(showWarning) };
}

/** A field that is sent, as the schema shows it. */
export function showExportField({ required, ...field }: HubExportField): ExportField {
  return { ...field, required: required ?? false };
}

/** Warnings come from plugins, and stay for years: a field that the schema does not know is left out. */
function showWarning({ code, message, field }: HubExportWarning): ExportWarning {
  return { code, message, field: FIELD_NAMES.has(field) ? field : undefined };
}
