/** One entry of iCIMS's error body (iCIMS sheet §4, CONFIRMED). */
export interface RefusalDetail {
  readonly code: number;
  readonly message: string;
  /** The field that it is about, which only the header X-Error names. */
  readonly field?: string;
}

/** An answer that is no success. Thrown by a route, put into iCIMS's words by the error handler. */
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

/** 404 code 2: it is not there. */
export function notFound(type: string): Refusal {
  return new Refusal(404, { code: 2, message: `${type} not found.` });
}

/** 404 code 3: it is there, and this user may not see it (iCIMS sheet §4, CONFIRMED). */
export function accessDenied(type: string): Refusal {
  return new Refusal(404, { code: 3, message: `Access to the ${type.toLowerCase()} is denied.` });
}

/** 400 code 1 for each field that is required and empty. */
export function required(fields: readonly string[]): Refusal {
  return new Refusal(400, ...fields.map((field) => ({ code: 1, field, message: `${field} is required.` })));
}

/** 400 code 5: a value of the wrong type, or one that a list does not have (INFERRED). */
export function invalid(field: string, message: string): Refusal {
  return new Refusal(400, { code: 5, field, message: `${field}: ${message}` });
}

/** 409 code 10 (INFERRED). */
export function duplicate(message: string): Refusal {
  return new Refusal(409, { code: 10, message });
}

/** The body for details. */
export function errorBodyOf(details: readonly RefusalDetail[]): unknown {
  return { errors: details.map(({ code, message }) => ({ errorCode: code, errorMessage: message })) };
}

/** The header lines `X-Error: 2:Job not found.` and `X-Error: 1:email:...`. Headers carry plain ASCII on one line. */
export function errorHeaderOf(details: readonly RefusalDetail[]): readonly string[] {
  return details.map(({ code, field, message }) =>
    [String(code), ...(field === undefined ? [] : [field]), message].join(':').replace(/[^ -~]/g, '?'),
  );
}
