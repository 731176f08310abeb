/** A file of which pages are kept in memory. */
export interface PagedFile {
  /** How large it is, in bytes. */
  readonly size: number;
  /** How many bytes of its pages may be kept. */
  cacheBytes: number;
}

/** So many files share most of the memory: those that were used last. */
const MOST_RECENT = 8;

/** The others share so much of it. */
const SHARE_OF_ALL = 1 / 8;

/** Files grow: after so many uses it is looked how large they are. */
const USES_BETWEEN_LOOKS = 1_000;

/** Shares memory for pages among the files of a thread, by their sizes, most of it among those that were used last. */
export class PageCaches {
  /** The one that was used last comes last. */
  private readonly files = new Set<PagedFile>();
  private recent: ReadonlySet<PagedFile> = new Set();
  private uses = 0;

  /** @param budget How many bytes all files together may keep. */
  constructor(private readonly budget: number) {}

  /** A file is used: at first, and with each request. */
  use(file: PagedFile): void {
    this.files.delete(file);
    this.files.add(file);
    this.uses++;
    if (!this.recent.has(file) || this.uses % USES_BETWEEN_LOOKS === 0) this.share();
  }

  /** A file is closed. */
  remove(file: PagedFile): void {
    if (this.files.delete(file)) this.share();
  }

  private share(): void {
    const files = [...this.files];
    const recent = new Set(files.slice(-MOST_RECENT));
    const forAll = Math.floor((this.budget * SHARE_OF_ALL) / files.length);
    const left = this.budget - forAll * files.length;
    const sizes = new Map([...recent].map((file) => [file, file.size]));
    const sum = sizes.values().reduce((one, other) => one + other, 0);
    // What is given back comes first, so that they never have more than there is.
    const shares = files.map((file) => ({ file, bytes: forAll + Math.floor((left * (sizes.get(file) ?? 0)) / sum) }));
    for (const { file, bytes } of shares.toSorted((one, other) => growth(one) - growth(other))) file.cacheBytes = bytes;
    this.recent = recent;
  }
}

function growth({ file, bytes }: { readonly file: PagedFile; readonly bytes: number }): number {
  return bytes - file.cacheBytes;
}
