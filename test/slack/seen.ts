import { expect } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type Company, channelId } from './company.ts'

/** The card as it stands in its conversation. */
export function cardAt(company: Company, ts: string): string {
  const messages = company.local.as('U0GRACE').messages(channelId)
  return JSON.stringify(messages.find((message) => message.ts === ts)?.blocks)
}

/** What a member reads in the thread of a card, also what is said to them alone. */
export function threadOf(company: Company, ts: string, member = 'U0GRACE') {
  const messages = company.local.as(member).messages(channelId)
  return messages.filter((message) => message.threadTs === ts)
}

/** Everything a member sees in a conversation that only they see. */
export function ephemeralsTo(company: Company, member: string, conversation = channelId) {
  const messages = company.local.as(member).messages(conversation)
  return messages.filter((message) => message.ephemeral)
}

/** What is said to a member alone, without blocks. */
export function whispersTo(company: Company, member: string, conversation = channelId): string[] {
  return ephemeralsTo(company, member, conversation).map((message) => message.text)
}

/** Everything that a window says, as it was sent. */
export function windowOf(company: Company, member: string): string {
  return JSON.stringify(company.local.as(member).modal()?.blocks ?? [])
}

/** Waits until a window is open: a click is acknowledged before its window is. */
export async function windowOpens(company: Company, member: string, callback: string): Promise<void> {
  await eventually(() => expect(company.local.as(member).modal()?.callbackId).toBe(callback))
}

/** Turns to the last page of the full view and returns the number of pages; `atTheEnd` stands on none before. */
export async function readToEnd(company: Company, member: string, atTheEnd?: string): Promise<number> {
  const reader = company.local.as(member)
  await eventually(() => expect(windowOf(company, member)).toContain('Page 1 of'))
  const pages = Number(/Page 1 of (\d+)/.exec(windowOf(company, member))?.[1])
  for (let page = 2; page <= pages; page += 1) {
    if (atTheEnd) expect(windowOf(company, member)).not.toContain(atTheEnd)
    await reader.press({ view: reader.modal()?.id ?? '' }, 'turn_next')
    await eventually(() => expect(windowOf(company, member)).toContain(`Page ${page} of ${pages}`))
  }
  return pages
}
