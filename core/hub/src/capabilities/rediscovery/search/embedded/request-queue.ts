/** Something that all threads are to do. */
export interface QueuedRequest {
  /** The index that it is about. */
  readonly index: string;
  /** It does not wait for everybody who came before. */
  readonly isUrgent: boolean;
  /** Nothing that comes later and goes first makes a difference to it: a search sees what is there when it begins. */
  readonly mayBeOvertaken: boolean;
  /** Has it done. @param slow To be called when it takes long, and others are served meanwhile. */
  readonly begin: (slow: () => void) => Promise<unknown>;
  /** Lets go of it, undone. */
  readonly refuse: (error: Error) => void;
}

/**
 * Requests under way at once, and as many about each index of which one takes long. With two, a thread that is done with one has the
 * next, and does not wait for the slowest.
 */
const AT_ONCE = 2;

/**
 * Has requests done in one order by all threads, a few at a time, so that what is urgent does not wait behind a crowd of searches: it
 * begins once those under way are done. Who is overtaken is next, so that nobody waits for ever: an urgent one waits for two searches
 * and one more for each urgent one before it. Where a search takes long, the others about its index wait for it, and those about other
 * indexes do not.
 */
export class RequestQueue {
  private waiting: QueuedRequest[] = [];
  private readonly underWay = new Set<QueuedRequest>();
  /** Those under way that take long. */
  private readonly slow = new Set<QueuedRequest>();
  private overtook = false;

  /** Has a request done in its turn. */
  add(request: QueuedRequest): void {
    this.waiting.push(request);
    this.goOn();
  }

  /** Refuses what waits. What is under way ends by itself. */
  clear(error: Error): void {
    const { waiting } = this;
    this.waiting = [];
    for (const request of waiting) request.refuse(error);
  }

  private goOn(): void {
    for (let request = this.next(); request; request = this.next()) this.begin(request);
  }

  private begin(request: QueuedRequest): void {
    this.underWay.add(request);
    const slow = (): void => {
      this.slow.add(request);
      this.goOn();
    };
    void request.begin(slow).finally(() => {
      this.underWay.delete(request);
      this.slow.delete(request);
      this.goOn();
    });
  }

  private next(): QueuedRequest | undefined {
    const first = this.waiting.findIndex(this.hasRoom, this);
    if (first === -1) return undefined;
    const chosen = this.overtook ? first : Math.max(first, this.waiting.findIndex(this.mayGoFirst, this));
    this.overtook = chosen > first;
    return this.waiting.splice(chosen, 1)[0];
  }

  private hasRoom({ index }: QueuedRequest): boolean {
    const apart = this.isSlow(index);
    const beside = [...this.underWay].filter((one) => (apart ? one.index === index : !this.isSlow(one.index)));
    return beside.length < AT_ONCE;
  }

  /** Whether something about the index takes long at the moment. */
  private isSlow(index: string): boolean {
    return [...this.slow].some((one) => one.index === index);
  }

  private mayGoFirst(request: QueuedRequest, place: number): boolean {
    const { isUrgent, index } = request;
    if (!isUrgent || !this.hasRoom(request)) return false;
    return this.waiting.slice(0, place).every((other) => other.mayBeOvertaken || other.index !== index);
  }
}
