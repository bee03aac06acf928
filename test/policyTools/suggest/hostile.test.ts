import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { evaluate } from '../../../src/policy/evaluate.ts'
import { parseYaml } from '../../../src/policy/format/yaml.ts'
import { quoted } from '../../../src/policyTools/suggest/quoted.ts'
import { commonDirectory } from '../../../src/policyTools/suggest/readingBounds.ts'
import { suggestText } from '../../../src/policyTools/suggest/suggestText.ts'
import { loaded } from '../../policy/files.ts'
import { asked, many, shop, suggestedFor, withParams } from './record.ts'

/** Texts that would end a literal, a line or a document, or look like something else. */
const hostile = fc.oneof(
  fc.constantFrom(
    '" || true || "',
    "' + 'x",
    '\\',
    '\\" || 1 == 1 //',
    'a\n- id: mine\n  verdict: allow',
    '%TAG ! x',
    '\t',
    '*alias',
    '&anchor',
    '{{ x }}',
    '\u202eevil',
    '\u0000',
    '\u2028',
    '😀',
    'раypal',
    '---',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
)

describe('a hostile text in the record', () => {
  test('stays a value: the rule lets it flow, and nothing else', () => {
    fc.assert(
      fc.property(hostile, (note) => {
        const found = suggestedFor(many(20, () => withParams({ note })))
        const [suggestion] = found.suggestions
        expect(suggestion?.addition.rule.yaml).toMatch(/^[\n\x20-\x7e]*$/)
        const head = loaded(found.files)
        const verdictOf = (given: string) =>
          evaluate(head, asked(withParams({ note: given })).ask).verdict.kind
        expect(head.rules.map(({ id }) => id).filter((id) => !id.startsWith('suggested.'))).toEqual([
          'money.refund',
        ])
        expect(verdictOf(note)).toBe('allow')
        for (const other of [`${note}x`, `x${note}`, 'mine', ''].filter((one) => one !== note))
          expect(verdictOf(other)).toBe('require_approval')
        expect(suggestText(found, undefined)).not.toContain('\u202e')
      }),
      { numRuns: 12 },
    )
  })

  test('is read by YAML as it was', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const parsed = parseYaml('a.yaml', `a: ${quoted(text)}\n`)
        expect('source' in parsed && parsed.source.value).toEqual({ a: text })
      }),
    )
  })

  test('that looks like another is another', () => {
    const { files } = suggestedFor(many(20, () => withParams({ note: 'paypal' })))
    const head = loaded(files)
    const verdictOf = (note: string) => evaluate(head, asked(withParams({ note })).ask).verdict.kind

    expect(verdictOf('paypal')).toBe('allow')
    expect(verdictOf('раypal')).toBe('require_approval')
    expect(verdictOf('PAYPAL')).toBe('require_approval')
    expect(verdictOf('paypal ')).toBe('require_approval')
  })

  test('that is not a whole character is left out', () => {
    const { suggestions } = suggestedFor(many(20, () => withParams({ note: '\ud800' })))

    expect(suggestions).toEqual([])
  })
})

test('a directory is shared by whole steps only', () => {
  expect(commonDirectory(['/srv/app/a', '/srv/app/b'])).toBe('/srv/app/')
  expect(commonDirectory(['/srv/app', '/srv/apple'])).toBe('/srv/')
  expect(commonDirectory(['/a', '/b'])).toBeNull()
})

test('rules of every way of writing get their exception, and everything else stays as it was written', () => {
  const variants = [
    `# about money\n- description: A refund needs a lead.   # why\n  id: money.refund\n  verdict: require_approval\n  match: {actions: [refund.create]}\n`,
    `- id: money.refund\n  description: A refund needs a lead.\n  match: {actions: [refund.create]}\n  unless: params.amount_cents < 0  # none\n  verdict: require_approval\n`,
    `- id: money.refund\n  description: A refund needs a lead.\n  match: {actions: [refund.create]}\n  unless: |\n    params.amount_cents < 0 // none\n    && params.currency == "EUR"\n\n  verdict: require_approval\n# the end\n`,
    `- id: other\n  description: Roles are kept.\n  match: {actions: [role.update]}\n  verdict: require_approval\n\n-   id: "money.refund"\n    verdict: require_approval\n    description: A refund needs a lead.\n    match: {actions: [refund.create]}\n`,
  ]
  for (const text of variants) {
    const { suggestions, files, leftOut } = suggestedFor(many(20), shop({ 'rules/money.yaml': text }))
    expect([text, suggestions.length, leftOut]).toEqual([text, 1, []])
    const changed = files.get('rules/money.yaml') ?? ''
    for (const line of text.split('\n').filter((one) => /^#|description/.test(one)))
      expect(changed).toContain(line)
  }
})

test('a rule that is written on one line cannot have one, and nothing is suggested', () => {
  const text =
    '- {id: money.refund, description: A refund needs a lead., match: {actions: [refund.create]}, verdict: require_approval}\n'

  const { suggestions, leftOut } = suggestedFor(many(20), shop({ 'rules/money.yaml': text }))

  expect(suggestions).toEqual([])
  expect(leftOut.map(({ why }) => why)).toEqual(['unwritable'])
})
