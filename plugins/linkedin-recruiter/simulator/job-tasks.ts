import { z } from 'zod';
import type { Answer, Call } from './call.js';
import { batchMethodOf, forEachKey, keysOf } from './call.js';
import { PLAIN_KEYS } from './keys.js';
import { badRequest, Refusal } from './refusal.js';
import { elementsOf, jobInput, readRecord } from './validation.js';
import type { World } from './world.js';

/** What becomes of one element of a batch of jobs (LinkedIn sheet §5.1, INFERRED). */
export interface JobTask {
  readonly id: string;
  readonly application: string;
  readonly organization: string;
  readonly dueAt: number;
  readonly element: unknown;
  status: 'PENDING' | 'SUCCEEDED' | 'FAILED';
  externalJobPostingId?: string;
  errorMessage?: string;
}

const context = z.looseObject({ integrationContext: z.string(), externalJobPostingId: z.string().optional() });

/** `/simpleJobPostings`: every element becomes a task; what is wrong with a job shows there. */
export function jobPostings(world: World, call: Call): Answer {
  batchMethodOf(call, ['batch_create']);
  const elements = elementsOf(call.body);
  if (elements.length > 100) throw badRequest('At most 100 records are taken at once');
  const answers = elements.map((element) => {
    try {
      return { id: begin(world, call, element).id, status: 202 };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { status: error.status, error: { status: error.status, message: error.message } };
    }
  });
  settleJobs(world, call.now);
  return { body: { elements: answers } };
}

/** `/simpleJobPostingTasks?ids=`. */
export function jobPostingTasks(world: World, call: Call): Answer {
  batchMethodOf(call, ['batch_get']);
  settleJobs(world, call.now);
  return forEachKey(PLAIN_KEYS, keysOf(call, PLAIN_KEYS), ({ identity }) => {
    const task = world.tasks.get(identity);
    if (task?.application !== call.application.urn) throw new Refusal(404, 'Task not found');
    const { status, externalJobPostingId, errorMessage } = task;
    return { status, externalJobPostingId, errorMessage };
  });
}

/** Finishes the tasks that are due, in the order in which they came. */
export function settleJobs(world: World, now: number): void {
  for (const task of world.tasks.values()) {
    if (task.status !== 'PENDING' || task.dueAt > now) continue;
    try {
      settle(world, task);
      task.status = 'SUCCEEDED';
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      task.status = 'FAILED';
      task.errorMessage = error.message;
    }
  }
}

function begin(world: World, call: Call, element: unknown): JobTask {
  const { integrationContext, externalJobPostingId } = readRecord(context, element);
  world.recordsFor(call.application, integrationContext);
  const task: JobTask = {
    id: `urn:li:simpleJobPostingTask:${world.nextNumber()}`,
    application: call.application.urn,
    organization: integrationContext,
    dueAt: call.now + world.behaviour.taskDelayMs,
    element,
    status: 'PENDING',
    ...(externalJobPostingId === undefined ? {} : { externalJobPostingId }),
  };
  world.tasks.set(task.id, task);
  return task;
}

function settle(world: World, { element, organization }: JobTask): void {
  const job = readRecord(jobInput, element);
  const { jobs } = world.recordsOf(organization);
  const operation = job.jobPostingOperationType;
  const isKnown = jobs.has(job.externalJobPostingId);
  // The newer schema names what it does; the older one has a state (LinkedIn sheet §5.1).
  if (operation !== undefined && operation !== 'CREATE' && !isKnown) {
    throw new Refusal(422, `externalJobPostingId: no such job to ${operation}`);
  }
  const listed = operation === undefined ? job.state === 'LISTED' : operation !== 'CLOSE';
  jobs.set(job.externalJobPostingId, { ...job, listed });
}
