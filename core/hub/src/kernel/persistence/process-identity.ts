import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { systemErrorCode } from '../system-error.js';

/** Names one process for good: its number alone is given to another one later. */
export interface ProcessIdentity {
  readonly pid: number;
  /** As the operating system puts it; only good for comparing. */
  readonly startedAt: string;
}

/** Undefined when there is no such process, or only what is left of one that has ended. */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  const startedAt = startOf(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

/** Whether the very same process still runs. */
export function isRunning(identity: ProcessIdentity): boolean {
  return startOf(identity.pid) === identity.startedAt;
}

/** The command line of a process, its arguments parted by spaces. Empty when there is no such process or nobody can say. */
export function commandLine(pid: number): string {
  if (process.platform === 'linux') return (read(`/proc/${pid}/cmdline`) ?? '').replaceAll('\0', ' ');
  return ps(pid, 'command') ?? '';
}

function startOf(pid: number): string | undefined {
  if (process.platform === 'linux') {
    // The fields after the name, which is in parentheses and may hold anything: state first, start time twentieth.
    const fields = read(`/proc/${pid}/stat`)
      ?.replace(/^.*\) /s, '')
      .split(' ');
    return fields?.[0] === 'Z' ? undefined : fields?.[19];
  }
  if (process.platform === 'win32') return isTaken(pid) ? 'unknown' : undefined;
  return ps(pid, 'lstart');
}

function isTaken(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return systemErrorCode(error) === 'EPERM';
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function ps(pid: number, column: string): string | undefined {
  return spawnSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() || undefined;
}
