import { describe, expect, it } from 'vitest';
import {
  AtsUnavailableError,
  type CallContext,
  CredentialsRejectedError,
  type HttpResponse,
  SharedToken,
  type TokenLife,
} from '../src/index.js';

const CTX: CallContext = { callId: 'call', deadline: Number.POSITIVE_INFINITY };

interface Numbered extends TokenLife {
  readonly number: number;
}

/** A vendor that gives numbered tokens and takes those that it has not taken back. */
class Vendor {
  readonly takenBack = new Set<number>();
  lifeMs = 60_000;
  given = 0;
  /** Thrown instead of giving a token, one after another. */
  readonly failures: Error[] = [];
  readonly lasts: (number | undefined)[] = [];
  readonly sent: number[] = [];

  readonly token = new SharedToken<Numbered>(async (_ctx, last) => {
    this.lasts.push(last?.number);
    await undefined;
    const failure = this.failures.shift();
    if (failure) throw failure;
    return { number: ++this.given, usableUntil: Date.now() + this.lifeMs };
  });

  readonly send = (): Promise<HttpResponse> =>
    this.token.send(CTX, async ({ number }) => {
      this.sent.push(number);
      await undefined;
      return { status: this.takenBack.has(number) ? 401 : 200, headers: {}, json: undefined, text: '' };
    });
}

describe('EXP-12: a token that requests share', () => {
  it('is asked for once by requests that begin together, and serves those after them', async () => {
    const vendor = new Vendor();
    await Promise.all([vendor.send(), vendor.send(), vendor.send()]);
    await vendor.send();
    expect(vendor).toMatchObject({ given: 1, sent: [1, 1, 1, 1] });
  });

  it('is renewed when its time is over, and the renewal knows the last', async () => {
    const vendor = new Vendor();
    vendor.lifeMs = 0;
    await vendor.send();
    await vendor.send();
    expect(vendor).toMatchObject({ sent: [1, 2], lasts: [undefined, 1] });
  });

  it('is renewed once for requests that are refused together, which are then sent again', async () => {
    const vendor = new Vendor();
    await vendor.send();
    vendor.takenBack.add(1);
    const answers = await Promise.all([vendor.send(), vendor.send()]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(vendor).toMatchObject({ given: 2, lasts: [undefined, 1] });
  });

  it('is not renewed for a refusal that came while another was taken in', async () => {
    const vendor = new Vendor();
    await vendor.send();
    vendor.takenBack.add(1);
    const refused = vendor.send();
    vendor.token.replace({ number: 7, usableUntil: Date.now() + 60_000 });
    expect(await refused).toMatchObject({ status: 200 });
    expect(vendor).toMatchObject({ given: 1, sent: [1, 1, 7] });
  });

  it('is asked for no more than once more when every one is refused', async () => {
    const vendor = new Vendor();
    for (let number = 1; number < 9; number++) vendor.takenBack.add(number);
    expect(await vendor.send()).toMatchObject({ status: 401 });
    expect(vendor.sent).toEqual([1]);
    expect(await vendor.send()).toMatchObject({ status: 401 });
    expect(vendor.sent).toEqual([1, 1, 2]);
  });

  it('is asked for again by those who waited, where the first had too little time', async () => {
    const vendor = new Vendor();
    vendor.failures.push(new AtsUnavailableError('Acme', 'did not answer within 30 s'));
    const [first, second, third] = await Promise.allSettled([vendor.send(), vendor.send(), vendor.send()]);
    expect([first?.status, second?.status, third?.status]).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(vendor.given).toBe(1);
  });

  it('CON-6: is refused to all who waited, where the credentials are', async () => {
    const vendor = new Vendor();
    vendor.failures.push(new CredentialsRejectedError('Acme', 'it knows no such user'));
    const ends = await Promise.allSettled([vendor.send(), vendor.send()]);
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(vendor.lasts).toHaveLength(1);
    await vendor.send();
    expect(vendor.given).toBe(1);
  });
});
