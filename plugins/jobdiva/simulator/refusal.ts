/** An answer that is no success. Thrown by a route, put into JobDiva's words by the error handler (JobDiva sheet §8). */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** A business error of a parameter: status 500 all the same (JobDiva sheet §8; texts INFERRED). */
export function parameterRefused(reason: string): Refusal {
  return new Refusal(500, `Parameter Check Failed \r\nError: ${reason}\r\n`);
}

/** A business error of another kind: status 500 and the shorter of the two forms (JobDiva sheet §8). */
export function businessError(reason: string): Refusal {
  return new Refusal(500, `Error: ${reason}`);
}

/** The API user may not use this method (JobDiva sheet §8). */
export function methodNotAllowed(method: string): Refusal {
  return new Refusal(500, `You are not allowed to access to ${method} API.`);
}

/** A parameter is missing or of the wrong type. */
export function badRequest(message: string): Refusal {
  return new Refusal(400, message);
}

/** The token is absent, unknown, too old, or in a form that this tenant does not take. */
export function unauthorized(): Refusal {
  return new Refusal(401, 'Unauthorized');
}

/** The error body for a status: a wrapper for 400, the server's own shape for all others (JobDiva sheet §8). */
export function errorBodyOf(status: number, message: string, path: string): unknown {
  if (status === 400) {
    const timestamp = '22-11-2026 03:43:59';
    return { apierror: { status: 'BAD_REQUEST', timestamp, message, debugMessage: 'see message' } };
  }
  const error = status >= 500 ? 'Internal Server Error' : 'Refused';
  return { timestamp: '2026-11-22T08:43:59.000+0000', status, error, message, path };
}
