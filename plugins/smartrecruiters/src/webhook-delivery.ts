import type {
  DeliveredEvent,
  Delivery,
  DeliverySignature,
  ReadDelivery,
  RecordReference,
} from '@talentbridge/contracts';
import { z } from 'zod';

/** Ids are UUIDs, or were in what has been seen; whatever else stands there leads to no record. */
const id = z.string().regex(/^[\w-]{1,100}$/);

const ofRecord = z.object({ id });
const ofApplication = z.object({ candidate_id: id });

/** What an event is called. Names are shown to people. */
const EVENT_NAME = /^[a-z][a-z.-]{0,79}$/;

/** What can be the value of a header: it is sent back, or kept. */
const HEADER_VALUE = /^[\x21-\x7e]([\x20-\x7e]{0,510}[\x21-\x7e])?$/;

/** A key can be live beside 15 others (SmartRecruiters sheet §12, CONFIRMED); more signatures than this are nobody's. */
const MOST_SIGNATURES = 32;

/**
 * What somebody sent to a callback address (SmartRecruiters sheet §12). Of an event nothing counts but whom it is about: the
 * record is read again.
 */
export function readDelivery({ headers, body }: Pick<Delivery, 'headers' | 'body'>): ReadDelivery {
  const hook = headers['x-hook-secret'];
  if (hook !== undefined) {
    if (!HEADER_VALUE.test(hook)) return unknown('its X-Hook-Secret is no value of a header');
    return { kind: 'handshake', answer: { status: 200, headers: { 'x-hook-secret': hook } } };
  }
  const { 'event-name': name, 'event-id': eventId } = headers;
  if (name === undefined || !EVENT_NAME.test(name)) return unknown('it names no event');
  if (eventId !== undefined && !HEADER_VALUE.test(eventId)) return unknown('its event has no readable id');
  const records = recordsOf(name, body);
  if (records === undefined) return unknown(`its body is not that of ${name}`);
  const event: DeliveredEvent = { ...(eventId === undefined ? {} : { id: eventId }), name, records };
  return { kind: 'event', event, signature: signatureOf(headers, body) };
}

/**
 * The records to read again: with an application comes its candidate, who is read with all applications. `undefined`: the body
 * is none of such an event.
 */
function recordsOf(name: string, body: string): readonly RecordReference[] | undefined {
  const json = parsed(body);
  if (typeof json !== 'object' || json === null) return undefined;
  if (name.startsWith('application.')) {
    const read = ofApplication.safeParse(json);
    return read.success ? [{ kind: 'candidate', remoteId: read.data.candidate_id }] : undefined;
  }
  const [, kind] = /^(candidate|job)\.(?:created|updated|deleted|status\.updated)$/.exec(name) ?? [];
  // Another event than those that are asked for: it is signed as they are, and of no interest.
  if (kind !== 'candidate' && kind !== 'job') return [];
  const read = ofRecord.safeParse(json);
  return read.success ? [{ kind, remoteId: read.data.id }] : undefined;
}

/**
 * How SmartRecruiters signs (sheet §12, CONFIRMED and recomputed): over timestamp, body, id, name, version and link, with dots
 * between them and nothing for a header that is missing. The header has a signature for each live key.
 */
function signatureOf(headers: Delivery['headers'], body: string): DeliverySignature {
  const of = (name: string): string => headers[name] ?? '';
  const around = [of('event-id'), of('event-name'), of('event-version'), of('link')];
  const given = [...of('smartrecruiters-signature').matchAll(/(?:^|[;,\s])v1=([\da-f]{64})(?=$|[;,\s])/gi)];
  return {
    algorithm: 'hmac-sha256',
    signed: [of('smartrecruiters-timestamp'), body, ...around].join('.'),
    encoding: 'hex',
    given: given.slice(0, MOST_SIGNATURES).map(([, hex = '']) => hex.toLowerCase()),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unknown(reason: string): ReadDelivery {
  return { kind: 'unknown', reason };
}
