/** An answer that is no success. Thrown by a route, put into SmartRecruiters' words by the error handler. */
export class Refusal extends Error {
  /** @param code Most codes are NOT PUBLIC; of those used here, `CANDIDATE_DATA_CONFLICT` alone is CONFIRMED (SmartRecruiters sheet §14). */
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** 404 for a record that is not there. */
export function notFound(type: string): Refusal {
  return new Refusal(404, 'RESOURCE_NOT_FOUND', `${type} not found`);
}

/** 400 for a request that cannot be read. */
export function badRequest(message: string): Refusal {
  return new Refusal(400, 'INVALID_REQUEST', message);
}

const CODES: Readonly<Record<number, string>> = {
  400: 'INVALID_REQUEST',
  401: 'UNAUTHORIZED',
  403: 'OAuthPermissionsException',
  404: 'RESOURCE_NOT_FOUND',
  409: 'CANDIDATE_DATA_CONFLICT',
  429: 'TOO_MANY_REQUESTS',
};

/** The error body (SmartRecruiters sheet §14, CONFIRMED; that 401 and 403 look the same is INFERRED). */
export function errorBodyOf(status: number, message: string, code = CODES[status] ?? 'ERROR'): unknown {
  return { message, errors: [{ code, message }] };
}
