import type { FastifyRequest } from 'fastify';

/** One uploaded file. */
export interface UploadedFile {
  /** The name of the form field. */
  readonly name: string;
  readonly filename: string;
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** A `multipart/form-data` body, whole. */
export interface MultipartForm {
  readonly fields: Readonly<Record<string, string>>;
  readonly files: readonly UploadedFile[];
}

/** Reads the multipart body of a request. Throws an error with status code 406 when it is none. */
export async function readMultipart(request: FastifyRequest): Promise<MultipartForm> {
  const fields: Record<string, string> = {};
  const files: UploadedFile[] = [];
  for await (const part of request.parts()) {
    if (part.type === 'field') fields[part.fieldname] = String(part.value);
    else {
      const { fieldname: name, filename, mimetype: contentType } = part;
      files.push({ name, filename, contentType, bytes: await part.toBuffer() });
    }
  }
  return { fields, files };
}
