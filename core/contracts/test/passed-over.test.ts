import { describe, expect, it } from 'vitest';
import { AtsAnswerTooLargeError, AtsRateLimitedError, AtsUnavailableError } from '../src/errors.js';
import type { RecordReference } from '../src/model/mirror.js';
import { PassedOver } from '../src/passed-over.js';

const candidate = (remoteId: string): RecordReference => ({ kind: 'candidate', remoteId });
const broken = async (): Promise<never> => {
  throw new AtsUnavailableError('Test ATS', 'answered 500', { effect: 'none' });
};
const fine = async (): Promise<string> => 'read';

describe('RED-1: a record that cannot be read', () => {
  it('holds its page up at first, because the ATS may be away', async () => {
    const page = new PassedOver(2);
    await expect(page.read(candidate('1'), broken)).rejects.toBeInstanceOf(AtsUnavailableError);
  });

  it('is passed over after some tries, and named with the reason, while others can be read', async () => {
    const page = new PassedOver(3);
    expect(await page.read(candidate('1'), broken)).toBeUndefined();
    expect(await page.read(candidate('2'), fine)).toEqual({ answer: 'read' });
    expect(page.records).toEqual([{ reference: candidate('1'), reason: expect.stringContaining('answered 500') }]);
  });

  it('is not passed over soon where nothing of its kind can be read', async () => {
    const early = new PassedOver(9);
    await early.read(candidate('1'), broken);
    expect(() => early.records).toThrow(AtsUnavailableError);
    const late = new PassedOver(10);
    await late.read(candidate('1'), broken);
    expect(late.records).toHaveLength(1);
  });

  it('is passed over at once where it is too large: it stays so', async () => {
    const page = new PassedOver();
    const tooLarge = async (): Promise<never> => {
      throw new AtsAnswerTooLargeError('Test ATS', 'the candidate', 10);
    };
    expect(await page.read(candidate('1'), tooLarge)).toBeUndefined();
    expect(page.records).toHaveLength(1);
  });

  it('is one of few: when many fail, it is the ATS that fails', async () => {
    const page = new PassedOver(50);
    for (let id = 0; id < 10; id += 1) await page.read(candidate(`${id}`), broken);
    await expect(page.read(candidate('10'), broken)).rejects.toBeInstanceOf(AtsUnavailableError);
  });

  it('is not what a slower pace is about', async () => {
    const page = new PassedOver(50);
    const paced = async (): Promise<never> => {
      throw new AtsRateLimitedError('Test ATS', 1_000);
    };
    await expect(page.read(candidate('1'), paced)).rejects.toBeInstanceOf(AtsRateLimitedError);
  });
});
