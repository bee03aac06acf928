import { expect, test } from 'vitest'
import {
  appConversation,
  cardPlace,
  openFor,
  threadOf,
  topLevel,
  unreadIn,
} from '../../../src/sandbox/page/reading.ts'
import { channel, direct, message, snapshot } from './workspace.ts'

test('replies stand in their thread and not in the conversation', () => {
  const messages = [message('1.0', { replies: 1 }), message('2.0', { threadTs: '1.0' }), message('3.0')]

  expect(topLevel(messages).map((each) => each.ts)).toEqual(['1.0', '3.0'])
  expect(threadOf(messages, '1.0').map((each) => each.ts)).toEqual(['1.0', '2.0'])
})

test('unread is what others wrote since, and the own count of the server before the first visit', () => {
  const messages = [
    message('1.0'),
    message('2.0'),
    message('3.0', { threadTs: '1.0' }),
    message('4.0', { user: 'U0ALICE' }),
  ]
  const seen = snapshot({ messages: { C0DATA: messages } })

  expect(unreadIn(channel, seen, undefined)).toBe(3)
  expect(unreadIn(channel, seen, '1.0')).toBe(1)
  expect(unreadIn(channel, seen, '4.0')).toBe(0)
})

test('somebody else’s direct message with the app leads to the own one', () => {
  expect(appConversation(snapshot())).toBe(direct)
  expect(openFor('D0BOB', snapshot())).toBe('D0ALICE')
  expect(openFor('C0SECRET', snapshot())).toBe('C0SECRET')
  expect(openFor('home', snapshot())).toBe('home')
})

test('without a place, the channel where something waits is open', () => {
  const quiet = { ...channel, id: 'C0QUIET', unread: 0 }

  expect(openFor(null, snapshot({ conversations: [quiet, channel] }))).toBe('C0DATA')
  expect(openFor(null, snapshot({ conversations: [quiet] }))).toBe('C0QUIET')
  expect(openFor(null, snapshot({ conversations: [] }))).toBe('home')
})

test('the card of a request is found by the id it carries, in a conversation that the viewer sees', () => {
  const blocks = [{ type: 'context', elements: [{ type: 'plain_text', text: 'req_7 · sha256 9f2c' }] }]
  const seen = snapshot({ messages: { C0DATA: [message('1.0', { blocks })], D0ALICE: [message('2.0')] } })

  expect(cardPlace('req_7', seen)).toBe(channel)
  expect(cardPlace('req_8', seen)).toBeUndefined()
})
