import { soundOf } from './fold-name.js';
import { hash32 } from './hash.js';
import { fullNamesOf } from './nicknames.js';

/** Every name word once, with what it sounds like and what it may be short for, so that a record holds a number for it. */
export class NameBook {
  readonly #ids = new Map<string, number>();
  readonly #texts: string[] = [];
  readonly #sounds: number[] = [];
  readonly #groups: (readonly number[])[] = [];

  idOf(word: string): number {
    const known = this.#ids.get(word);
    if (known !== undefined) return known;
    const id = this.#texts.length;
    this.#ids.set(word, id);
    this.#texts.push(word);
    const sound = hash32(soundOf(word), 7);
    this.#sounds.push(sound);
    this.#groups.push(fullNamesOf(word)?.map((name) => hash32(soundOf(name), 7)) ?? [sound]);
    return id;
  }

  textOf(id: number): string {
    return this.#texts[id] ?? '';
  }

  soundOf(id: number): number {
    return this.#sounds[id] ?? 0;
  }

  /** Sounds of the full names that a first name may stand for; its own sound when it is known for none. */
  groupsOf(id: number): readonly number[] {
    return this.#groups[id] ?? [];
  }
}
