import { AdaptiveCard, RichTextBlock, TextRun } from 'adaptivecards'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Passage } from '../../src/card/passage.ts'
import { name, onDay, outside, outsideLines, person, say, strong, warning } from '../../src/card/span.ts'
import { reveal, revealLine } from '../../src/card/text.ts'
import { localPeople } from '../../src/teams/card/localView.ts'
import { messageOf, tellingOf } from '../../src/teams/card/message.ts'
import { withoutFunctions } from '../../src/teams/text/verbatim.ts'
import { personOfToday } from '../support/people.ts'
import { objectOf, tenant } from './inTeams.ts'
import { piecesIn, wrongIn } from './wrongIn.ts'

/** What could be taken for something else than the characters that it is made of. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...[
          '**APPROVED**',
          '_it_',
          '[here](https://evil.test)',
          '![x](https://evil.test/x.png)',
          '# Title',
          '- item',
          '1. one',
        ],
        ...[
          '<at>Bob</at>',
          '<b>bold</b>',
          '<script>alert(1)</script>',
          '&lt;',
          '&amp;amp;',
          '`code`',
          '~~gone~~',
          '> quote',
        ],
        ...[
          '{{DATE(2026-12-02T10:00:00Z, SHORT)}}',
          '{{TIME(2026-12-02T10:00:00Z)}}',
          '{{',
          '{',
          '{{{',
          '}}',
          'DATE(',
          '$' + '{x}',
        ],
        ...[
          '\u202egpj.exe',
          '\u2066',
          '\u200b',
          'שלום',
          '漢字',
          '👩‍👩‍👧',
          '  ',
          '   x',
          '\\',
          '|a|b|',
          '⚠',
          ' · ',
        ],
      ),
      fc.string({ unit: 'binary', maxLength: 12 }),
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts) => parts.join(''))

/** All text of a card as Microsoft's package draws it: functions replaced, each run for itself. Spaces that stay count as spaces. */
function drawn(passages: readonly Passage[], people = new Map()): readonly string[] {
  const { card } = tellingOf({ summary: 'x', passages, people })
  const parsed = new AdaptiveCard()
  parsed.parse(JSON.parse(JSON.stringify(card)))
  return blocksIn(parsed).map((block) =>
    Array.from({ length: block.getInlineCount() }, (_, nth) => block.getInlineAt(nth))
      .map((run) => (run instanceof TextRun ? formatted(run.text ?? '') : 'no run'))
      .join('')
      .replaceAll('\u00a0', ' '),
  )
}

function blocksIn(parsed: AdaptiveCard): readonly RichTextBlock[] {
  const items = Array.from({ length: parsed.getItemCount() }, (_, nth) => parsed.getItemAt(nth))
  return items.flatMap((item) => {
    if (item instanceof RichTextBlock) return [item]
    const inside = 'getItemAt' in item && 'getItemCount' in item ? (item as AdaptiveCard) : null // a container has them, too
    return inside ? blocksIn(inside) : []
  })
}

/** What the package makes of the text of one run (its lib/text-formatters.js). */
function formatted(text: string): string {
  const instant = String.raw`\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:Z|(?:(?:-|\+)\d{2}:\d{2}))`
  return text.replace(
    new RegExp(
      String.raw`\{{2}(?:DATE\(${instant}(?:, ?(?:COMPACT|LONG|SHORT))?|TIME\(${instant})\)\}{2}`,
      'g',
    ),
    'A MOMENT',
  )
}

const isolates = /[\u2068\u2069]/g

describe('text from outside is drawn as the characters that it is made of', () => {
  test('in a sentence', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const [line = ''] = drawn([
          { line: say`${warning} ${strong`${outside(text, 5_000)}`} · ${outside(text, 5_000)}.` },
        ])
        const shown = revealLine(text)
        expect(line.replace(isolates, '')).toBe(`⚠ ${shown} · ${shown}.`.replace(isolates, ''))
      }),
    )
  })

  test('in what is laid out, in a quotation, in a name', () => {
    const bob = personOfToday('per_bob')
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = reveal(text).trim() || 'x'
        const people = new Map([[bob, { account: `teams:${tenant}:${objectOf('bob')}`, name: 'Bob' }]])
        const [laid, quoted, named] = drawn(
          [{ lines: shown.split('\n') }, { quote: shown }, { line: [outsideLines(text, 9_999), name(bob)] }],
          people,
        )
        expect(laid).toBe(shown.replaceAll('\u00a0', ' '))
        expect(quoted).toBe(shown)
        expect(named?.replace(isolates, '')).toBe(`${reveal(text)}Bob`.replace(isolates, ''))
      }),
    )
  })

  test('and no card with it has anything that Teams parses, or mentions anybody whom it does not call', () => {
    const bob = personOfToday('per_bob')
    fc.assert(
      fc.property(hostile, hostile, (text, called) => {
        const people = new Map([[bob, { account: `teams:${tenant}:${objectOf('bob')}`, name: called }]])
        const message = tellingOf({
          summary: 'x',
          passages: [
            { line: say`${person(bob)} ${outside(text, 500)} ${onDay('2026-12-02T10:00:00.123Z')}` },
            { quote: reveal(text) || 'x' },
          ],
          people,
          calls: true,
        })
        expect(wrongIn(message)).toEqual([])
        expect(message.card.msteams.entities).toHaveLength(1)
        expect(piecesIn(message.card).filter(({ type }) => type === 'TextBlock')).toHaveLength(1)
      }),
    )
  })
})

