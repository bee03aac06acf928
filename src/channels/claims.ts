import { type AnswerAttempt, type Answered, confirm, disown } from '../approvals/people/confirm.ts'
import type { Ports } from '../approvals/ports.ts'
import { say, type Text } from '../card/span.ts'
import { resultWithin } from '../lifetime/limit.ts'
import type { Hearing } from './hearing.ts'

/** What each button of a claim does, by its id; the value is the claim's id. */
export const confirmationButtons = { confirm_claim: 'Confirm', disown_claim: 'This was not me' } as const

export type ClaimButton = keyof typeof confirmationButtons

const pattern = /^cnf_[0-9a-z]{1,60}$/

/** The id that a button carries; null when it was not made by us. */
export function readConfirmationValue(value: string): string | null {
  return pattern.test(value) ? value : null
}

/** What each of them does, and what the person is told when it is recorded. */
const answers: {
  readonly [B in ClaimButton]: {
    readonly run: (ports: Ports, attempt: AnswerAttempt) => Promise<Answered>
    readonly done: Text
  }
} = {
  confirm_claim: { run: confirm, done: say`Confirmed, and recorded with your name.` },
  disown_claim: {
    run: disown,
    done: say`Recorded: this was not you. What was claimed gives nothing any more, and those who have to know are told.`,
  },
}

/**
 * Somebody answers what was claimed in their name. Resolves to what they are told; null when this very press was counted before.
 *
 * @throws Refusal those of `confirm` and `disown`
 */
export async function answerClaim(
  hearing: Hearing,
  button: ClaimButton,
  attempt: AnswerAttempt,
): Promise<Text | null> {
  const { confirmation: id, account } = attempt
  await noted(hearing, id, account)
  const done = await answers[button].run(hearing.ports, attempt)
  if (done.repeated) return null
  if (button === 'disown_claim')
    hearing.log.error(
      { confirmation: id, account, shell: done.confirmation.shell },
      'somebody with a shell acted in the name of somebody who says that it was not them: find out who has a shell there',
    )
  return answers[button].done
}

/** A watcher wakes and does not inform, and not always: whoever waits looks from time to time. */
const lookEvery = 500

/** A press may overtake the record of its message: that is waited for, a moment (threats: fast-click). */
async function noted({ ports, slowAfter }: Hearing, id: string, account: string): Promise<void> {
  let wake = () => {}
  const stop = ports.store.watch(id, () => wake())
  const until = performance.now() + slowAfter
  try {
    for (;;) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve
      })
      const mine = (await ports.store.confirmation(id))?.asked.find((one) => one.account === account)
      const left = until - performance.now()
      if (!mine || mine.message !== null || left <= 0) return
      await resultWithin(woken, Math.min(lookEvery, left))
    }
  } finally {
    stop()
  }
}
