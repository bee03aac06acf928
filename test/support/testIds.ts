import type { Ids } from '../../src/approvals/ids.ts'
import { randomIds } from '../../src/approvals/randomIds.ts'

/** Keys that this process has made so far: making one takes a while, and each world may have the same ones. */
const pool: Promise<string>[] = []

/** Random as the real ones, except that the nth RSA key of every world is the same. */
export function testIds(): Ids {
  let used = 0
  return {
    ...randomIds,
    rsaKey() {
      const key = pool[used] ?? randomIds.rsaKey()
      pool[used] = key
      used += 1
      return key
    },
  }
}
