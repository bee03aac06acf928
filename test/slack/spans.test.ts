import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { name, outside, outsideLines, person, say, strong, warning } from '../../src/card/span.ts'
import { blocksOf, elementOf, mrkdwnOf } from '../../src/slack/text/spans.ts'
import { anything } from '../card/anything.ts'
import { hostile } from '../card/views.ts'
import { personOfToday } from '../support/people.ts'

const people = new Map([[personOfToday('per_bob'), { account: 'slack:T0ACME:U0BOB', name: 'Bob' }]])

describe('a sentence with somebody else’s words in it', () => {
  test('is plain text where nothing has to be parsed', () => {
    expect(elementOf(people, say`${warning} ${outside(hostile, 200)}`)).toMatchObject({
      type: 'plain_text',
      text: `⚠ ${hostile.replace('\u202e', '[U+202E]')}`,
      emoji: false,
    })
    expect(elementOf(people, [outsideLines('a\nb', 200)])).toMatchObject({
      type: 'plain_text',
      text: 'a\nb',
    })
  })

  test('is mrkdwn where somebody is mentioned, and theirs mentions and links nothing', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const sentence = say`${strong`Denied`} by ${person(personOfToday('per_bob'))}: ${outside(text, 100)}`

        const { type, text: drawn } = elementOf(people, sentence)

        expect(type).toBe('mrkdwn')
        expect(drawn.startsWith('*Denied* by <@U0BOB>: ')).toBe(true)
        expect(drawn.slice('*Denied* by <@U0BOB>: '.length)).not.toMatch(/[<>\n]/)
      }),
    )
  })

  test('lines of theirs do not become lines of ours', () => {
    expect(mrkdwnOf(people, say`${person(personOfToday('per_bob'))} ${outsideLines('a\n> b', 100)}`)).toBe(
      '<@U0BOB> a[U+000A]&gt; b',
    )
  })
})

describe('somebody who is named and not called', () => {
  const [plainBob, odd] = [personOfToday('per_bob'), personOfToday('per_odd')]
  const named = new Map([
    ...people,
    [odd, { account: 'slack:T0ACME:U0ODD', name: '*Odd* <!channel> :white_check_mark: <@U0BOB>' }],
  ])

  test('is their name, which wakes nobody: plain text where nothing else has to be parsed', () => {
    expect(elementOf(named, say`${name(plainBob)} agreed for ${outside('data', 60)}.`)).toMatchObject({
      type: 'plain_text',
      text: 'Bob agreed for data.',
    })
    expect(elementOf(named, say`${name(odd)} denied this.`)).toMatchObject({
      type: 'plain_text',
      text: '*Odd* <!channel> :white_check_mark: <@U0BOB> denied this.',
      emoji: false,
    })
  })

  test('is no mention, no emphasis and no emoji beside our own emphasis either', () => {
    expect(mrkdwnOf(named, say`${strong`Approved`} by ${name(odd)}.`)).toBe(
      '*Approved* by Odd &lt;!channel&gt; white_check_mark: &lt;@U0BOB&gt;.',
    )
  })

  test('control: whoever is called is mentioned', () => {
    expect(mrkdwnOf(named, say`by ${person(plainBob)}`)).toBe('by <@U0BOB>')
  })
})

test('a quotation is rich text, in which nothing is parsed', () => {
  expect(blocksOf(people, [{ quote: hostile }])).toMatchObject([{ type: 'rich_text' }])
})

test('control: our own words stay as they are, and a person nobody knows is named by our id', () => {
  expect(mrkdwnOf(people, say`It is ${strong`approved`} by ${person(personOfToday('per_sam'))}.`)).toBe(
    'It is *approved* by per_sam.',
  )
})
