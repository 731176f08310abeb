import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files of a few lines whose tests take long. */
const SHORT_BUT_LONG = /\/(conformance|convergence|killed-\w+|new-plugin)\.test\.ts$/;

/**
 * The order of test files: of each project those first that take longest, so that none is waited for alone at the end. Where
 * Vitest knows no earlier run, as on a fresh clone, it goes by the size of the files and takes some for quick that are not.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const projects = [...new Set(sorted.map(({ project }) => project.name))];
    const rank = ({ project, moduleId }: TestSpecification): number =>
      2 * projects.indexOf(project.name) + (SHORT_BUT_LONG.test(moduleId) ? 0 : 1);
    return sorted.toSorted((one, other) => rank(one) - rank(other));
  }
}
