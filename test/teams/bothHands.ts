import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import type { Card } from '../../src/approvals/records.ts'
import { actionNamed } from '../../src/sandbox/teams/persona.ts'
import { teamsIds } from '../../src/sandbox/teams/seed.ts'
import { eventually } from '../support/eventually.ts'
import type { House } from './twoChannels.ts'

/** Who is in both, by the name in the addresses of the local Slack and the local Teams. */
export type Name = 'alice' | 'bob' | 'dana' | 'grace' | 'gwen' | 'lee' | 'max' | 'omar' | 'priya' | 'sam'

export const inSlack = (name: Name) => `U0${name.toUpperCase()}`
export const keyInTeams = (name: Name | 'nora') => `teams:${teamsIds.tenant}:${teamsIds[name]}`

/** Both accounts of each are one person, as an operator says; where the house asks, that is only claimed. */
export async function linked({ here }: House, ...names: readonly Name[]): Promise<void> {
  for (const name of names)
    await linkAccounts(here.ports, {
      account: { address: `slack:${inSlack(name)}` },
      other: { address: `teams:${teamsIds[name]}` },
      via: 'cli',
    })
}

/** Where the two copies of a request stand, once both do. */
export async function copiesOf({ here }: House, request: string) {
  const cards = await here.store.cards(request)
  const [slack, teams] = [copyIn(cards, /^slack:C/), copyIn(cards, /^teams:19:/)]
  if (!slack?.message || !teams?.message) throw new Error('a copy of the card is missing')
  return {
    slack: { conversation: slack.conversation.slice('slack:'.length), ts: slack.message },
    teams: { conversation: teams.conversation.slice('teams:'.length), message: teams.message },
    cards: { slack, teams },
  }
}

/** The newest that stands there. */
function copyIn(cards: readonly Card[], conversation: RegExp): Card | undefined {
  return cards.filter((card) => conversation.test(card.conversation) && card.status === 'posted').at(-1)
}

/** What a channel shows of a request: its card and what is said under it, as JSON. */
export async function shown(house: House, request: string) {
  const { slack, teams } = await copiesOf(house, request)
  const messages = house.slack.as('U0BOB').messages(slack.conversation)
  const posts = house.teams.as(teamsIds.bob).messages(teams.conversation)
  return {
    slack: JSON.stringify(messages.find(({ ts }) => ts === slack.ts)),
    teams: JSON.stringify(posts.find(({ id }) => id === teams.message)?.card),
    thread: {
      slack: JSON.stringify(messages.filter(({ threadTs }) => threadTs === slack.ts)),
      teams: JSON.stringify(posts.filter(({ root }) => root === teams.message)),
    },
  }
}

/** A card that still asks has this on it. */
export const asking = { slack: /"action_id":"(approve|deny)/, teams: /"open":"(approve|deny)/ } as const

/** Presses in Slack; a window that opens is sent with what is written. */
export async function inSlackDo(
  house: House,
  act: { readonly by: Name; readonly request: string; readonly press: string; readonly written?: string },
): Promise<void> {
  const { slack } = await copiesOf(house, act.request)
  const member = house.slack.as(inSlack(act.by))
  await member.press(slack, act.press)
  if (act.written === undefined) return
  const view = await eventually(() => {
    const open = member.modal()
    if (open?.callbackId !== act.press) throw new Error(`no window opened for ${act.by}`)
    return open
  })
  const input = { type: 'plain_text_input', value: act.written }
  const state = { reason: { text: input }, note: { text: input } }
  await house.slack.act({ act: 'submit', as: inSlack(act.by), view: view.id, state })
}

/** Opens a window in Teams and sends it, with what is written. False where none opened that can be sent. */
export async function inTeamsDo(
  house: House,
  act: {
    readonly by: Name | 'nora'
    readonly request: string
    readonly open?: string
    readonly written?: string
  },
): Promise<boolean> {
  const { teams } = await copiesOf(house, act.request)
  const person = house.teams.as(teamsIds[act.by])
  await person.press(teams, act.open ?? 'approve_form')
  const sent = await person.submit(
    act.written === undefined ? {} : { reason: act.written, note: act.written },
  )
  return sent.ok
}

/** What somebody reads in Teams that others do not: a window, what is whispered, the chat with us. */
export function toldInTeams(house: House, name: Name | 'nora'): string {
  const person = house.teams.as(teamsIds[name])
  const { messages } = person.sees()
  const whispers = Object.values(messages).flatMap((all) => all.filter(({ onlyYou }) => onlyYou))
  return JSON.stringify([person.dialog(), whispers, person.chat()])
}

/** Sends the window of an approval that was never opened for them, as somebody would who makes it up. */
export async function forgedInTeams(house: House, by: Name | 'nora', request: string): Promise<void> {
  const { teams, cards } = await copiesOf(house, request)
  const card = house.teams
    .as(teamsIds.bob)
    .messages(teams.conversation)
    .find(({ id }) => id === teams.message)
  const action = actionNamed(card?.card ?? {}, 'full')
  if (!action) throw new Error('the card has no button to read by')
  const {
    name: _,
    replyToId: __,
    ...pressed
  } = house.teams.compose({ act: 'press', as: teamsIds[by], ...teams, action })
  const origin = JSON.stringify({ request, card: cards.teams.id, page: 0, from: 'card' })
  const value = { data: { send: 'approve_form', origin } }
  await house.teams.send({ ...pressed, name: 'task/submit', value })
}
