import type { Requirement } from './requirement.ts'

type Reminded = Pick<Requirement, 'expiresInSeconds'> & {
  readonly notify: Omit<Requirement['notify'], 'channels'>
}

/**
 * The reminders of several requirements that are decided until one deadline: those that come before it, and the warning that the
 * policy wants so long before its end, which moves with it.
 */
export function remindersUntil(
  expiresInSeconds: number,
  all: readonly Reminded[],
): Omit<Requirement['notify'], 'channels'> {
  const warnBefore = Math.max(0, ...all.map(({ notify }) => notify.warnBeforeSeconds ?? 0))
  const plain = all.flatMap(({ notify, expiresInSeconds: before }) =>
    notify.remindAfterSeconds.filter((after) => after !== before - (notify.warnBeforeSeconds ?? 0)),
  )
  const warning = warnBefore > 0 && warnBefore < expiresInSeconds ? [expiresInSeconds - warnBefore] : []
  const times = [...new Set([...plain, ...warning])].filter((after) => after < expiresInSeconds)
  return {
    remindAfterSeconds: times.sort((left, right) => left - right),
    ...(warnBefore > 0 && { warnBeforeSeconds: warnBefore }),
  }
}
