const named: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '"': '\\"',
  '\\': '\\\\',
}

/**
 * A text in quotes, in plain visible ASCII and on one line, as CEL and YAML both read it: whatever stands in the record stays a
 * value in a condition and in a test, and nobody is shown one letter for another. The text has to be well-formed.
 */
export function quoted(text: string): string {
  return `"${[...text].map(escaped).join('')}"`
}

function escaped(character: string): string {
  const known = named[character]
  if (known !== undefined) return known
  const code = character.codePointAt(0) ?? 0
  if (code >= 0x20 && code < 0x7f) return character
  const hex = code.toString(16)
  return code > 0xffff ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`
}
