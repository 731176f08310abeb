/** The page at `/_sim`: everything a simulator holds, as tables. Works without scripts and without the network. */
export function controlPage(name: string, sections: Readonly<Record<string, unknown>>): string {
  const body = Object.entries(sections)
    .map(([title, value]) => `<h2 id="${escaped(title)}">${escaped(title)}${size(value)}</h2>${table(value)}`)
    .join('\n');
  const contents = Object.keys(sections).map((title) => `<a href="#${escaped(title)}">${escaped(title)}</a>`);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(name)} simulator</title>
<style>
  body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; color: #1f2430; }
  table { border-collapse: collapse; display: block; overflow-x: auto; }
  th, td { border: 1px solid #d5d8e0; padding: .3rem .6rem; text-align: left; vertical-align: top; }
  th { background: #f2f4f8; }
  td { max-width: 28rem; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
  td:hover { white-space: pre-wrap; overflow-wrap: anywhere; }
  nav a { margin-right: 1rem; }
</style></head>
<body><h1>${escaped(name)} simulator</h1>
<p>A stand-in for the vendor on this machine. <a href="/_sim/state">State as JSON</a> · <a href="/_sim/requests">Requests as JSON</a></p>
<nav aria-label="Contents">${contents.join('\n')}</nav>
${body}
</body></html>`;
}

function size(value: unknown): string {
  return Array.isArray(value) ? ` (${value.length})` : '';
}

function table(value: unknown): string {
  if (!Array.isArray(value)) {
    if (!isObject(value)) return `<p>${cell(value)}</p>`;
    return table(Object.entries(value).map(([name, held]) => ({ name, value: held })));
  }
  if (value.length === 0) return '<p>None.</p>';
  const rows = value.map((row: unknown) => (isObject(row) ? row : { value: row }));
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const head = columns.map((column) => `<th scope="col">${escaped(column)}</th>`).join('');
  const lines = rows.map((row) => `<tr>${columns.map((column) => `<td>${cell(row[column])}</td>`).join('')}</tr>`);
  return `<table><thead><tr>${head}</tr></thead><tbody>${lines.join('\n')}</tbody></table>`;
}

function cell(value: unknown): string {
  if (value === undefined || value === null) return '';
  return escaped(typeof value === 'object' ? JSON.stringify(value) : String(value));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
