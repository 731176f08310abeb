import type { ImportReport, RefusalReason } from '@talentbridge/hub';
import type { ProfilesImported } from './profile.result.js';
import type { ImportReason } from './profile-import.type.js';

/** What became of a file, as the schema and the import route show it. */
export function showImport({
  created,
  updated,
  unchanged,
  refused,
  refusedRows,
  notes,
}: ImportReport): ProfilesImported {
  return {
    created,
    updated,
    unchanged,
    refused,
    refusedRows: refusedRows.map(({ line, keyHint, reasons }) => ({
      line,
      hint: keyHint,
      reasons: reasons.map(showReason),
    })),
    notes: notes.map((row) => ({ line: row.line, reasons: row.notes.map(showReason) })),
  };
}

function showReason({ path, message }: RefusalReason): ImportReason {
  return { field: path, message };
}
