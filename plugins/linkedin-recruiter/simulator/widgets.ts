import { z } from 'zod';
import type { SimulatorApp } from './api.js';
import { html, type Markup } from './pages/html.js';
import type { Application, Member } from './records.js';
import { Recruiter } from './recruiter.js';
import { FRAME_SCRIPT, WIDGET_SCRIPT } from './widget-script.js';
import type { World } from './world.js';

const frameInput = z.object({ api_key: z.string(), origin: z.string() });
const profileInput = frameInput.extend({
  candidate: z.string(),
  context: z.string(),
  unlink: z.string().optional(),
  confirm: z.string().optional(),
  q: z.string().optional(),
});
const onboardingInput = frameInput.extend({ contract: z.string().optional() });

const BLANK = html`<!doctype html><html lang="en"><title>Blank</title></html>`.text;

/** Serves what pages of an applicant tracking system include: the script, and the frames that it makes (LinkedIn sheet §3, §8). */
export function registerWidgets(app: SimulatorApp, world: World): void {
  app.get('/xdoor/scripts/in.js', async (_request, reply) => reply.type('text/javascript').send(WIDGET_SCRIPT));
  app.get('/xdoor/scripts/frame.js', async (_request, reply) => reply.type('text/javascript').send(FRAME_SCRIPT));

  app.get('/xdoor/widgets/profile', async ({ query }, reply) => {
    reply.type('text/html');
    const asked = profileInput.safeParse(query);
    const application = asked.success ? applicationFor(world, asked.data) : undefined;
    return asked.success && application ? profileFrame(world, application, asked.data) : BLANK;
  });

  app.get('/xdoor/widgets/onboarding', async ({ query }, reply) => {
    reply.type('text/html');
    const asked = onboardingInput.safeParse(query);
    const application = asked.success ? applicationFor(world, asked.data) : undefined;
    if (!asked.success || !application) return BLANK;
    const { contract } = asked.data;
    const picked = contract === undefined ? undefined : new Recruiter(world).onboard(application.clientId, contract);
    return onboardingFrame(world, asked.data, picked);
  });
}

/** Widgets stay blank unless the page's origin is one of the application's (LinkedIn sheet §2.3, CONFIRMED). */
function applicationFor(
  { applications }: World,
  { api_key, origin }: z.output<typeof frameInput>,
): Application | undefined {
  const application = applications.find(({ clientId, kind }) => clientId === api_key && kind === 'child');
  return application?.validJsSdkDomains.includes(origin) ? application : undefined;
}

function profileFrame(world: World, application: Application, asked: z.output<typeof profileInput>): string {
  const { candidate: id, context, q = '', unlink } = asked;
  const isEnabled = application.integrations.some(
    (one) => one.type === 'PROFILE_PLUGIN' && one.context === context && one.status === 'ENABLED',
  );
  if (!isEnabled) return frame('Profile', html`<p>The profile widget is not enabled.</p>`);
  const records = world.recordsOf(context);
  const candidate = records.candidates.get(id);
  if (!candidate) return frame('Profile', html`<p>This candidate has not been synced yet.</p>`);
  const linked = records.membersOf(candidate, world.now()).flatMap((urn) => world.members.byUrn(urn) ?? []);
  const summary = linked.map(
    (
      member,
    ) => html`${person(member)}<p>${button('Add to project', 'project', member)} ${button('Open in Recruiter', 'open', member)}
${unlink === 'true' && button('Unlink', 'unlink', member)}</p>`,
  );
  const found = q === '' ? [] : world.members.search(q).slice(0, 5);
  const others = { ...asked, q: undefined };
  const search = html`<form>${Object.entries(others).map(
    ([name, value]) => value !== undefined && html`<input type="hidden" name="${name}" value="${value}">`,
  )}<label>Find the right member <input type="search" name="q" value="${q}"></label> <button>Search</button></form>
${found.map((member) => html`${person(member)}<p>${button('Link', 'link', member)}</p>`)}`;
  return frame('Profile', html`${linked.length === 0 ? html`<p>No member is linked.</p>` : summary}${search}`);
}

function onboardingFrame(
  world: World,
  asked: z.output<typeof onboardingInput>,
  picked: readonly unknown[] | undefined,
): string {
  if (picked) {
    return frame(
      'Onboarding',
      html`<p>The package was asked for.</p><p hidden data-integrations="${JSON.stringify(picked)}"></p>`,
    );
  }
  const options = world.companies.flatMap(({ contracts }) =>
    contracts.map(({ urn, name }) => html`<option value="${urn}">${name}</option>`),
  );
  return frame(
    'Onboarding',
    html`<form><input type="hidden" name="api_key" value="${asked.api_key}"><input type="hidden" name="origin" value="${asked.origin}">
<label>Contract <select name="contract">${options}</select></label> <button>Request Recruiter System Connect</button></form>`,
  );
}

function person({ firstName, lastName, title, employer, location, profileUrl }: Member): Markup {
  return html`<h2>${firstName} ${lastName}</h2><p>${title} at ${employer}<br>${location}<br><small>${profileUrl}</small></p>`;
}

function button(words: string, action: string, { urn, firstName, lastName }: Member): Markup {
  const label = `${words}: ${firstName} ${lastName}`;
  return html`<button type="button" aria-label="${label}" data-action="${action}" data-member="${urn}">${words}</button>`;
}

/** A page inside a frame; its script tells the page around it what was pressed. */
function frame(title: string, main: Markup): string {
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>
<style>body { font: 15px/1.5 system-ui, sans-serif; margin: 1rem; color: #1d2226; } h2 { font-size: 1.1rem; margin: 0; } :focus-visible { outline: 3px solid #f5a623; }
button, input, select { font: inherit; padding: .3rem .6rem; }</style></head><body><main>${main}</main>
<script src="/xdoor/scripts/frame.js"></script></body></html>`.text;
}
