import type { Store } from '../../src/approvals/ports.ts'

/** A store whose `nth` commit (from 1) breaks, before or after it took effect. `commits` counts them. */
export function losing(
  inner: Store,
  nth: number,
  when: 'before' | 'after',
): { readonly store: Store; readonly commits: () => number } {
  let commits = 0
  const store: Store = {
    ...inner,
    async commit(change) {
      commits += 1
      if (commits !== nth) return inner.commit(change)
      if (when === 'after') await inner.commit(change)
      throw new Error('the connection to the database broke')
    },
  }
  return { store, commits: () => commits }
}
