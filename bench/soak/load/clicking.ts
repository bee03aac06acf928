import { setTimeout as delay } from 'node:timers/promises'
import type { Click, Deed } from '../evidence.ts'
import { inTurn } from '../inTurn.ts'
import { count, type Tally } from '../tally.ts'
import type { Company } from '../world/company.ts'
import type { Replica } from '../world/replica.ts'
import { buttonsIn, messageAt } from './workspace.ts'

/** A person's hands: every press goes through Slack, to whichever replica it is carried. */
export interface Hands {
  readonly clicks: readonly Click[]
  /** Presses what stands on a message now; null when there is nothing to press. */
  press(press: Press): Promise<Click | null>
  /** Denies, asks for changes, or approves where a reason is wanted: opens the window, writes, sends. */
  write(press: Press): Promise<Click | null>
  /** The press as it travels, to be sent later; null when there is nothing to press. */
  compose(press: Press): (() => Promise<Click>) | null
  /** Sends the same delivery again, byte for byte, to another replica. */
  again(click: Click, replica: Replica): Promise<void>
}

export interface Press {
  readonly by: string
  readonly request: string
  readonly at: { readonly conversation: string; readonly ts: string }
  readonly deed: Exclude<Deed, 'open a form'>
  readonly how: string
  readonly to: Replica
  readonly fast?: boolean
}

/** Milliseconds that a person looks for the window that they asked for, unless they read why it does not come. */
const windowPatience = 4_000

export function createHands(company: Company, tally: Tally): Hands {
  const { slack } = company
  const clicks: Click[] = []
  const byResponse = new Map<string, Click>()
  const deliveries = new Map<Click, (typeof slack.deliveries)[number]>()
  company.onTold((id, text) => byResponse.get(id)?.told.push(text))

  /** Slack carried something just now: what it was called, and how it went. */
  const carried = async (
    press: Press,
    as: { readonly deed: Deed; readonly send: () => Promise<unknown> },
  ): Promise<Click | null> => {
    const before = slack.deliveries.at(-1)
    company.deliverTo(press.to.url)
    const sending = as.send()
    const delivery = slack.deliveries.at(-1)
    if (!delivery || delivery === before) {
      await sending
      return null
    }
    const { payload } = delivery.parcel
    const click: Click = {
      by: press.by,
      request: press.request,
      ...press.at,
      deed: as.deed,
      how: press.how,
      sentAt: Date.now(),
      delivery: `slack:${payload.trigger_id}`,
      acked: 'unreachable',
      told: [],
      fast: press.fast === true,
    }
    clicks.push(click)
    deliveries.set(click, delivery)
    byResponse.set(String(payload.response_url).replace(/^.*\//, ''), click)
    count(tally, `click: ${press.how}`)
    await sending
    click.acked = ackOf(delivery)
    click.told.push(...windowText(delivery))
    return click
  }
  const actOf = (press: Press) => {
    const message = messageAt(slack, press.at)
    const wanted = doing[press.deed]
    const button = (message ? buttonsIn(message) : []).find(
      (one) => one.request === press.request && wanted.includes(one.action),
    )
    if (!button) return null
    const { by, at } = press
    return { act: 'press' as const, as: by, at, blockId: button.blockId, actionId: button.action }
  }
  const oneWindowAtATime = inTurn()
  const hands: Hands = {
    clicks,
    async press(press) {
      const act = actOf(press)
      if (!act) return null
      if (act.actionId !== 'approve') return hands.write(press)
      return carried(press, { deed: 'approve', send: () => slack.act(act) })
    },
    write: (press) =>
      oneWindowAtATime(press.by, async () => {
        const act = actOf(press)
        if (!act) return null
        const person = slack.as(press.by)
        while (person.modal()) await person.close()
        const opened = await carried(press, { deed: 'open a form', send: () => slack.act(act) })
        for (let waited = 0; opened && !isAbout(person.modal(), press); waited += 50) {
          if (waited >= windowPatience || opened.told.length > 0) return opened
          await delay(50)
        }
        const text = { type: 'plain_text_input', value: `${press.by} has looked at this and is sure.` }
        const sent = await carried(press, { deed: press.deed, send: () => person.submit({ text }) })
        while (person.modal()) await person.close()
        return sent
      }),
    compose(press) {
      const act = actOf(press)
      if (act?.actionId !== 'approve') return null
      const parcel = slack.compose(act)
      return async () => {
        const click = await carried(press, { deed: 'approve', send: () => slack.send(parcel) })
        if (!click) throw new Error('what was composed was not sent')
        return click
      }
    },
    async again(click, replica) {
      count(tally, 'the same delivery again')
      await deliveries.get(click)?.again({ url: `${replica.url}/slack/events` })
    },
  }
  return hands
}

/** The buttons that do it. */
const doing: Readonly<Record<Press['deed'], readonly string[]>> = {
  approve: ['approve', 'approve_form'],
  deny: ['deny'],
  'ask for changes': ['ask_changes'],
}

function isAbout(view: { readonly privateMetadata: string } | undefined, press: Press): boolean {
  return view?.privateMetadata.includes(press.request) === true
}

type Delivery = Company['slack']['deliveries'][number]

/** A window that closes without a word says that it counts. */
function ackOf({ ack, parcel }: Delivery): string {
  if (!ack) return 'unreachable'
  if (ack.kind === 'status') return `status ${ack.status}`
  if (ack.kind !== 'acked') return ack.kind
  return parcel.payload.type === 'view_submission' && ack.body === '' ? 'closed' : 'acked'
}

/** What stands in the window that took the place of the one that was sent. */
function windowText({ ack }: Delivery): readonly string[] {
  if (ack?.kind !== 'acked' || ack.body === '') return []
  return [JSON.stringify(ack.body)]
}
