import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DeploymentFile, loadDeployment, readDeploymentFile } from '../src/deployment-file.js';

describe('the pace of a plugin in the deployment file', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'talentbridge-test-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  async function read(pace: unknown): Promise<DeploymentFile> {
    const path = join(directory, 'deployment.json');
    await writeFile(path, JSON.stringify({ plugins: [], pace }));
    return readDeploymentFile(path);
  }

  it('replaces what the plugin declares', async () => {
    const pace = {
      smartrecruiters: {
        eachLane: { concurrency: 16, rate: { requests: 20, perMs: 1000 } },
        lanes: { candidates: { concurrency: 2 } },
      },
      icims: {
        concurrency: 4,
        quota: { limitHeader: 'x-limit', remainingHeader: 'x-left', resetHeader: 'x-reset', keep: { background: 0.5 } },
      },
      jobscore: {},
    };
    const deployment = await loadDeployment(await read(pace), {
      brand: 'SeekOut',
      dummyEmailDomain: 'seekout.example.com',
    });
    expect(deployment.pace).toEqual(pace);
  });

  it.each([
    [{ jobscore: { concurrency: 0 } }, 'pace.jobscore.concurrency'],
    [{ jobscore: { rate: { requests: 10 } } }, 'pace.jobscore.rate.perMs'],
    [{ jobscore: { speed: 1 } }, 'speed'],
    [{ jobscore: { quota: { limitHeader: 'X-Limit', remainingHeader: 'a', resetHeader: 'b' } } }, 'limitHeader'],
  ])('is refused where it does not fit: %j', async (pace, place) => {
    await expect(read(pace)).rejects.toThrow(place);
  });
});
