import type { ExportCapability, ExportRequest, ExportTarget, Job } from '@talentbridge/contracts';
import { ExportInterruptedError } from '@talentbridge/contracts';
import { fitToFields } from '@talentbridge/plugin-host';
import { expect } from 'vitest';
import { type ExportRequestOverrides, exportRequest, resumeFile } from '../builders/export-request.js';
import type { FaultRule } from '../simulator/fault.js';
import { type CheckWorld, NotConcerned } from './check.js';
import type { SimulatedExport, SimulatedRoute, StoredCandidate } from './simulated-account.js';
import type { PluginConnection } from './start-connection.js';

/** What a check of Export works with: a world, seen as one that exports. */
export class ExportWorld {
  readonly exporter: ExportCapability;
  readonly connection: PluginConnection;
  readonly vendor: SimulatedExport;

  constructor(readonly world: CheckWorld) {
    const { account, connection } = world;
    if (!account.export) throw new Error('The plugin has Export: its subject must describe `export`.');
    this.connection = connection;
    this.exporter = connection.exporter;
    this.vendor = account.export;
  }

  /** A request as the hub would hand it over: a new person, trimmed to the plugin's fields, to any target there is. */
  request(overrides: ExportRequestOverrides = {}): ExportRequest {
    const request = exportRequest({ target: this.anyTarget(), ...overrides });
    return { ...request, candidate: fitToFields(request.candidate, this.exporter.fields).record };
  }

  /** The same, to an open job and with a résumé where the plugin takes them: every step that an export can have. */
  fullRequest(overrides: ExportRequestOverrides = {}): ExportRequest {
    return this.request({
      ...(this.hasJobs ? { target: this.jobTarget() } : {}),
      ...(this.takesResumes ? { resume: resumeFile() } : {}),
      ...overrides,
    });
  }

  get hasJobs(): boolean {
    return this.exporter.limits.jobs ?? true;
  }

  get hasProspects(): boolean {
    return this.exporter.limits.prospects ?? true;
  }

  get takesResumes(): boolean {
    return this.exporter.fields.some(({ name }) => name === 'resume');
  }

  /** How many more values of a list the declared fields have room for, where so many are there. */
  room(list: 'emails' | 'phones', there: number): number {
    const { maxCount = Number.POSITIVE_INFINITY } = this.exporter.fields.find(({ name }) => name === list) ?? {};
    return Math.max(0, maxCount - there);
  }

  /** An open job. */
  jobTarget(): ExportTarget {
    if (!this.hasJobs) throw new NotConcerned('The ATS has no jobs.');
    const [jobRemoteId] = this.vendor.openJobIds();
    if (jobRemoteId === undefined) throw new Error('A fresh simulator must hold an open job.');
    return { kind: 'job', jobRemoteId };
  }

  anyTarget(): ExportTarget {
    return this.hasProspects ? { kind: 'prospect' } : this.jobTarget();
  }

  /** A target whose outcome the plugin can ask about. */
  findableTarget(): ExportTarget {
    const { findable = ['job', 'prospect'] } = this.exporter.limits;
    if (findable.includes('job') && this.hasJobs) return this.jobTarget();
    if (findable.includes('prospect') && this.hasProspects) return { kind: 'prospect' };
    throw new Error('The plugin has `findExported`, and its `findable` names no target that it takes.');
  }

  /** Plays a fault on every request of a route, until `clearFaults`. */
  fault(route: SimulatedRoute, fault: FaultRule['fault']): void {
    this.world.account.simulator.faults.add({ ...route, fault });
  }

  /** The vendor works as usual again. */
  clearFaults(): void {
    this.world.account.simulator.faults.clear();
  }

  /** The route that lists jobs. */
  get listJobs(): SimulatedRoute {
    if (!this.hasJobs) throw new NotConcerned('The ATS has no jobs.');
    return required(this.vendor.routes.listJobs, 'listJobs');
  }

  /** The route of a step after the candidate was made; a plugin that does all in one request is not concerned. */
  laterStep(name: 'attachJob' | 'uploadResume'): SimulatedRoute {
    if (name === 'attachJob') this.jobTarget();
    if (name === 'uploadResume' && !this.takesResumes) throw new NotConcerned('No résumé is sent.');
    const route = this.vendor.routes[name];
    if (!route) throw new NotConcerned('The request that makes the candidate does this as well.');
    return route;
  }

  /** What the vendor holds for an exported candidate. */
  stored(remoteId: string): StoredCandidate {
    const found = this.vendor.candidates().filter((candidate) => candidate.remoteId === remoteId);
    expect(found, `candidates with the id ${remoteId} that the receipt names`).toHaveLength(1);
    const [stored] = found;
    if (!stored) throw new Error('unreachable');
    return stored;
  }

  /** All jobs, page by page, as the hub collects them. */
  async allJobs(search?: string): Promise<readonly Job[]> {
    const jobs: Job[] = [];
    const seen = new Set<string>();
    for (let cursor: string | undefined; ; ) {
      const page = await this.exporter.listJobs(this.connection.ctx, {
        ...(search === undefined ? {} : { search }),
        ...(cursor === undefined ? {} : { cursor }),
      });
      jobs.push(...page.items);
      if (page.cursor === undefined) return jobs;
      expect(seen, 'a cursor that came before leads in a circle').not.toContain(page.cursor);
      seen.add(page.cursor);
      cursor = page.cursor;
    }
  }
}

/** What a call was rejected with; it must be. */
export async function rejectionOf(call: Promise<unknown>): Promise<unknown> {
  const outcome = await call.then(
    (answer: unknown) => ({ answer }),
    (error: unknown) => ({ error }),
  );
  expect(outcome, 'the call was expected to fail').toHaveProperty('error');
  return 'error' in outcome ? outcome.error : undefined;
}

/** The failure itself, also when it came after the candidate had arrived. */
export function failureWithin(error: unknown): unknown {
  return error instanceof ExportInterruptedError ? error.failure : error;
}

function required<Value>(value: Value | undefined, name: string): Value {
  if (value === undefined) throw new Error(`The subject must name the route ${name}.`);
  return value;
}
