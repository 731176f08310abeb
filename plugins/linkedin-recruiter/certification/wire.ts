import type { Exchange } from './recorder.ts';

/** Those exchanges that went to a path. @param begins Such as `PUT /v2/atsCandidates`. */
export function callsTo(exchanges: readonly Exchange[], begins: string): readonly Exchange[] {
  return exchanges.filter(({ method, path }) => `${method} ${path}`.startsWith(begins));
}

/** Every value of a property, wherever in a JSON text it stands. */
export function valuesOf(json: string, property: string): readonly unknown[] {
  return valuesIn(parsed(json), property);
}

/** How many records a batch has. */
export function recordsIn({ body }: Exchange): number {
  // A long query goes along in a body of two parts, of which the other one is JSON.
  const { entities, elements } = Object(parsed(body.slice(body.indexOf('{'), body.lastIndexOf('}') + 1)));
  return Array.isArray(elements) ? elements.length : Object.keys(entities ?? {}).length;
}

function valuesIn(value: unknown, property: string): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, held]) =>
    name === property && !Array.isArray(value) ? [held] : valuesIn(held, property),
  );
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
