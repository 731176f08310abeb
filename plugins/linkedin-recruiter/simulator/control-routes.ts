import { z } from 'zod';
import type { SimulatorApp } from './api.js';
import { mishapsInput } from './mishaps.js';
import { profilePage } from './pages/profile-page.js';
import { searchPage } from './pages/search-page.js';
import { settingsPage } from './pages/settings-page.js';
import { INTEGRATION_TYPES, SEAT_STATES, type Seat } from './records.js';
import { Recruiter } from './recruiter.js';
import { RecruiterViews } from './recruiter-views.js';
import { Refusal } from './refusal.js';
import type { World } from './world.js';

// Numbers of forms are text.
const number = z.coerce.number().int().nonnegative();
const text = z.string().min(1);
const visibility = z.enum(['PUBLIC', 'PRIVATE']).default('PUBLIC');
const yes = z
  .union([z.boolean(), z.enum(['yes', 'no', 'true', 'false', 'on'])])
  .default(false)
  .transform((value) => value === true || value === 'yes' || value === 'true' || value === 'on');

const onboardingInput = z.strictObject({ clientId: text, contract: text });
const integrationInput = z.strictObject({
  clientId: text,
  context: text,
  type: z.enum(INTEGRATION_TYPES),
  status: z.enum(['ENABLED', 'DISABLED']),
});
const exportInput = z.strictObject({ seat: number, member: text, job: z.string().default('') });
const inMailInput = z.strictObject({ seat: number, member: text, subject: text, body: text, visibility });
const replyInput = z.strictObject({ conversation: text, body: text, consent: yes });
const noteInput = z.strictObject({ seat: number, member: text, note: text, visibility });
const noteChangeInput = z.strictObject({
  seat: number,
  note: text.optional(),
  visibility: z.enum(['PUBLIC', 'PRIVATE']).optional(),
  action: z.enum(['save', 'delete']).default('save'),
});
const memberInput = z.strictObject({ member: text });
const seatInput = z.strictObject({ state: z.enum([...SEAT_STATES, 'REMOVED']) });
const behaviourInput = z.strictObject({ matchDelayMs: number.optional(), taskDelayMs: number.optional() });
const againInput = z.strictObject({ id: text });
const challengeInput = z.strictObject({ clientId: text });
const viewInput = z.object({
  seat: number.default(555),
  q: z.string().default(''),
  only: z.enum(['all', 'pastApplicants']).default('all'),
  said: z.string().optional(),
  refused: z.string().optional(),
});

/** Where everything stands that tests and people steer LinkedIn by. */
const BASE = '/_sim/recruiter';

