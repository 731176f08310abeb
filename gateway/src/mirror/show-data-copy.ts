import type { DataCopyFileRecord, DataCopyRecord } from '@talentbridge/hub';
import type { DataCopy, DataCopyFile } from './data-copy.type.js';

/** Where the files of an import go, below the address of the API. */
export const DATA_COPY_PATH = '/imports/data-copies';

/** An import of the hub as the schema shows it. */
export function showDataCopy({ counts, ...copy }: DataCopyRecord): DataCopy {
  return {
    ...copy,
    rows: counts,
    uploadUrl: `${DATA_COPY_PATH}/${copy.id}/files/`,
    refusedRowsUrl: `${DATA_COPY_PATH}/${copy.id}/refused-rows`,
  };
}

/** A table of an import as the schema and the upload route show it. */
export function showDataCopyFile(file: DataCopyFileRecord): DataCopyFile {
  const { path, size, status, table, columns, counts, reason } = file;
  return { path, size, status, table, columns, rows: counts, reason };
}
