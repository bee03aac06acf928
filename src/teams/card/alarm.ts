import { type Alarm, alarmContent } from '../../card/alarm.ts'
import { openFull } from '../../card/buttons.ts'
import type { RequestView } from '../../card/view.ts'
import { objectIn } from '../address.ts'
import { actionSet, openRequest } from './buttons.ts'
import { type CardMessage, idNote, tellingOf } from './message.ts'
import { titleParts } from './parts.ts'

/** What whoever hears it reads. Null when it is about a broken glass, and none is broken. */
export function alarmOf(view: RequestView, alarm: Alarm): CardMessage | null {
  const content = alarmContent(view, alarm)
  if (!content) return null
  const { request, title, passages, notification } = content
  return tellingOf({
    summary: notification,
    above: titleParts(title),
    passages,
    people: view.people,
    calls: true,
    below: [actionSet([openRequest(openFull.label, request)]), idNote(request)],
  })
}

/** Object ids of the people who hear nothing of an alarm. */
export function unheard(alarm: Alarm): ReadonlySet<string> {
  const accounts = alarm.why === 'own_attempts' ? alarm.notTo : []
  return new Set(accounts.flatMap((key) => objectIn(key) ?? []))
}
