/** One entry of JobScore's error body (JobScore sheet §5, INFERRED). */
export interface RefusalDetail {
  readonly code: string;
  readonly message: string;
  readonly field?: string;
}

/** An answer that is no success. Thrown by a route, put into JobScore's words by the error handler. */
export class Refusal extends Error {
  readonly details: readonly RefusalDetail[];

  constructor(
    readonly status: number,
    ...details: readonly RefusalDetail[]
  ) {
    super(details.map(({ message }) => message).join('; '));
    this.details = details;
  }
}

/** 404 for a record that is not there. */
export function notFound(type: string, field?: string): Refusal {
  return new Refusal(404, {
    code: 'not_found',
    message: `${type} not found`,
    ...(field === undefined ? {} : { field }),
  });
}

/** How the error body looks: as the fact sheet infers it for v2, or one of the shapes a real account might turn out to use. */
export type ErrorShape = 'errors' | 'jsonApi' | 'titles' | 'error' | 'message' | 'empty';

/** The error body for a status, in one of its shapes. */
export function errorBodyOf(shape: ErrorShape, status: number, details: readonly RefusalDetail[]): unknown {
  const text = details.map(({ message }) => message).join('; ');
  switch (shape) {
    case 'errors':
      return { errors: details.map((detail) => ({ status, ...detail })) };
    case 'jsonApi':
      return {
        errors: details.map(({ code, message, field }) => ({
          status: String(status),
          code,
          title: 'Refused',
          detail: message,
          ...(field === undefined ? {} : { source: { pointer: `/data/attributes/${field}` } }),
        })),
      };
    case 'titles':
      return { errors: details.map(({ message }) => ({ status: String(status), title: message })) };
    case 'error':
      return { error: text };
    case 'message':
      return { message: text };
    case 'empty':
      return {};
  }
}
