import type { Answer, Call } from './call.js';
import { pageOf, required, requiredNumber, wholeNumber } from './paging.js';
import { type ProspectNote, SEAT_STATES, type Seat } from './records.js';
import { badRequest, forbidden, notFound, Refusal } from './refusal.js';
import type { World } from './world.js';

const HALF_DAY_MS = 12 * 60 * 60_000;

/** What is asked of Recruiter: each resource answers to `GET` alone. */
export const RECRUITER_RESOURCES: Readonly<Record<string, (world: World, call: Call) => Answer>> = {
  seatsV2: seats,
  seats: oldSeats,
  conversationEvents,
  mailStubs,
  prospectNotes,
  exportedCandidates,
};

/** `/seatsV2?q=attributes` (LinkedIn sheet §7.1). */
function seats(world: World, call: Call): Answer {
  finder(call, 'attributes');
  const contracts = contractsOf(world, call, 'contracts');
  const states = call.query.getAll('states');
  const unknown = states.find((state) => !SEAT_STATES.some((known) => known === state));
  if (unknown !== undefined) throw badRequest(`states: ${unknown} is unknown`);
  requiredNumber(call.query, 'start');
  const found = world.seats.filter(
    ({ contract, state }) => contracts.includes(contract) && (states.length === 0 || states.includes(state)),
  );
  return { body: pageOf(call.query, found, shownSeat) };
}

/** `/seats?q=seatsByAttributes`, the older twin (LinkedIn sheet §7.1). */
function oldSeats(world: World, call: Call): Answer {
  finder(call, 'seatsByAttributes');
  const contracts = contractsOf(world, call, 'contracts');
  const active = call.query.get('active');
  requiredNumber(call.query, 'start');
  const found = world.seats.filter(
    ({ contract, state }) =>
      contracts.includes(contract) && (active === null || (state === 'ACTIVE') === (active === 'true')),
  );
  const onlyId = call.query.get('fields') === 'id';
  return { body: pageOf(call.query, found, (seat) => (onlyId ? { id: seat.id } : shownSeat(seat))) };
}

/** `/conversationEvents?q=criteria` (LinkedIn sheet §7.2): the InMails that a seat is part of, the oldest first. */
function conversationEvents(world: World, call: Call): Answer {
  finder(call, 'criteria');
  const viewer = seatOf(world, call, required(call.query, 'viewer'));
  const start = requiredNumber(call.query, 'timeRange.start');
  const end = requiredNumber(call.query, 'timeRange.end');
  if (end <= start) throw badRequest('timeRange.end must be after timeRange.start');
  const { limits } = world.throttles;
  const counter = `${call.application.urn} conversationEvents ${viewer}`;
  world.throttles.perMinute(counter, 1, limits.conversationsPerMinute, call.now);
  if (end - start > HALF_DAY_MS) world.flag(`conversationEvents: ${viewer} was asked for a window above 12 hours`);
  const found = world.conversations
    .filter(({ seat }) => seat === viewer)
    .flatMap(({ events }) => events)
    .filter(({ createdAt }) => createdAt >= start && createdAt < end)
    .sort((one, other) => one.createdAt - other.createdAt);
  return { body: pageOf(call.query, found, (event) => event) };
}

/** `/mailStubs?q=contract` (LinkedIn sheet §7.3): only of members who agreed. */
function mailStubs(world: World, call: Call): Answer {
  finder(call, 'contract');
  const [contract = ''] = contractsOf(world, call, 'contract');
  const owners = call.query.getAll('owners');
  if (owners.length === 0) throw badRequest('Query parameter owners is required');
  const start = requiredNumber(call.query, 'createdDateStart');
  const end = requiredNumber(call.query, 'createdDateEnd');
  const found = world.stubs.filter(
    (stub) =>
      stub.contract === contract && owners.includes(stub.owner) && stub.createdDate >= start && stub.createdDate < end,
  );
  if (found.length > world.throttles.limits.stubsFound) {
    throw badRequest(`More than ${world.throttles.limits.stubsFound} stubs were found: ask for less`);
  }
  return { body: pageOf(call.query, found, (stub) => stub) };
}