test('our own moments are functions, without fractions of a second; control: the same written by somebody is not', () => {
  const at = '2026-12-02T10:00:00.123Z'
  expect(drawn([{ line: say`until ${onDay(at)}` }])).toEqual(['until A MOMENT at A MOMENT'])
  expect(
    drawn([
      {
        line: say`until ${outside('{{DATE(2026-12-02T10:00:00Z, SHORT)}} at {{TIME(2026-12-02T10:00:00Z)}}', 200)}`,
      },
    ]),
  ).toEqual(['until {{DATE(2026-12-02T10:00:00Z, SHORT)}} at {{TIME(2026-12-02T10:00:00Z)}}'])
})

test('no run begins what could be a function; in a text full of braces none of those that Teams knows', () => {
  const functions = '{{DATE(2026-12-02T10:00:00Z)}}'
  expect(withoutFunctions(`a {{ b }} {{{c ${functions}`)).toEqual([
    'a {',
    '{ b }} {{',
    '{c {',
    functions.slice(1),
  ])

  const many = withoutFunctions(`${'{{x'.repeat(900)}${functions.repeat(50)}`)
  expect(many.length).toBe(51)
  expect(many.join('')).toBe(`${'{{x'.repeat(900)}${functions.repeat(50)}`)
  expect(many.filter((part) => /\{\{(DATE|TIME)/.test(part))).toEqual([])
})

test('spaces beside each other, and at the beginning of a line, stay where they are', () => {
  const { card } = tellingOf({ summary: 'x', passages: [{ lines: ['  a   b', 'c d'] }] })

  const [run] = piecesIn(card).filter(({ type }) => type === 'TextRun')
  expect(run?.text).toBe('\u00a0 a\u00a0\u00a0 b\nc d')
})

describe('mentions', () => {
  const account = (id: string) => ({
    ref: `user:${id}`,
    kind: 'account' as const,
    address: `teams:${objectOf(id)}`,
  })
  const calling = (...ids: string[]) => ids.map((id) => [{ set: account(id), calls: true }])

  test('are of people by their object ids; groups and people elsewhere are named', () => {
    const group = { ref: 'group:data', kind: 'group' as const, address: `teams:${objectOf('data')}` }
    const { card } = messageOf({
      summary: 'x',
      body: [],
      people: new Map(),
      calling: [
        ...calling('ann'),
        [{ set: group, calls: true }],
        [{ set: { ...account('x'), address: 'slack:U0X' }, calls: true }],
      ],
    })

    expect(card.msteams.entities).toEqual([
      { type: 'mention', text: '<at>ann</at>', mentioned: { id: objectOf('ann'), name: 'ann' } },
    ])
    expect(card.body).toEqual([{ type: 'TextBlock', text: 'To <at>ann</at>', wrap: true, spacing: 'Small' }])
  })

  test('of a person are by the account in Teams, whichever they have besides; of another tenant by none', () => {
    const ann = personOfToday('per_ann')
    const mine = `teams:${tenant}:${objectOf('ann')}`
    const theirs = `teams:${objectOf('another')}:${objectOf('ann')}`
    const called = (accounts: readonly string[]) => {
      const known = { account: accounts[0] ?? '', accounts, name: 'Ann' }
      const people = localPeople(new Map([[ann, known]]), tenant)
      const { card } = messageOf({ summary: 'x', body: [], people, calling: [[person(ann)]] })
      return card.msteams.entities?.map(({ mentioned }) => mentioned.id)
    }

    expect(called(['slack:T0ACME:U0ANN', theirs, mine])).toEqual([objectOf('ann')])
    expect(called(['slack:T0ACME:U0ANN', theirs])).toBeUndefined()
    expect(called([theirs])).toBeUndefined()
  })

  test('of two people of one name are told apart; nobody is mentioned twice, and no more than twenty are', () => {
    const two = new Map(
      ['ann', 'ann2'].map((id) => [
        personOfToday(id),
        { account: `teams:${tenant}:${objectOf(id)}`, name: 'Ann' },
      ]),
    )
    const { card } = messageOf({
      summary: 'x',
      body: [],
      people: two,
      calling: calling('ann', 'ann2', 'ann'),
    })
    expect(card.msteams.entities?.map(({ text }) => text)).toEqual(['<at>Ann</at>', '<at>Ann 2</at>'])

    const many = Array.from({ length: 30 }, (_, nth) => `p${nth}`)
    const message = messageOf({ summary: 'x', body: [], people: new Map(), calling: calling(...many) })
    expect(message.card.msteams.entities).toHaveLength(20)
    expect(wrongIn(message)).toEqual([])
  })
})
