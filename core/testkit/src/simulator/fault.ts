import { z } from 'zod';

const status = z.number().int().min(100).max(599);

/**
 * What goes wrong with one request. "Before" means that the simulator's own handler never ran, so that nothing was
 * written; "after" means that it ran and only the answer is spoilt.
 */
export const faultSchema = z.discriminatedUnion('kind', [
  /** Answers this status before the handler. `body` defaults to the vendor's own error shape around `message`. */
  z.object({
    kind: z.literal('status'),
    status,
    message: z.string().exactOptional(),
    body: z.unknown().exactOptional(),
    headers: z.record(z.string(), z.string()).exactOptional(),
    /** A number of seconds, or `date` for an HTTP date 60 seconds ahead. Absent: no Retry-After header. */
    retryAfter: z.union([z.number().nonnegative(), z.literal('date')]).exactOptional(),
  }),
  /** A server error before the handler. Default 500. */
  z.object({ kind: z.literal('failBeforeWrite'), status: status.exactOptional() }),
  /** The handler runs; the answer is a server error. Default 500. */
  z.object({ kind: z.literal('failAfterWrite'), status: status.exactOptional() }),
  /** The connection is lost before the handler. */
  z.object({ kind: z.literal('dropBeforeWrite') }),
  /** The handler runs; the connection is lost before the answer. */
  z.object({ kind: z.literal('dropAfterWrite') }),
  /** Everything as usual, later. */
  z.object({ kind: z.literal('delay'), ms: z.number().nonnegative() }),
  /** No answer until the caller gives up; the handler does not run. */
  z.object({ kind: z.literal('hang') }),
  /** The handler runs; no answer until the caller gives up. */
  z.object({ kind: z.literal('hangAfterWrite') }),
  /** A proxy's HTML page before the handler. Default 502. */
  z.object({ kind: z.literal('html'), status: status.exactOptional() }),
  /** The handler runs; half of the answer arrives, then the connection is lost. */
  z.object({ kind: z.literal('truncated') }),
  /** The handler runs; the answer is JSON of this many bytes. Default 64 MiB. */
  z.object({ kind: z.literal('huge'), bytes: z.number().int().positive().exactOptional() }),
  /** The handler runs; the answer is labelled as JSON and is none. */
  z.object({ kind: z.literal('garbage') }),
]);

/** What goes wrong with one request. */
export type Fault = z.output<typeof faultSchema>;

/** Which requests a fault meets. Plain data, so that it travels through `POST /_sim/faults` as well. */
export const faultRuleSchema = z.object({
  /** Absent: any method. */
  method: z.string().exactOptional(),
  /** A path without query; `*` stands for one segment, `**` for any rest. Absent: any path. */
  path: z.string().exactOptional(),
  /** Only requests whose `Authorization` header has this in it: those of one account. Absent: anybody's. */
  authorization: z.string().exactOptional(),
  /** Only this matching call, counted from 1. */
  nth: z.number().int().positive().exactOptional(),
  /** Only the matching calls after so many. */
  afterCalls: z.number().int().nonnegative().exactOptional(),
  /** Each remaining call with this probability, by a sequence that `seed` repeats. */
  probability: z.number().min(0).max(1).exactOptional(),
  seed: z.number().int().exactOptional(),
  /** At most so many times. Absent: until it is removed. */
  times: z.number().int().positive().exactOptional(),
  fault: faultSchema,
});

/** A fault and the requests that it meets. */
export type FaultRule = z.output<typeof faultRuleSchema>;
