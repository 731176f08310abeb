import type { WebhookState } from './webhook-state.js';

/** The page at `/_sim/webhooks`: subscriptions, and forms that do something to them. Works without scripts. */
export function webhookPage({ subscriptions, totals }: WebhookState): string {
  const rows = subscriptions.map(
    ({ account, id, host, events, status, keys, delivered, failed }) => `<tr>
<td>${escaped(account)}</td><td><code>${escaped(id)}</code></td><td>${escaped(host)}</td><td>${escaped(events.join(', '))}</td>
<td>${escaped(status)}</td><td>${keys}</td><td>${delivered}</td><td>${failed}</td>
<td><form method="post" action="/_sim/webhooks/subscriptions/${encodeURIComponent(id)}">
<button name="action" value="drop">Drop</button> <button name="action" value="suspend">Suspend</button>
<button name="action" value="again">Deliver the newest again</button></form></td></tr>`,
  );
  const head = ['account', 'id', 'callback host', 'events', 'status', 'keys', 'delivered', 'failed tries', 'do'];
  const counts = Object.entries(totals).map(([name, count]) => `<li>${escaped(name)}: ${count}</li>`);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>SmartRecruiters simulator: webhooks</title>
<style>
  body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; color: #1f2430; }
  table { border-collapse: collapse; display: block; overflow-x: auto; }
  th, td { border: 1px solid #d5d8e0; padding: .3rem .6rem; text-align: left; vertical-align: top; }
  th { background: #f2f4f8; }
  label { margin-right: 1rem; }
  input { width: 6rem; }
</style></head>
<body><h1>Webhooks</h1>
<p><a href="/_sim">Everything else</a> · <a href="/_sim/webhooks/state">State as JSON</a></p>
<h2>Subscriptions (${subscriptions.length})</h2>
${subscriptions.length === 0 ? '<p>None.</p>' : `<table><thead><tr>${head.map((name) => `<th scope="col">${name}</th>`).join('')}</tr></thead><tbody>${rows.join('\n')}</tbody></table>`}
<h2>Events</h2><ul>${counts.join('')}</ul>
<h2>Mishaps</h2>
<form method="post" action="/_sim/webhooks/mishaps">
<label>Lose <input name="lose" type="number" min="0" max="1" step="any" value="0"></label>
<label>Double <input name="double" type="number" min="0" max="1" step="any" value="0"></label>
<label>Reorder <input name="reorder" type="number" min="0" max="1" step="any" value="0"></label>
<label>of the next <input name="events" type="number" min="0" placeholder="all"> events</label>
<button>Set</button> Shares from 0 to 1.</form>
<h2>Fire events</h2>
<form method="post" action="/_sim/webhooks/fire">
<label><input name="perSecond" type="number" min="0" max="20000" value="10"> a second</label>
<label>for <input name="seconds" type="number" min="0" max="3600" step="any" value="1"> seconds</label>
<button>Fire</button> They name candidates at random, and nothing has changed.</form>
<h2>Redeliveries</h2>
<form method="post" action="/_sim/webhooks/redelivery">
<label>A minute of the plan takes <input name="unitMs" type="number" min="1" value="60000"> ms</label>
<button>Set</button> 1, 3, 10, 45, 120 … 1440 minutes.</form>
</body></html>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
