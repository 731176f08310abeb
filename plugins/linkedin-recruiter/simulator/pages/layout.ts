import type { Seat } from '../records.js';
import type { World } from '../world.js';
import { html, Markup } from './html.js';

/** What a form did, or why it did not. */
export interface Notice {
  readonly said?: string | undefined;
  readonly refused?: string | undefined;
}

/** What every page is told. */
export interface PageContext {
  readonly world: World;
  /** Whoever is signed in. */
  readonly seat: Seat;
  readonly notice: Notice;
}

/** A page around its main part. */
export function layout(title: string, { world, seat, notice }: PageContext, main: Markup): string {
  const links = [
    [`/_sim/recruiter?seat=${seat.id}`, 'Search'],
    [`/_sim/recruiter/settings?seat=${seat.id}`, 'ATS settings'],
    ['/_sim', 'Everything held'],
  ].map(([href, text]) => html`<a href="${href}">${text}</a> `);
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – Recruiter (simulated)</title><style>${STYLE}</style></head>
<body><a class="skip" href="#main">Skip to content</a>
<header><strong>Recruiter <small>simulated</small></strong><nav aria-label="Main">${links}</nav>
<form action="/_sim/recruiter"><label>Signed in as ${seatSelect(world, seat)}</label> <button>Switch</button></form></header>
<main id="main"><h1>${title}</h1>
<p class="quiet">${contractName(world, seat.contract)} · seat ${seat.id} (${seat.state.toLowerCase()}) · ${at(world.now())}</p>
${notice.said ? html`<p class="said" role="status">${notice.said}</p>` : ''}
${notice.refused ? html`<p class="refused" role="alert">${notice.refused}</p>` : ''}
${main}</main></body></html>`;
  return page.text;
}

/** A moment, for people: in UTC. */
export function at(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** The name of a contract. */
export function contractName({ companies }: World, urn: string): string {
  return companies.flatMap(({ contracts }) => contracts).find((contract) => contract.urn === urn)?.name ?? urn;
}

/** A number that a form takes back to its own page, and the page itself. */
export function hidden(values: Readonly<Record<string, string | number>>): Markup[] {
  return Object.entries(values).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`);
}

/** The end of a person's URN, for an address. */
export function personId(urn: string): string {
  return urn.split(':').at(-1) ?? '';
}

function seatSelect(world: World, current: Seat): Markup {
  const options = world.seats.map(
    ({ id, firstName, lastName, contract, state }) =>
      html`<option value="${id}"${id === current.id && new Markup(' selected')}>${firstName} ${lastName}, ${contractName(world, contract)}${state !== 'ACTIVE' && ` (${state.toLowerCase()})`}</option>`,
  );
  return html`<select name="seat">${options}</select>`;
}

const STYLE = new Markup(`
  :root { color-scheme: light; --ink: #1d2226; --quiet: #56606a; --line: #d6dbe1; --accent: #0a5ea8; --soft: #f3f6f8; }
  * { box-sizing: border-box; }
  body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--soft); }
  header { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: center; padding: .6rem 1.2rem; background: #fff; border-bottom: 1px solid var(--line); }
  header form { margin-left: auto; }
  small, .quiet { color: var(--quiet); font-weight: normal; font-size: .875rem; }
  nav a { margin-right: 1rem; }
  a { color: var(--accent); }
  main { max-width: 70rem; margin: 1.2rem auto; padding: 0 1.2rem; }
  h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.125rem; margin: 0 0 .6rem; } h3 { font-size: 1rem; margin: .8rem 0 .2rem; }
  .card { background: #fff; border: 1px solid var(--line); border-radius: .5rem; padding: 1rem 1.2rem; margin: 0 0 1rem; }
  .row { display: flex; flex-wrap: wrap; gap: .6rem 1rem; align-items: end; }
  .columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(19rem, 1fr)); gap: 1rem; align-items: start; }
  .field { display: flex; flex-direction: column; gap: .2rem; font-size: .875rem; margin-bottom: .5rem; }
  .grow { flex: 1 1 16rem; }
  input, select, textarea, button { font: inherit; padding: .35rem .55rem; border: 1px solid #8b949d; border-radius: .35rem; background: #fff; color: inherit; max-width: 100%; }
  input[type=number] { width: 7rem; }
  textarea { width: 100%; min-height: 4rem; }
  button { background: var(--accent); border-color: var(--accent); color: #fff; cursor: pointer; }
  button.plain { background: #fff; color: var(--accent); }
  button.danger { background: #fff; color: #a01818; border-color: #a01818; }
  :focus-visible { outline: 3px solid #f5a623; outline-offset: 2px; }
  fieldset { border: 1px solid var(--line); border-radius: .35rem; margin: 0 0 .6rem; }
  ul.plain { list-style: none; margin: 0; padding: 0; } ul.plain > li { padding: .6rem 0; border-top: 1px solid var(--line); } ul.plain > li:first-child { border-top: 0; }
  .tag { display: inline-block; padding: 0 .5rem; border-radius: 1rem; font-size: .8125rem; background: #e2f0e6; color: #14532d; border: 1px solid #9cc9a9; }
  .tag.off { background: #eceff2; color: var(--quiet); border-color: var(--line); }
  .said, .refused { padding: .6rem 1rem; border-radius: .35rem; background: #e2f0e6; border: 1px solid #9cc9a9; }
  .refused { background: #fdeaea; border-color: #e0a3a3; }
  table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .4rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
  .scroll { overflow-x: auto; }
  .skip { position: absolute; left: -99rem; } .skip:focus { left: 1rem; top: 1rem; background: #fff; padding: .5rem; z-index: 1; }
`);
