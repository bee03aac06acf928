import { describe, expect, test } from 'vitest'
import { commentIn } from '../../../src/policy/conditions/comment.ts'
import { bundleFiles, loaded, refused } from '../files.ts'

const files = (when: string) =>
  bundleFiles({
    'rules/a.yaml': `- id: a
  description: d
  match: {actions: [db.export]}
  when: ${when}
  verdict: deny
`,
  })

describe('a comment in a condition', () => {
  test.each([
    ['folded', '>\n    environment == "prod" // only there\n    && params.rows < 3'],
    ['plain over several lines', 'environment == "prod" // only there\n    && params.rows < 3'],
    ['plain on one line', 'params.rows < 3 // few'],
    ['in quotes', `'environment == "prod" // only there\n    && params.rows < 3'`],
    ['in double quotes', '"params.rows < 3 // few"'],
  ])('is refused where YAML could fold lines: %s', (_, when) => {
    expect(refused(files(when))).toMatchObject([
      { file: 'rules/a.yaml', code: 'cel/syntax', rule: 'a', message: expect.stringContaining('when: |') },
    ])
  })

  test('control: in a block its line ends it', () => {
    const [rule] = loaded(files('|\n    environment == "prod" // only there\n    && params.rows < 3')).rules
    expect([...(rule?.when?.compiled.refs ?? [])]).toEqual(
      expect.arrayContaining(['environment', 'params.rows']),
    )
  })

  test('control: without it, every style is accepted', () => {
    expect(loaded(files('>\n    environment == "prod"\n    && params.rows < 3')).rules).toHaveLength(1)
    expect(loaded(files('params.table == "s3://a"')).rules).toHaveLength(1)
  })
})

test.each([
  ['a // b', 2],
  ['a == "//" // b', 10],
  [String.raw`a == "\"//" // b`, 12],
  [String.raw`a == r"\" // b`, 10],
  ['a == "s3://b"', null],
  ["a == 's3://b'", null],
  ['a == """x " // b"""', null],
  ["a == r'''x ' // b'''", null],
  [String.raw`a == """x\""" // b"""`, null],
  [String.raw`a == """x\""" b""" // c`, 19],
  ['a / b', null],
])('in %s a comment begins at %s', (source, at) => {
  expect(commentIn(source)).toBe(at)
})
