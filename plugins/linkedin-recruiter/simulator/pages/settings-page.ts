import { SEAT_STATES } from '../records.js';
import { html, Markup } from './html.js';
import { contractName, hidden, layout, type PageContext } from './layout.js';

/** ATS settings, seats, and what can go wrong: what an administrator does, and a tester. */
export function settingsPage(context: PageContext): string {
  const back = `/_sim/recruiter/settings?seat=${context.seat.id}`;
  return layout(
    'ATS settings',
    context,
    html`${integrations(context, back)}${onboarding(context, back)}${seats(context, back)}${notifications(context, back)}
<div class="columns">${mishaps(context, back)}${behaviour(context, back)}</div>`,
  );
}

function integrations({ world }: PageContext, back: string): Markup {
  const rows = world.applications.flatMap(({ clientId, name, integrations: each }) =>
    each.map(({ type, context, status, name: given, configuration }) => {
      const isOn = status === 'ENABLED';
      const words = isOn ? 'Disable' : 'Enable';
      return html`<tr><td>${type}</td><td>${name}<div class="quiet">${context}</div></td>
<td><span class="${isOn ? 'tag' : 'tag off'}">${STATUS_WORDS[status]}</span></td>
<td><form method="post" action="/_sim/recruiter/integrations">${hidden({ clientId, type, context, status: isOn ? 'DISABLED' : 'ENABLED', back })}
<button class="plain" aria-label="${words} ${type} of ${name}">${words}</button></form></td>
<td>${given ?? '–'}</td><td>${[...configuration.keys()].map((key) => html`<div>${key}</div>`)}</td></tr>`;
    }),
  );
  return html`<section class="card"><h2>Integrations</h2>${table(
    ['Type', 'Application', 'Status', 'Do', 'Name', 'Configured'],
    rows,
  )}</section>`;
}

const STATUS_WORDS = {
  REQUESTED: 'Requested',
  PARTNER_READY: 'Partner ready',
  ENABLED: 'Enabled',
  DISABLED: 'Disabled',
} as const;

function onboarding({ world }: PageContext, back: string): Markup {
  const applications = world.applications
    .filter(({ kind }) => kind === 'child')
    .map(({ clientId, name }) => html`<option value="${clientId}">${name}</option>`);
  const contracts = world.companies.flatMap((company) =>
    company.contracts.map(({ urn, name }) => html`<option value="${urn}">${name}</option>`),
  );
  return html`<form class="card" method="post" action="/_sim/recruiter/onboarding"><h2>Ask for the package</h2>
<p class="quiet">What the onboarding widget does inside the ATS.</p>${hidden({ back })}<div class="row">
<label class="field">Application<select name="clientId">${applications}</select></label>
<label class="field">Contract<select name="contract">${contracts}</select></label><p class="field"><button aria-label="Ask for the package">Ask</button></p></div></form>`;
}

function seats({ world }: PageContext, back: string): Markup {
  const month = new Date(world.now()).toISOString().slice(0, 7);
  const rows = world.seats.map(({ id, firstName, lastName, contract, state, exports }) => {
    const options = [...SEAT_STATES, 'REMOVED'].map(
      (one) => html`<option${one === state && new Markup(' selected')}>${one}</option>`,
    );
    return html`<tr><td>${firstName} ${lastName}</td><td>${contractName(world, contract)}</td><td>${exports.get(month) ?? 0} of ${world.throttles.limits.exportsPerMonth}</td>
<td><form class="row" method="post" action="/_sim/recruiter/seats/${id}">${hidden({ back })}
<label>State of ${firstName} <select name="state">${options}</select></label><button class="plain" aria-label="Set the state of ${firstName}">Set</button></form></td></tr>`;
  });
  return html`<section class="card"><h2>Seats</h2>${table(['Holder', 'Contract', 'Exports this month', 'State'], rows)}</section>`;
}

function notifications({ world }: PageContext, back: string): Markup {
  const rows = world.pushes
    .report()
    .slice(-20)
    .reverse()
    .map(
      ({
        id,
        type,
        tries,
        lastStatus,
        outcome,
      }) => html`<tr><td>${type}</td><td>${id}</td><td>${outcome}</td><td>${tries}</td><td>${lastStatus ?? '–'}</td>
<td><form method="post" action="/_sim/recruiter/pushes/again">${hidden({ id, back })}<button class="plain" aria-label="Send ${id} again">Send again</button></form></td></tr>`,
    );
  const flags = world.flags.map(({ at, what }) => html`<li>${what} <span class="quiet">${at}</span></li>`);
  return html`<section class="card"><h2>Notifications</h2>${table(['Type', 'Id', 'Outcome', 'Tries', 'Last answer', 'Do'], rows)}
${flags.length > 0 && html`<h3>Against LinkedIn’s advice</h3><ul>${flags}</ul>`}</section>`;
}

function mishaps({ world }: PageContext, back: string): Markup {
  const { shuffleKeys, ...counts } = world.mishaps.left;
  const fields = Object.entries(counts).map(
    ([name, left]) =>
      html`<label class="field">${MISHAP_WORDS[name] ?? name}<input type="number" min="0" name="${name}" value="${left}"></label>`,
  );
  return html`<form class="card" method="post" action="/_sim/recruiter/mishaps"><h2>Let things go wrong</h2>${hidden({ back })}
<div class="columns">${fields}</div><p><label><input type="checkbox" name="shuffleKeys"${shuffleKeys && new Markup(' checked')}> Parts of keys come in another order</label></p>
<button aria-label="Set what goes wrong">Set</button></form>`;
}

const MISHAP_WORDS: Readonly<Record<string, string>> = {
  lose: 'Notifications that are lost',
  double: 'Notifications that come twice',
  reorder: 'Notifications in the opposite order',
  badSignature: 'Notifications with a wrong signature',
  foreignContext: 'Exports of another customer',
  expired: 'Exports that have expired',
};

function behaviour({ world }: PageContext, back: string): Markup {
  const { matchDelayMs, taskDelayMs } = world.behaviour;
  return html`<form class="card" method="post" action="/_sim/recruiter/behaviour"><h2>Delays</h2>${hidden({ back })}
<label class="field">Until a match shows, in milliseconds<input type="number" min="0" name="matchDelayMs" value="${matchDelayMs}"></label>
<label class="field">Until a job is accepted, in milliseconds<input type="number" min="0" name="taskDelayMs" value="${taskDelayMs}"></label><button aria-label="Set the delays">Set</button></form>`;
}

function table(head: readonly string[], rows: readonly Markup[]): Markup {
  if (rows.length === 0) return html`<p class="quiet">None yet.</p>`;
  return html`<div class="scroll"><table><thead><tr>${head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`;
}
