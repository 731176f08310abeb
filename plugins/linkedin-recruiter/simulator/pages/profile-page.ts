import type { PushedJob } from '../ats-records.js';
import type { PreviewView, ProfileView } from '../recruiter-views.js';
import { html, type Markup } from './html.js';
import { at, hidden, layout, type PageContext, personId } from './layout.js';

interface ProfileContext extends PageContext {
  readonly view: ProfileView;
  /** What can be exported to. */
  readonly jobs: readonly PushedJob[];
}

/** A profile: what the applicant tracking system knows, and everything that a recruiter does from here. */
export function profilePage(context: ProfileContext): string {
  const { seat, view } = context;
  const { member, closedAt } = view;
  const back = `/_sim/recruiter/people/${personId(member.urn)}?seat=${seat.id}`;
  const about = html`<section class="card" aria-labelledby="about"><h2 id="about">${member.title} at ${member.employer}</h2>
<p>${member.location}<br><span class="quiet">${member.profileUrl} · ${member.urn}</span></p>
<p>${view.inAts ? html`<span class="tag">In ATS</span>` : html`<span class="tag off">Not in ATS</span>`}</p>
${closedAt !== undefined && html`<p role="alert">This member closed the account on ${at(closedAt)}.</p>`}</section>`;
  const doings = html`<div class="columns">${exportForm(context, back)}${inMailForm(context, back)}${noteForm(context, back)}</div>`;
  return layout(
    `${member.firstName} ${member.lastName}`,
    context,
    html`${about}${view.previews.map(preview)}${closedAt === undefined && doings}
<div class="columns">${conversations(context, back)}${notes(context, back)}</div>${closedAt === undefined && leaving(context, back)}`,
  );
}

/** The in-ATS preview. */
function preview({ name, url, jobs, notes: written, interviews }: PreviewView): Markup {
  const considered = jobs.map(
    ({ title, source, dispositionReason, currentStage, stages }) => html`<li><strong>${title}</strong>
${currentStage && html` <span class="tag">${currentStage}</span>`}
${source && html`<div>Source: ${source}</div>`}${dispositionReason && html`<div>Reason: ${dispositionReason}</div>`}
${stages.length > 0 && html`<ol>${stages.map(({ stage, at: when }) => html`<li>${stage} <span class="quiet">${at(when)}</span></li>`)}</ol>`}</li>`,
  );
  const notesList = written.map(
    ({ note, author, at: when }) => html`<li>${note}<div class="quiet">${author}, ${at(when)}</div></li>`,
  );
  const interviewList = interviews.map(
    ({ type, feedback, interviewer, at: when }) =>
      html`<li>${type === 'ONSITE' ? 'On site' : 'Phone screen'}: ${feedback}<div class="quiet">${interviewer}, ${at(when)}</div></li>`,
  );
  return html`<section class="card" aria-label="Preview of the ATS record"><h2>In your ATS: <a href="${url}">${name}</a></h2>
<div class="columns"><div><h3>Jobs considered for</h3>${list(considered)}</div>
<div><h3>Notes</h3>${list(notesList)}<h3>Interviews</h3>${list(interviewList)}</div></div></section>`;
}

function list(items: readonly Markup[]): Markup {
  return items.length === 0 ? html`<p class="quiet">None.</p>` : html`<ul class="plain">${items}</ul>`;
}

function exportForm({ seat, view, jobs }: ProfileContext, back: string): Markup {
  const options = jobs.map(
    ({ title, externalJobPostingId }) => html`<option value="${title} (${externalJobPostingId})"></option>`,
  );
  return html`<form class="card" method="post" action="/_sim/recruiter/exports"><h2>Export to ATS</h2>
${hidden({ seat: seat.id, member: view.member.urn, back })}
<label class="field">Job, or nothing for none<input name="job" list="jobs" autocomplete="off"></label>
<datalist id="jobs">${options}</datalist>
<p class="quiet">${jobs.length === 1 ? '1 open job is' : `${jobs.length} open jobs are`} in the list.</p><button>Export</button></form>`;
}

function inMailForm({ seat, view }: ProfileContext, back: string): Markup {
  return html`<form class="card" method="post" action="/_sim/recruiter/inmails"><h2>Send an InMail</h2>
${hidden({ seat: seat.id, member: view.member.urn, back })}
<label class="field">Subject<input name="subject" required></label>
<label class="field">Message<textarea name="body" required></textarea></label>${visibility('InMail')}<button>Send</button></form>`;
}

function noteForm({ seat, view }: ProfileContext, back: string): Markup {
  return html`<form class="card" method="post" action="/_sim/recruiter/notes"><h2>Write a note</h2>
${hidden({ seat: seat.id, member: view.member.urn, back })}
<label class="field">Note<textarea name="note" required></textarea></label>${visibility('Note')}<button>Save the note</button></form>`;
}

function visibility(of: string): Markup {
  return html`<label class="field">${of} seen by<select name="visibility"><option value="PUBLIC">Everybody on the contract</option>
<option value="PRIVATE">Me alone</option></select></label>`;
}

function conversations({ view }: ProfileContext, back: string): Markup {
  const shown = view.conversations.map(({ urn, mine, replied, events }) => {
    const lines = events.map(
      ({ author, at: when, text }) =>
        html`<li>${text ?? 'An InMail, which its sender alone reads.'}<div class="quiet">${author}, ${at(when)}</div></li>`,
    );
    const consent = html`<fieldset><legend>Share email and telephone?</legend>
<label><input type="radio" name="consent" value="yes"> Yes</label> <label><input type="radio" name="consent" value="no" checked> No</label></fieldset>`;
    const reply = html`<form method="post" action="/_sim/recruiter/replies">${hidden({ conversation: urn, back })}
<label class="field">Reply as the member<textarea name="body" required aria-describedby="${urn}"></textarea></label>
${!replied && consent}<button class="plain" aria-describedby="${urn}">Reply</button></form>`;
    return html`<li><ul class="plain" id="${urn}">${lines}</ul>${mine && view.closedAt === undefined && reply}</li>`;
  });
  return html`<section class="card"><h2>InMails</h2>${list(shown)}</section>`;
}

function notes({ seat, view }: ProfileContext, back: string): Markup {
  const shown = view.notes.map(({ id, note, visibility: seenBy, author, mine }) => {
    const change = html`<form method="post" action="/_sim/recruiter/notes/${id}">${hidden({ seat: seat.id, back })}
<label class="field">Change it<textarea name="note" required aria-describedby="note-${id}">${note}</textarea></label>
<button class="plain" name="action" value="save" aria-describedby="note-${id}">Save</button>
<button class="danger" name="action" value="delete" aria-describedby="note-${id}">Delete</button></form>`;
    return html`<li><div id="note-${id}">${note}</div><div class="quiet">${author}${seenBy === 'PRIVATE' && ', private'}</div>${mine && change}</li>`;
  });
  return html`<section class="card"><h2>Recruiter notes</h2>${list(shown)}</section>`;
}

function leaving({ view }: ProfileContext, back: string): Markup {
  return html`<form class="card" method="post" action="/_sim/recruiter/members/close"><h2>As the member</h2>
${hidden({ member: view.member.urn, back })}<button class="danger">Close the account</button></form>`;
}
