import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'

/**
 * The text of a file of rules in which one rule has one exception more, in its `unless`; everything else stays as it is written. Null
 * where the rule is not there, or is written in a way that cannot be added to line by line. Whether the text still is a file of
 * rules is for whoever loads it to say.
 */
export function withException(text: string, rule: string, condition: string): string | null {
  const document = parseDocument(text, {
    version: '1.2',
    lineCounter: new LineCounter(),
    prettyErrors: false,
  })
  if (document.errors.length > 0 || !isSeq(document.contents)) return null
  for (const item of document.contents.items) {
    if (!isMap(item) || item.flow || String(item.get('id')) !== rule) continue
    const unless = item.items.find(({ key }) => isScalar(key) && key.value === 'unless')
    const later =
      item.items.slice(1).find(({ key }) => isScalar(key) && key.value === 'verdict') ?? item.items[1]
    const key = unless?.key ?? later?.key
    const start = isScalar(key) ? key.range?.[0] : undefined
    if (start === undefined) return null
    const indent = start - (text.lastIndexOf('\n', start - 1) + 1)
    if (!unless)
      return inserted(text, { at: start, indent, lines: [`unless: |`, ...indented(condition, '  ')] })
    const value = isScalar(unless.value) ? unless.value : null
    if (value === null || typeof value.value !== 'string' || !value.range) return null
    const joined = [
      '|',
      '  (',
      ...indented(value.value.trim(), '    '),
      '  )',
      '  || (',
      ...indented(condition, '    '),
      '  )',
    ]
    const [from, to] = value.range
    const block = joined
      .map((line, index) => (index === 0 ? line : `${' '.repeat(indent)}${line}`))
      .join('\n')
    // A comment behind the value stands on a line of its own now.
    const ends = text.slice(from, to).endsWith('\n') || !/^ *(\n|$)/.test(text.slice(to)) ? '\n' : ''
    return `${text.slice(0, from)}${block}${ends}${text.slice(to)}`
  }
  return null
}

function indented(condition: string, by: string): readonly string[] {
  return condition.split('\n').map((line) => `${by}${line}`)
}

function inserted(
  text: string,
  { at, indent, lines }: { readonly at: number; readonly indent: number; readonly lines: readonly string[] },
): string | null {
  const margin = ' '.repeat(indent)
  // Behind the dash of the item, nothing can be put before.
  if (text.slice(at - indent, at) !== margin) return null
  return `${text.slice(0, at)}${lines.join(`\n${margin}`)}\n${margin}${text.slice(at)}`
}