/** Registers what people do in LinkedIn: as JSON, or with the forms of the pages. */
export function registerControls(app: SimulatorApp, world: World): void {
  const recruiter = new Recruiter(world);
  const views = new RecruiterViews(world, recruiter);
  // What a form did is shown on the page that it came from; whoever sent JSON gets what came of it.
  const control = (path: string, done: string, act: (body: unknown, id: number) => unknown): void => {
    app.post<{ Params: { id?: string } }>(`${BASE}${path}`, async (request, reply) => {
      const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
      try {
        const { back, ...body } = asRecord(request.body);
        const result = await act(body, Number(request.params.id));
        if (isForm) return reply.redirect(backTo(back, 'said', done), 303);
        return reply.send(result ?? { done });
      } catch (error) {
        const { status, message } = complaintOf(error);
        if (isForm) return reply.redirect(backTo(asRecord(request.body)['back'], 'refused', message), 303);
        return reply.code(status).send({ error: message });
      }
    });
  };

  control('/onboarding', 'The package was asked for.', (body) => {
    const { clientId, contract } = onboardingInput.parse(body);
    return recruiter.onboard(clientId, contract);
  });
  control('/integrations', 'The integration was changed.', (body) => {
    const { clientId, type, context, status } = integrationInput.parse(body);
    recruiter.setIntegration(clientId, type, context, status);
  });
  control('/exports', 'Exported to the ATS.', (body) => {
    const { seat, member, job } = exportInput.parse(body);
    return recruiter.exportMember(seat, member, job);
  });
  control('/inmails', 'The InMail was sent.', (body) => {
    const { seat, member, ...mail } = inMailInput.parse(body);
    return { conversation: recruiter.sendInMail(seat, member, mail).urn };
  });
  control('/replies', 'The member replied.', (body) => {
    const { conversation, body: words, consent } = replyInput.parse(body);
    recruiter.reply(conversation, words, consent);
  });
  control('/notes', 'The note was written.', (body) => {
    const { seat, member, note, visibility: seenBy } = noteInput.parse(body);
    return { id: recruiter.writeNote(seat, member, note, seenBy).id };
  });
  control('/notes/:id', 'The note was changed.', (body, id) => {
    const { seat, action, note, visibility: seenBy } = noteChangeInput.parse(body);
    recruiter.changeNote(seat, id, {
      ...(action === 'delete' ? { active: false } : {}),
      ...(note === undefined ? {} : { note }),
      ...(seenBy === undefined ? {} : { visibility: seenBy }),
    });
  });
  control('/members/close', 'The account was closed.', (body) => {
    recruiter.closeAccount(memberInput.parse(body).member);
  });
  control('/seats/:id', 'The seat was changed.', (body, id) => {
    world.setSeat(id, seatInput.parse(body).state);
  });
  control('/behaviour', 'Set.', (body) => {
    const { matchDelayMs, taskDelayMs } = behaviourInput.parse(body);
    if (matchDelayMs !== undefined) world.behaviour.matchDelayMs = matchDelayMs;
    if (taskDelayMs !== undefined) world.behaviour.taskDelayMs = taskDelayMs;
    return world.behaviour;
  });
  control('/mishaps', 'Set.', (body) => {
    world.pushes.release();
    world.mishaps.plan(mishapsInput.parse(body));
    return world.mishaps.left;
  });
  control('/pushes/again', 'Sent again.', (body) => {
    if (!world.pushes.sendAgain(againInput.parse(body).id)) throw new Refusal(404, 'Notification not found');
  });
  control('/challenge', 'The callback address was asked.', (body) =>
    recruiter.challenge(challengeInput.parse(body).clientId),
  );
  control('/tokens/revoke', 'No token works any more.', () => world.tokens.revoke());

  app.get(`${BASE}/pushes`, async () => world.pushes.report());
  app.get(`${BASE}/search`, async (request) => {
    const { seat, q, only } = viewInput.parse(request.query);
    return views.search(world.seat(seat), q, only);
  });
  app.get<{ Params: { person: string } }>(`${BASE}/profiles/:person`, async (request) =>
    views.profile(seatOf(world, request.query), `urn:li:person:${request.params.person}`),
  );

  app.get(BASE, async (request, reply) => {
    const { seat: id, q, only, ...notice } = viewInput.parse(request.query);
    const seat = world.seat(id);
    return reply
      .type('text/html')
      .send(searchPage({ world, seat, q, only, view: views.search(seat, q, only), notice }));
  });
  app.get<{ Params: { person: string } }>(`${BASE}/people/:person`, async (request, reply) => {
    const notice = viewInput.parse(request.query);
    const seat = world.seat(notice.seat);
    const view = views.profile(seat, `urn:li:person:${request.params.person}`);
    return reply.type('text/html').send(profilePage({ world, seat, view, jobs: recruiter.jobsFor(seat), notice }));
  });
  app.get(`${BASE}/settings`, async (request, reply) => {
    const { seat, ...notice } = viewInput.parse(request.query);
    return reply.type('text/html').send(settingsPage({ world, seat: world.seat(seat), notice }));
  });
}

function seatOf(world: World, query: unknown): Seat {
  return world.seat(viewInput.parse(query).seat);
}

/** Back to one of our own pages, with a word about what happened. */
function backTo(back: unknown, name: 'said' | 'refused', words: string): string {
  const isOurs = typeof back === 'string' && /^\/_sim\/recruiter(?:[/?]|$)/.test(back);
  const url = new URL(isOurs ? back : BASE, 'http://simulator.invalid');
  url.searchParams.delete('said');
  url.searchParams.delete('refused');
  url.searchParams.set(name, words);
  return `${url.pathname}${url.search}`;
}

function complaintOf(error: unknown): { readonly status: number; readonly message: string } {
  if (error instanceof Refusal) return { status: error.status, message: error.message };
  if (error instanceof z.ZodError) return { status: 400, message: z.prettifyError(error) };
  throw error;
}

function asRecord(body: unknown): Readonly<Record<string, unknown>> {
  return typeof body === 'object' && body !== null ? { ...body } : {};
}
