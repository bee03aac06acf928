/** Runs a command: its result is the exit code, and what it throws is said with its fix. `main.ts` has the one that there is. */
export type Guard = <A extends unknown[]>(
  run: (...args: A) => Promise<number>,
) => (...args: A) => Promise<void>
