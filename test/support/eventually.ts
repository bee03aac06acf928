import { vi } from 'vitest'

/** How long something may take to come true before a test gives up on it: this ends what hangs, and never says that something is slow. */
export const patience = 120_000

/**
 * Waits until a check no longer throws, and resolves to what it gives. It looks again and again; how fast what it waits
 * for comes true is nothing that a test may depend on.
 */
export function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: patience, interval: 10 })
}
