import type { InterviewInput, NoteInput, Upload } from './account-input.js';
import { stageOf } from './hiring-words.js';
import type {
  SimulatedApplication,
  SimulatedAuthor,
  SimulatedDocument,
  SimulatedInterview,
  SimulatedNote,
  Stamped,
} from './records.js';
import { newId } from './vendor-id.js';

/** What every new object has. */
export function stamped(now: string): Stamped {
  return { id: newId(), created_on: now, updated_on: now };
}

/** An application in the first stage of its job. */
export function newApplication(candidateId: string, jobId: string, now: string): SimulatedApplication {
  const stage = stageOf(jobId, 'New');
  const { id, ...stamps } = stamped(now);
  return {
    id,
    candidate_id: candidateId,
    job_id: jobId,
    workflow_stage: stage,
    status: 'active',
    disposition: null,
    stage_history: [{ stage, entered_on: now }],
    ...stamps,
  };
}

/** A file without its bytes. */
export function newDocument(
  candidateId: string,
  { filename, documentType, contentType, bytes }: Upload,
  now: string,
): SimulatedDocument {
  const { id, ...stamps } = stamped(now);
  return {
    id,
    candidate_id: candidateId,
    filename,
    document_type: documentType,
    content_type: contentType,
    size: bytes.length,
    ...stamps,
  };
}

/** What somebody wrote about a candidate. */
export function newNote(candidateId: string, input: NoteInput, now: string): SimulatedNote {
  const { id, ...stamps } = stamped(now);
  const { body, author, private: isPrivate } = input;
  return { id, candidate_id: candidateId, body, author: authorOf(author), private: isPrivate, ...stamps };
}

/** An interview about an application. */
export function newInterview(
  { id: application_id, candidate_id }: SimulatedApplication,
  input: InterviewInput,
  now: string,
): SimulatedInterview {
  const { id, ...stamps } = stamped(now);
  const { name = 'On-site interview', scheduled_on = now, interviewer, feedback, recommendation } = input;
  return {
    id,
    candidate_id,
    application_id,
    name,
    scheduled_on,
    interviewers: interviewer ? [authorOf(interviewer)] : [],
    feedback: feedback ?? null,
    recommendation: recommendation ?? null,
    ...stamps,
  };
}

/** Somebody by name. */
export function authorOf({ id, first_name, last_name }: SimulatedAuthor): SimulatedAuthor {
  return { id, first_name, last_name };
}
