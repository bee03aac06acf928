import { cardViewOf } from '../../approvals/cards/lines.ts'
import { say } from '../../card/span.ts'
import { errorText, ourAnswer } from '../../channels/answers.ts'
import { readButtonValue } from '../../channels/buttonValue.ts'
import { noteRefusal } from '../../channels/noteRefusal.ts'
import { Refusal } from '../../core/refusal.ts'
import { resultWithin } from '../../lifetime/limit.ts'
import { postedCard } from '../card/posted.ts'
import type { TeamsContext } from '../context.ts'
import type { ExecuteActivity } from './activities.ts'
import { foundAt, messageIn } from './pressed.ts'
import type { Pressed, Presser } from './presser.ts'
import { pressOnClaim } from './pressOnConfirmation.ts'
import { pressOnDelegation } from './pressOnDelegation.ts'
import type { Reply } from './receiver.ts'
import { card, error, slowLook, words } from './replies.ts'
import { answerMessage, tellPrivately } from './tell.ts'
import { accountIn } from './who.ts'

/** Every verb of a button that does something by itself. What approves is no button: it is sent from a window (threats: slip). */
const pressers: Readonly<Record<string, Presser>> = {
  refresh: async (...press) => ({ reply: await freshCard(...press), late: null }),
  confirm_claim: pressOnClaim('confirm_claim'),
  disown_claim: pressOnClaim('disown_claim'),
  delegation_decline: pressOnDelegation,
}

/** A press, or a card that came into sight: then it is answered as it is now, and nothing is done whatever it carries (threats: auto-refresh). */
export async function onPress(teams: TeamsContext, activity: ExecuteActivity): Promise<Reply> {
  const { action, trigger } = activity.value
  const value = typeof action.data?.value === 'string' ? action.data.value : ''
  if (trigger !== 'manual') return quietly(teams, activity, value)
  const presser = Object.hasOwn(pressers, action.verb) ? pressers[action.verb] : undefined
  const pressing = pressed(teams, activity, async () => {
    if (!presser) throw new Refusal('foreign_payload', 'a verb that no button of ours has')
    return presser(teams, activity, value)
  })
  const now = await resultWithin(pressing, teams.slowAfter)
  if (now) return now.reply
  teams.follow(pressing.then(({ told }) => told && tellPrivately(teams, activity, told)))
  return words(action.verb === 'refresh' ? slowLook : slowPress)
}

/** What is not queued is lost with this process, so that nobody is promised more. */
const slowPress = ourAnswer(
  say`This takes longer than usual. You will be told how it ended; press again if you hear nothing.`,
)

/** Never rejects. `told`: the same for whoever has to be told later. */
async function pressed(teams: TeamsContext, activity: ExecuteActivity, work: () => Promise<Pressed>) {
  try {
    const { reply, late } = await work()
    return { reply, told: late && answerMessage('Recorded', late) }
  } catch (fault) {
    noteRefusal(teams, 'click', { account: accountIn(activity), request: null, error: fault })
    const says = ourAnswer(errorText(teams.wording, fault))
    return { reply: words(says), told: answerMessage('Not possible', says) }
  }
}

/** Nobody pressed anything, so nobody is told anything. */
async function quietly(teams: TeamsContext, activity: ExecuteActivity, value: string): Promise<Reply> {
  const cannot = error('The card cannot be shown anew just now.')
  const fresh = freshCard(teams, activity, value).catch((fault: unknown) => {
    noteRefusal(teams, 'click', { account: accountIn(activity), request: null, error: fault })
    return cannot
  })
  return (await resultWithin(fresh, teams.slowAfter)) ?? cannot
}

/** The card as it is now, where it stands: nothing of any other is shown by it. */
async function freshCard(teams: TeamsContext, activity: ExecuteActivity, value: string): Promise<Reply> {
  const button = readButtonValue(value)
  if (!button) throw new Refusal('foreign_payload', 'a button that is not ours')
  const found = await foundAt(teams, button, messageIn(activity))
  const request = await teams.ports.store.request(found.kind === 'card' ? found.card.request : '')
  if (found.kind !== 'card' || !request)
    throw new Refusal('old_card', 'a copy of a card that comes into sight')
  return card(postedCard(found.card, await cardViewOf(teams.ports, request), teams.tenant).card)
}
