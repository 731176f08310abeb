/** An answer that is no success: of a whole request, or of one record of a batch. */
export class Refusal extends Error {
  /** @param code LinkedIn's own number of the error; those other than the status are INFERRED (LinkedIn sheet §4). */
  constructor(
    readonly status: number,
    message: string,
    readonly code: number = status,
  ) {
    super(message);
  }
}

/** 400 for a request that cannot be read. */
export function badRequest(message: string): Refusal {
  return new Refusal(400, message);
}

/** 403 for what this application may not do, or for an integration that is not enabled. */
export function forbidden(message: string): Refusal {
  return new Refusal(403, message);
}

/** 404 for what is not there. */
export function notFound(what: string): Refusal {
  return new Refusal(404, `${what} not found`);
}

/** 422 for a record that breaks a rule; 100 is the code in the sheet's sample (LinkedIn sheet §4, INFERRED). */
export function invalid(message: string): Refusal {
  return new Refusal(422, message, 100);
}

/** 429 for a spent limit. No Retry-After is promised (LinkedIn sheet §4). */
export function tooMany(message: string): Refusal {
  return new Refusal(429, message);
}

/** The body of a plain error (LinkedIn sheet §4, CONFIRMED). */
export function errorBodyOf(status: number, message: string, code = status): unknown {
  return { message, serviceErrorCode: code, status };
}
