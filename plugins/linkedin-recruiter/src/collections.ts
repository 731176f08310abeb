import {
  AtsAnswerUnreadableError,
  type CallContext,
  type HttpResponse,
  type JsonValue,
  type NetworkKind,
} from '@talentbridge/contracts';
import { inBatches, SPOILT, sendInBatches } from './batches.js';
import type { LinkedInApi } from './client.js';
import { compoundKeys, type KeyForm, PLAIN_KEYS } from './keys.js';
import { type AnsweredRecord, answeredRecords, DONE, type Outcomes, outcomesOf, refused } from './outcomes.js';
import type { ApiCall, BatchMethod } from './requests.js';
import { ATS, failure, isSuccess, type VendorError, vendorErrorOf } from './vendor-errors.js';

/** Records to write, by id. */
export type Entities = ReadonlyMap<string, JsonValue>;

/** Where records of one kind are kept, and how they are called. */
export interface CollectionPlace {
  readonly resource: 'atsCandidates' | 'atsApplications' | 'atsEntityAcls' | 'atsEntityAclAssignees';
  /** What follows the resource. Absent: the resource itself is the collection. */
  readonly below?: string;
  readonly keys: KeyForm;
  readonly lane: string;
  /** For people: "candidates". */
  readonly what: string;
}

type Verb = 'send' | 'remove';

/** Records of one kind at LinkedIn: all of an organization, or those of one candidate or application (LinkedIn sheet §4). */
export class RecordCollection {
  constructor(
    private readonly api: LinkedInApi,
    private readonly place: CollectionPlace,
  ) {}

  /** Puts records in the place of those before, whole: what is left out is lost. */
  async write(ctx: CallContext, entities: Entities): Promise<Outcomes> {
    return this.#inBatches(ctx, [...entities.keys()], 'send', (ids) =>
      this.#batch('PUT', 'batch_update', ids, (id) => entities.get(id) ?? null),
    );
  }

  /** Changes properties of one record. @returns what LinkedIn has against it; nothing when it is done. */
  async change(ctx: CallContext, id: string, patch: JsonValue): Promise<VendorError | undefined> {
    const action = `change ${this.place.what}`;
    const response = await this.api.send(
      ctx,
      this.#batch('POST', 'batch_partial_update', [id], () => ({ patch })),
    );
    if (!isSuccess(response)) throw failure(response, action);
    const record = answeredRecords(response, this.place.keys, action).find((one) => one.id === id);
    if (!record) throw new AtsAnswerUnreadableError(ATS, `the request to ${action}`, 'it says nothing of the record');
    return record.error;
  }

  /** Removes records. What is not there is removed already, and so is what belongs to something that is not there. */
  async remove(ctx: CallContext, ids: readonly string[]): Promise<Outcomes> {
    return this.#inBatches(ctx, ids, 'remove', (some) => this.#batch('DELETE', 'batch_delete', some));
  }

  /** Some properties of records. Those that are not there are left out. */
  async read(ctx: CallContext, ids: readonly string[], fields: readonly string[]): Promise<readonly AnsweredRecord[]> {
    const found: AnsweredRecord[] = [];
    const action = `read ${this.place.what}`;
    for (const some of inBatches(ids)) {
      const call = this.#batch('GET', 'batch_get', some);
      const response = await this.api.send(ctx, { ...call, query: `${call.query}&fields=${fields.join(',')}` });
      if (!isSuccess(response)) throw failure(response, action);
      found.push(...answeredRecords(response, this.place.keys, action));
    }
    return found;
  }

  #batch(
    method: ApiCall['method'],
    restli: BatchMethod,
    ids: readonly string[],
    recordFor?: (id: string) => JsonValue,
  ): ApiCall & { readonly query: string } {
    const { resource, below, keys, lane } = this.place;
    return {
      method,
      restli,
      resource,
      ...(below === undefined ? {} : { below }),
      query: ids.map((id, index) => keys.query(id, index)).join('&'),
      ...(recordFor && { body: { entities: Object.fromEntries(ids.map((id) => [keys.text(id), recordFor(id)])) } }),
      lane,
    };
  }

  #inBatches(
    ctx: CallContext,
    ids: readonly string[],
    verb: Verb,
    callFor: (ids: readonly string[]) => ApiCall,
  ): Promise<Outcomes> {
    return sendInBatches(ids, `${verb} ${this.place.what}`, async (some) => {
      const response = await this.api.send(ctx, callFor(some));
      return SPOILT.has(response.status) ? vendorErrorOf(response) : this.#outcomes(response, some, verb);
    });
  }

  #outcomes(response: HttpResponse, ids: readonly string[], verb: Verb): Outcomes {
    const { keys, below, what } = this.place;
    const action = `${verb} ${what}`;
    if (isSuccess(response)) {
      const answered = answeredRecords(response, keys, action);
      return outcomesOf(ids, verb === 'remove' ? answered.map(goneIsRemoved) : answered);
    }
    // What the records belong to is not there (INFERRED).
    if (response.status === 404 && below !== undefined) {
      const result = verb === 'remove' ? DONE : refused(`${ATS} does not have the record that it belongs to`);
      return new Map(ids.map((id) => [id, result]));
    }
    throw failure(response, action);
  }
}

/** The collections of one customer. */
export class Collections {
  readonly #candidateKeys: KeyForm;
  readonly #applicationKeys: KeyForm;
  readonly candidates: RecordCollection;
  readonly applications: RecordCollection;

  constructor(private readonly api: LinkedInApi) {
    const { family, customer } = api;
    this.#candidateKeys = compoundKeys('atsCandidateId', family, customer.organization);
    this.#applicationKeys = compoundKeys('atsJobApplicationId', family, customer.organization);
    this.candidates = new RecordCollection(api, {
      resource: 'atsCandidates',
      keys: this.#candidateKeys,
      lane: 'candidates',
      what: 'candidates',
    });
    this.applications = new RecordCollection(api, {
      resource: 'atsApplications',
      keys: this.#applicationKeys,
      lane: 'applications',
      what: 'applications',
    });
  }

  /** What hangs on one candidate or application (LinkedIn sheet §5.3, §5.5). */
  under(kind: DependentKind, parentId: string): RecordCollection {
    const isOfCandidate = kind === 'candidateNote';
    const { name, what } = DEPENDENTS[kind];
    const parent = isOfCandidate ? this.#candidateKeys : this.#applicationKeys;
    return new RecordCollection(this.api, {
      resource: isOfCandidate ? 'atsCandidates' : 'atsApplications',
      below: `/${parent.text(parentId)}/${name}`,
      keys: PLAIN_KEYS,
      lane: name,
      what,
    });
  }
}

/** Kinds of records that hang on another one. */
export type DependentKind = Exclude<NetworkKind, 'job' | 'candidate' | 'application' | 'access'>;

const DEPENDENTS: Readonly<Record<DependentKind, { readonly name: string; readonly what: string }>> = {
  candidateNote: { name: 'notes', what: 'notes on candidates' },
  applicationNote: { name: 'notes', what: 'notes on applications' },
  feedback: { name: 'interviewFeedback', what: 'interview feedback' },
  stage: { name: 'stages', what: 'stages' },
};

function goneIsRemoved(record: AnsweredRecord): AnsweredRecord {
  return record.error?.status === 404 ? { id: record.id, value: record.value } : record;
}
