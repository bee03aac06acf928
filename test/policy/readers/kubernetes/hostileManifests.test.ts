import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { manifestLimits } from '../../../../src/policy/readers/kubernetes/manifestText.ts'
import { config, facts, pod, read } from './manifests.ts'

const json = (text: string) => `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}${text}}`

describe('what is not understood', () => {
  test('says the place', () => {
    expect(facts(`${config}data:\n  a: on\n`)).toEqual({
      why: 'YAML 1.1, which kubectl reads, and YAML 1.2 read it differently: put it in quotes.',
      at: config.length + 'data:\n  a: '.length,
    })
    expect(facts(`${config}data: {a: "on", b: 'yes', c: "010"}\n`)).toMatchObject({ count: 1 })
  })

  test.each([
    ['nothing', ''],
    ['only comments', '# a\n---\n# b\n'],
    ['text', 'hello'],
    ['a list at the top', '- a\n'],
    ['on', `${config}data: {a: on}`],
    ['y as a key', `${config}data: {y: "1"}`],
    ['an octal number', `${config}data: {a: 010}`],
    ['another octal number', `${config}data: {a: 0o10}`],
    ['a hexadecimal number', `${config}data: {a: 0x1F}`],
    ['a hexadecimal number that only Go knows', `${config}data: {a: 0X1F}`],
    ['a binary number', `${config}data: {a: 0b11}`],
    ['a number with underscores', `${config}data: {a: 1_000}`],
    ['a number of minutes', `${config}data: {a: 1:30}`],
    ['a day', `${config}data: {a: 2001-01-01}`],
    ['a number with an exponent', `${config}data: {a: 1e3}`],
    ['a number that is too large', `${config}data: {a: 9007199254740993}`],
    ['a number with more digits than there are', `${config}data: {a: 0.1234567890123456789}`],
    ['a number with a plus', `${config}data: {a: +1}`],
    ['a number that ends with a zero', `${config}data: {a: 1.0}`],
    ['infinity', `${config}data: {a: .inf}`],
    ['the same key twice', `${config}data: {a: "1", a: "2"}`],
    ['the same key twice at the top', `${config}kind: Secret\n`],
    ['an alias', `${config}data: {a: &x "1", b: *x}`],
    ['an anchor', `${config}data: {a: &x "1"}`],
    ['a merge key', `${config}data: {<<: {a: "1"}}`],
    ['a tag', `${config}data: {a: !!str 1}`],
    ['a tag of its own', `${config}data: !x {a: "1"}`],
    ['a directive', `%YAML 1.1\n---\n${config}`],
    ['a key that is no text', `${config}data: {1: "1"}`],
    ['a key that is a list', `${config}data: {[a]: "1"}`],
    ['__proto__', `${config}__proto__: {a: "1"}`],
    ['a tab', `${config}data:\t{a: "1"}`],
    ['a line that ends with CR LF', config.replaceAll('\n', '\r\n')],
    ['a separator of lines beyond ASCII', `${config}# a\u2028kind: Secret\n`],
    ['a letter that looks like another', config.replace('kind', 'kіnd')],
    ['a byte order mark', `\ufeff${config}`],
    ['something behind the separator', `${config}--- # next\n${config}`],
    ['an object behind the separator', `${config}--- {apiVersion: v1, kind: Secret, metadata: {name: s}}\n`],
    ['an end of a document', `${config}...\n${config}`],
    ['an escape that is a letter', `${config}data: {"\\x61": "1"}`],
    ['a line that goes on behind a backslash', `${config}data: {"a\\\n  b": "1"}`],
    ['an image that is true for kubectl', pod('  containers: [{image: y}]')],
    ['a quote that does not end', `${config}data: {a: "1}`],
    ['a field in another case', pod('  hostnetwork: true\n')],
    ['a kind in another case', config.replace('kind', 'Kind')],
    ['a name in another case', config.replace('name: settings', 'Name: settings')],
    ['a flag that is text', pod('  hostNetwork: "true"\n')],
    ['privileged as a number', pod('  containers: [{image: x, securityContext: {privileged: 1}}]')],
    ['an image that is none', pod('  containers: [{image: "x y"}]')],
    ['an image that is a number', pod('  containers: [{image: 1}]')],
    ['an image without a name', pod('  containers: [{image: ":latest"}]')],
    ['no apiVersion', config.replace('apiVersion: v1\n', '')],
    ['an odd apiVersion', config.replace('v1', 'v1/x/y')],
    ['no kind', config.replace('kind: ConfigMap\n', '')],
    ['no name', config.replace('  name: settings\n', '')],
    ['an odd namespace', config.replace('shop', 'Shop')],
    ['items in what is no list', `${config}items: [{apiVersion: v1, kind: Secret, metadata: {name: s}}]`],
    [
      'a list in a list',
      'apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: List, metadata: {name: x}, items: []}]',
    ],
    [
      'a list whose items do not say what they are',
      'apiVersion: v1\nkind: ConfigMapList\nitems: [{metadata: {name: s}}]',
    ],
    ['a list with more than items', 'apiVersion: v1\nkind: List\nitems: []\nspec: {hostNetwork: true}'],
    ['an empty list', 'apiVersion: v1\nkind: List\nitems: []'],
    ['JSON with the same key twice', json(',"kind":"Secret"')],
    ['JSON with a number that is too large', json(',"data":{"a":9007199254740993}')],
    ['JSON with __proto__', json(',"__proto__":{"kind":"Secret"}')],
    ['two values of JSON', `${json('')}${json('')}`],
    ['JSON with a comment', `${json('')} // x`],
    ['JSON of a list', `[${json('')}]`],
  ])('is %s', (_, text) => {
    expect(read(text).understood).toBe(false)
  })

  test('is what is longer than its limits, or has more steps', () => {
    const { text, lines } = manifestLimits
    expect(facts(`${config}#${'x'.repeat(text)}`).why).toContain('longer than 16,384 characters')
    expect(facts(`${config}${'#\n'.repeat(lines)}`).why).toContain('more than 1,500 lines')
    expect(facts(`${config}---\n`.repeat(101)).why).toContain('more than 100 objects')
    const deep = `data: ${'['.repeat(200)}${'1,'.repeat(1_500)}${']'.repeat(200)}`
    expect(facts(config + deep)).toEqual({
      why: 'Reading it takes more than 300,000 steps: nest it less, or send it in several requests.',
      at: config.length,
    })
  })

  test('never throws, whatever a text is made of', () => {
    const pieces = fc.constantFrom(
      ...config.split('\n').map((line) => `${line}\n`),
      ...pod('  hostNetwork: true\n  containers: [{image: x}]\n').split(/(?<=[ \n])/),
      ...[
        '---\n',
        '- ',
        '? ',
        ': ',
        '[',
        ']',
        '{',
        '}',
        '&a ',
        '*a',
        '!!x ',
        '|\n',
        '>-\n  ',
        '"',
        "'",
        '#',
        '%',
        '\n',
        '  ',
      ],
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 25 }), fc.string(), (parts, text) => {
        for (const tried of [parts.join(''), config + parts.join(''), text, `${config}data:\n  a: ${text}`])
          expect(typeof read(tried).understood).toBe('boolean')
      }),
      { numRuns: 300 },
    )
  })
})
