import { z } from 'zod';

// Numbers of forms are text.
const count = z.coerce.number().int().min(0).max(10_000).default(0);

/** What goes wrong beside the faults of single requests. */
export const mishapsInput = z.strictObject({
  /** So many notifications are never sent. */
  lose: count,
  /** So many are sent twice. */
  double: count,
  /** So many are held back, then sent one after the other, the last one first. */
  reorder: count,
  /** So many are signed with another secret. */
  badSignature: count,
  /** So many exports are answered with the context of another customer. */
  foreignContext: count,
  /** So many exports cannot be fetched any more when their notification arrives. */
  expired: count,
  /** Whether the parts of keys in answers come in another order. */
  shuffleKeys: z
    .union([z.boolean(), z.enum(['true', 'on', 'false', ''])])
    .default(false)
    .transform((value) => value === true || value === 'true' || value === 'on'),
});

/** What goes wrong. Counts go down as it does. */
export type Mishaps = z.output<typeof mishapsInput>;
type Counted = Exclude<keyof Mishaps, 'shuffleKeys'>;

/** The mishaps that are still to come. */
export class MishapBoard {
  #left: Mishaps = mishapsInput.parse({});

  /** In place of what was planned before. */
  plan(mishaps: Mishaps): void {
    this.#left = { ...mishaps };
  }

  /** Whether this one goes wrong; it is one less then. */
  take(name: Counted): boolean {
    if (this.#left[name] === 0) return false;
    this.#left[name] -= 1;
    return true;
  }

  /** Nothing goes wrong any more. */
  clear(): void {
    this.plan(mishapsInput.parse({}));
  }

  /** What is still to come. */
  get left(): Readonly<Mishaps> {
    return this.#left;
  }
}
