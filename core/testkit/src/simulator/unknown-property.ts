/**
 * The same JSON with a property that no documentation mentions in every object: vendors add properties without notice,
 * and a client that parses strictly breaks on that day. Put a simulator's answers through it.
 */
export function withUnknownProperties<Value>(value: Value): Value {
  return addTo(value) as Value;
}

function addTo(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(addTo);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, addTo(inner)]);
  return { ...Object.fromEntries(entries), x_undocumented: { since: 'yesterday', values: [null, 0, ''] } };
}
