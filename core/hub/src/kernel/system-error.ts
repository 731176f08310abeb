/** What the operating system calls a failure, such as `ENOENT`; `undefined`: it is none of its own. */
export function systemErrorCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
