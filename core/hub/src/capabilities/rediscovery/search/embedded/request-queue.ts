/** Something that all threads are to do. */
export interface QueuedRequest {
  /** The index that it is about. */
  readonly index: string;
  /** It does not wait for everybody who came before. */
  readonly isUrgent: boolean;
  /** Nothing that comes later and goes first makes a difference to it: a search sees what is there when it begins. */
  readonly mayBeOvertaken: boolean;
  /** Has it done. */
  readonly begin: () => Promise<unknown>;
  /** Lets go of it, undone. */
  readonly refuse: (error: Error) => void;
}

/** Requests under way at once. With two, a thread that is done with one has the next, and does not wait for the slowest. */
const AT_ONCE = 2;

/**
 * Has requests done in one order by all threads, a few at a time, so that what is urgent does not wait behind a crowd of searches: it
 * begins once those under way are done. Who is overtaken is next, so that nobody waits for ever: an urgent one waits for two searches
 * and one more for each urgent one before it.
 */
export class RequestQueue {
  private waiting: QueuedRequest[] = [];
  private underWay = 0;
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
    while (this.underWay < AT_ONCE) {
      const request = this.next();
      if (!request) return;
      this.underWay++;
      void request.begin().finally(() => {
        this.underWay--;
        this.goOn();
      });
    }
  }

  private next(): QueuedRequest | undefined {
    const first = this.overtook ? 0 : Math.max(0, this.waiting.findIndex(this.mayGoFirst, this));
    this.overtook = first > 0;
    return this.waiting.splice(first, 1)[0];
  }

  private mayGoFirst({ isUrgent, index }: QueuedRequest, place: number): boolean {
    return isUrgent && this.waiting.slice(0, place).every((other) => other.mayBeOvertaken || other.index !== index);
  }
}
