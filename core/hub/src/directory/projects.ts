import { type InputProblem, InvalidInputError, NotFoundError } from '../kernel/errors.js';
import { isUuid, type OrganizationScope } from '../kernel/persistence/organization-scope.js';
import { type Page, type PageRequest, pageOf } from '../kernel/persistence/page.js';
import type { Transaction } from '../kernel/persistence/transaction.js';
import { uuidv7 } from '../kernel/persistence/uuidv7.js';

/** A recruiter's list of people. */
export interface Project {
  readonly id: string;
  /** The host platform's own id of the project. */
  readonly key: string;
  readonly name: string;
  readonly candidateCount: number;
  readonly updatedAt: Date;
}

/** A project as the host platform gives it. */
export interface ProjectInput {
  readonly key: string;
  readonly name: string;
  /** All people of the project, by profile key. Absent: the members stay as they are. */
  readonly profileKeys?: readonly string[];
}

/** Projects in one call at most. */
const MOST_PROJECTS = 500;

const COLUMNS = `p.id, p.key, p.name, p.updated_at as "updatedAt",
  (select count(*)::int from talentbridge.project_member m where m.organization_id = p.organization_id and m.project_id = p.id) as "candidateCount"`;

/** Keeps projects. */
export class Projects {
  /** Newest first. */
  list(scope: OrganizationScope, page: PageRequest): Promise<Page<Project>> {
    return scope.read((tx) =>
      pageOf<Project>(tx, page, {
        select: COLUMNS,
        from: `talentbridge.project p where ${tx.own('p')}`,
        order: 'p.id desc',
        after: { column: 'p.id', comparison: '<' },
      }),
    );
  }

  /** One project, or `undefined` when there is none. */
  get(scope: OrganizationScope, id: string): Promise<Project | undefined> {
    if (!isUuid(id)) return Promise.resolve(undefined);
    return scope.read((tx) =>
      tx.row<Project>(`select ${COLUMNS} from talentbridge.project p where ${tx.own('p')} and p.id = $1`, [id]),
    );
  }

  /**
   * Creates or changes projects by their key.
   * @throws InvalidInputError that names every unknown profile key; nothing is changed then.
   */
  async upsert(scope: OrganizationScope, inputs: readonly ProjectInput[]): Promise<readonly Project[]> {
    const problems = projectProblems(inputs);
    if (problems.length > 0) throw new InvalidInputError(problems);
    return scope.transaction(async (tx) => {
      const rows = await tx.rows<{ id: string; key: string }>(
        `insert into talentbridge.project (organization_id, id, key, name)
         select $1, row.id, row.key, row.name from unnest($2::uuid[], $3::text[], $4::text[]) as row (id, key, name)
         on conflict (organization_id, key) do update set name = excluded.name, updated_at = now()
         returning id, key`,
        [
          tx.organizationId,
          inputs.map(() => uuidv7()),
          inputs.map((input) => input.key),
          inputs.map((input) => input.name.trim()),
        ],
      );
      const ids = new Map(rows.map((row) => [row.key, row.id]));
      for (const [index, input] of inputs.entries()) {
        const id = ids.get(input.key);
        if (id !== undefined && input.profileKeys)
          await this.setMembers(tx, id, input.profileKeys, `projects[${index}].profileKeys`);
      }
      const projects = await tx.rows<Project>(
        `select ${COLUMNS} from talentbridge.project p where ${tx.own('p')} and p.id = any($1::uuid[])`,
        [[...ids.values()]],
      );
      const byKey = new Map(projects.map((project) => [project.key, project]));
      return inputs.flatMap((input) => byKey.get(input.key) ?? []);
    });
  }

  /** The ids of a project's people, in the order they were added. @throws NotFoundError */
  async memberIds(tx: Transaction, projectId: string): Promise<readonly string[]> {
    const found = isUuid(projectId)
      ? await tx.row(`select p.id from talentbridge.project p where ${tx.own('p')} and p.id = $1`, [projectId])
      : undefined;
    if (!found) throw new NotFoundError('project', projectId);
    const rows = await tx.rows<{ id: string }>(
      `select m.profile_id as id from talentbridge.project_member m
       where ${tx.own('m')} and m.project_id = $1 order by m.added_at, m.profile_id`,
      [projectId],
    );
    return rows.map((row) => row.id);
  }

  private async setMembers(tx: Transaction, projectId: string, keys: readonly string[], field: string): Promise<void> {
    const wanted = [...new Set(keys)];
    const known = await tx.rows<{ id: string; key: string }>(
      `select p.id, p.key from talentbridge.profile p where ${tx.own('p')} and p.key = any($1::text[])`,
      [wanted],
    );
    const knownKeys = new Set(known.map((row) => row.key));
    const unknown = wanted.filter((key) => !knownKeys.has(key));
    if (unknown.length > 0) {
      const shown = unknown.slice(0, 5).join(', ');
      throw new InvalidInputError([
        { field, message: `${unknown.length} profile keys are unknown (${shown}). Upsert these profiles first.` },
      ]);
    }
    const ids = known.map((row) => row.id);
    await tx.rows(
      `delete from talentbridge.project_member m where ${tx.own('m')} and m.project_id = $1 and m.profile_id <> all($2::uuid[])`,
      [projectId, ids],
    );
    await tx.rows(
      `insert into talentbridge.project_member (organization_id, project_id, profile_id)
       select $1, $2, unnest($3::uuid[]) on conflict do nothing`,
      [tx.organizationId, projectId, ids],
    );
  }
}

function projectProblems(inputs: readonly ProjectInput[]): readonly InputProblem[] {
  const problems: InputProblem[] = [];
  if (inputs.length === 0 || inputs.length > MOST_PROJECTS) {
    problems.push({ field: 'projects', message: `Send 1 to ${MOST_PROJECTS} projects in one call.` });
  }
  const keys = new Set<string>();
  for (const [index, { key, name }] of inputs.entries()) {
    if (key.trim() === '' || key.length > 200)
      problems.push({ field: `projects[${index}].key`, message: 'A key has 1 to 200 characters.' });
    if (name.trim() === '' || name.length > 200)
      problems.push({ field: `projects[${index}].name`, message: 'A name has 1 to 200 characters.' });
    if (keys.has(key))
      problems.push({ field: `projects[${index}].key`, message: 'This key stands twice in the call.' });
    keys.add(key);
  }
  return problems;
}
