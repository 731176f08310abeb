/** A stretch of time: `from` belongs to it, `to` does not. */
export interface TimeWindow {
  readonly from: Date;
  readonly to: Date;
}

/** Cuts a stretch of time into windows of at most `longestMs`, oldest first, that leave nothing out. */
export function windowsOf({ from, to }: TimeWindow, longestMs: number): readonly TimeWindow[] {
  const windows: TimeWindow[] = [];
  for (let begin = from.getTime(); begin < to.getTime(); begin += longestMs) {
    windows.push({ from: new Date(begin), to: new Date(Math.min(begin + longestMs, to.getTime())) });
  }
  return windows;
}
