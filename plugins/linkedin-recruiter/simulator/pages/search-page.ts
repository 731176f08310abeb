import type { SearchView } from '../recruiter-views.js';
import { html, Markup } from './html.js';
import { layout, type PageContext, personId } from './layout.js';

/** The search: members, with the spotlight on those who applied before. */
export function searchPage(
  context: PageContext & { readonly q: string; readonly only: 'all' | 'pastApplicants'; readonly view: SearchView },
): string {
  const { seat, q, only, view } = context;
  const query = (spotlight: string): string =>
    `/_sim/recruiter?${new URLSearchParams({ seat: String(seat.id), q, only: spotlight })}`;
  const current = (spotlight: string): Markup | false => spotlight === only && new Markup(' aria-current="true"');
  const rows = view.found.map(
    ({ member, inAts, pastApplicant }) => html`<li>
<a href="/_sim/recruiter/people/${personId(member.urn)}?seat=${seat.id}"><strong>${member.firstName} ${member.lastName}</strong></a>
${inAts && html` <span class="tag">In ATS</span>`}${pastApplicant && html` <span class="tag">Past applicant</span>`}
<div>${member.title} at ${member.employer}</div><div class="quiet">${member.location}</div></li>`,
  );
  return layout(
    'Search',
    context,
    html`<form class="card row" role="search" action="/_sim/recruiter"><input type="hidden" name="seat" value="${seat.id}">
<label class="field grow">Name, title, employer or place<input type="search" name="q" value="${q}"></label>
<label class="field">Spotlight<select name="only"><option value="all">Everybody</option>
<option value="pastApplicants"${only === 'pastApplicants' && new Markup(' selected')}>Past applicants</option></select></label>
<p class="field"><button>Search</button></p></form>
<section class="card" aria-labelledby="results"><h2 id="results">Results</h2>
<p><a href="${query('all')}"${current('all')}>Everybody</a> · <a href="${query('pastApplicants')}"${current('pastApplicants')}>Past applicants (${view.pastApplicants})</a></p>
${rows.length === 0 ? html`<p>Nobody was found.</p>` : html`<ul class="plain">${rows}</ul>`}
${view.total > rows.length && html`<p class="quiet">The first ${rows.length} of ${view.total}. Type more to see fewer.</p>`}</section>`,
  );
}
