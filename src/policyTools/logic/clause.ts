import type { Tests } from './domain.ts'

/** One way for a condition to be true: for each path, everything that is asked of its value. */
export type Clause = ReadonlyMap<string, Tests>

/** Which paths hold whole numbers only. */
export type IsWhole = (path: string) => boolean
