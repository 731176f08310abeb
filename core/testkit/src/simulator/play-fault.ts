import { once } from 'node:events';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Fault } from './fault.js';

/** The vendor's own error body for a status. */
export type ErrorBody = (status: number, message: string) => unknown;

/**
 * Plays the part of a fault that comes before the handler. Answers `true` when the request is done with, so that the
 * handler must not run.
 */
export async function playBefore(
  fault: Fault,
  request: FastifyRequest,
  reply: FastifyReply,
  errorBody: ErrorBody,
): Promise<boolean> {
  switch (fault.kind) {
    case 'status': {
      const { status, headers = {}, retryAfter, message = 'simulated fault' } = fault;
      if (retryAfter !== undefined) reply.header('retry-after', retryAfterHeader(retryAfter));
      await reply
        .code(status)
        .headers(headers)
        .send(fault.body ?? errorBody(status, message));
      return true;
    }
    case 'failBeforeWrite': {
      const { status = 500 } = fault;
      await reply.code(status).send(errorBody(status, 'simulated fault'));
      return true;
    }
    case 'html': {
      await reply
        .code(fault.status ?? 502)
        .type('text/html')
        .send(HTML_PAGE);
      return true;
    }
    case 'dropBeforeWrite': {
      reply.hijack();
      request.raw.socket.destroy();
      return true;
    }
    case 'hang': {
      reply.hijack();
      await once(reply.raw, 'close');
      return true;
    }
    case 'delay': {
      await sleep(fault.ms);
      return false;
    }
    default:
      return false;
  }
}

/** Plays the part of a fault that comes after the handler: answers what goes onto the wire instead of `payload`. */
export async function playAfter(
  fault: Fault,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  errorBody: ErrorBody,
): Promise<unknown> {
  switch (fault.kind) {
    case 'failAfterWrite': {
      const { status = 500 } = fault;
      reply.code(status).type('application/json').removeHeader('content-length');
      return JSON.stringify(errorBody(status, 'simulated fault'));
    }
    case 'dropAfterWrite': {
      request.raw.socket.destroy();
      return payload;
    }
    case 'hangAfterWrite': {
      await once(reply.raw, 'close');
      return payload;
    }
    case 'truncated': {
      const whole = Buffer.from(typeof payload === 'string' ? payload : '{"cut":"off"}');
      reply.header('content-length', whole.length);
      return Readable.from(cutOff(whole));
    }
    case 'huge': {
      reply.type('application/json').removeHeader('content-length');
      return Readable.from(hugeJson(fault.bytes ?? 64 * 1024 * 1024));
    }
    case 'garbage': {
      reply.type('application/json').removeHeader('content-length');
      return '{"items": [{"id": undefined,, ]';
    }
    default:
      return payload;
  }
}

const HTML_PAGE =
  '<!doctype html><html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>';

function retryAfterHeader(retryAfter: number | 'date'): string {
  return retryAfter === 'date' ? new Date(Date.now() + 60_000).toUTCString() : String(retryAfter);
}

async function* cutOff(whole: Buffer): AsyncGenerator<Buffer> {
  yield whole.subarray(0, Math.floor(whole.length / 2));
  // Lets the first half reach the wire; an error here makes the server break the connection.
  await sleep(5);
  throw new Error('simulated fault: the answer is cut off');
}

function* hugeJson(bytes: number): Generator<string> {
  const block = 'x'.repeat(64 * 1024);
  yield '{"padding":"';
  for (let sent = 0; sent < bytes; sent += block.length) yield block;
  yield '"}';
}
