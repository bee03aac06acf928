import type { KnownBlock } from '@slack/types'
import type { WebClient } from '@slack/web-api'
import { z } from 'zod'
import { type Alarm, alarmContent } from '../../card/alarm.ts'
import { openFull } from '../../card/buttons.ts'
import type { RequestView } from '../../card/view.ts'
import { buttonValue } from '../../channels/buttonValue.ts'
import { button, context, plain } from '../text/blocks.ts'
import { inlineShown } from '../text/escape.ts'
import { blocksOf } from '../text/spans.ts'
import { type CardMessage, titleBlock } from './card.ts'

/** What whoever hears it reads. Null when it is about a broken glass, and none is broken. */
export function alarmOf(view: RequestView, alarm: Alarm): CardMessage | null {
  const content = alarmContent(view, alarm)
  if (!content) return null
  const { request } = content
  const blocks: KnownBlock[] = [
    titleBlock(content.title),
    ...blocksOf(view.people, content.passages),
    {
      type: 'actions',
      elements: [button('open', openFull.label, buttonValue({ request, card: null }))],
    },
    context(plain(request)),
  ]
  return { text: inlineShown(content.notification, 1_000), blocks }
}

const membersAnswer = z.object({ users: z.array(z.string()) })

/** Ids to post to for an alarm: a conversation or a person is one, a user group is each of its members. */
export async function hearers(client: WebClient, id: string): Promise<readonly string[]> {
  if (!id.startsWith('S')) return [id]
  return membersAnswer.parse(await client.usergroups.users.list({ usergroup: id })).users
}

/** Ids of the people who hear nothing of an alarm. */
export function unheard(alarm: Alarm): ReadonlySet<string> {
  const accounts = alarm.why === 'own_attempts' ? alarm.notTo : []
  return new Set(accounts.flatMap((key) => key.split(':').slice(-1)))
}