/** `/prospectNotes?q=criteria` (LinkedIn sheet §7.4), by the last change; those that were deleted are inactive. */
function prospectNotes(world: World, call: Call): Answer {
  finder(call, 'criteria');
  const [contract = ''] = contractsOf(world, call, 'contract');
  const owners = call.query.getAll('owners');
  if (owners.length === 0) throw badRequest('Query parameter owners is required');
  const cutoff = wholeNumber(call.query, 'cutoffDate') ?? 0;
  const before = wholeNumber(call.query, 'beforeDate') ?? Number.POSITIVE_INFINITY;
  const found = world.notes
    .filter((note) => note.contract === contract && owners.includes(note.owner))
    .filter(({ lastModified }) => lastModified > cutoff && lastModified <= before)
    .sort((one, other) => one.lastModified - other.lastModified);
  return { body: pageOf(call.query, found, (note: ProspectNote) => ({ ...note })) };
}

/** `/exportedCandidates`: one export by its id, or the exported members who have left (LinkedIn sheet §6.4, §6.5). */
function exportedCandidates(world: World, call: Call): Answer {
  const finders = call.query.get('q');
  demandGet(call);
  if (finders === 'request') return exported(world, call);
  if (finders !== 'closedCandidates') throw badRequest('q must be request or closedCandidates');
  const organization = required(call.query, 'integrationContext');
  world.demandEnabled(call.application, 'ONE_CLICK_EXPORT', organization);
  const members = new Set(
    [...world.exports.values()].filter((one) => one.organization === organization).map(({ member }) => member),
  );
  const closed = [...members].flatMap((member) => {
    const closedAt = world.members.closedAt(member);
    return closedAt === undefined ? [] : [{ member, closedAt }];
  });
  return { body: pageOf(call.query, closed, (one) => one) };
}

function exported(world: World, call: Call): Answer {
  const request = world.exports.get(required(call.query, 'requestId'));
  if (!request || request.expiresAt <= call.now) throw notFound('Request');
  const { organization, externalJobPostingId, exporter, exportedAt } = request;
  world.demandEnabled(call.application, 'ONE_CLICK_EXPORT', organization);
  const member = world.members.byUrn(request.member);
  if (!member || world.members.closedAt(member.urn) !== undefined) throw notFound('Request');
  const foreign = world.companies.find((company) => company.organization !== organization);
  const element = {
    integrationContext: world.mishaps.take('foreignContext') ? foreign?.organization : organization,
    ...(externalJobPostingId === undefined ? {} : { externalJobPostingId }),
    exporter,
    exportedAt,
    candidate: {
      member: member.urn,
      firstName: member.firstName,
      lastName: member.lastName,
      currentTitles: [member.title],
      currentEmployerNames: [member.employer],
      location: member.location,
      profileUrl: member.profileUrl,
    },
  };
  return { body: pageOf(call.query, [element], (one) => one) };
}

function demandGet({ method }: Call): void {
  if (method !== 'GET') throw new Refusal(405, `${method} is not supported on this resource`);
}

function finder(call: Call, name: string): void {
  demandGet(call);
  if (call.path.length > 0) throw notFound('Resource');
  if (call.query.get('q') !== name) throw badRequest(`q must be ${name}`);
}

/** The contracts that are asked about. @throws Refusal with status 403 where `CSA_API` is not enabled. */
function contractsOf(world: World, call: Call, name: string): readonly string[] {
  required(call.query, name);
  const contracts = call.query.getAll(name);
  for (const contract of contracts) world.demandEnabled(call.application, 'CSA_API', contract);
  return contracts;
}

/** @throws Refusal with status 403 for a seat of another contract, and for one that is not active (INFERRED). */
function seatOf(world: World, call: Call, urn: string): string {
  const seat = world.seatByUrn(urn);
  if (!seat) throw forbidden('viewer is no seat of this contract');
  world.demandEnabled(call.application, 'CSA_API', seat.contract);
  if (seat.state !== 'ACTIVE') throw forbidden('viewer has no active seat');
  return urn;
}

function shownSeat(seat: Seat): unknown {
  const { id, firstName, lastName, member, contract, state } = seat;
  return { id, firstName, lastName, member, contract, state };
}
