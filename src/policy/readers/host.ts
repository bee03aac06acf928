/** A label of a host name as every resolver takes it: no underscore, no dash at an end, nothing outside ASCII. */
const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
const longest = 253

/**
 * A host name of plain labels in lower case, or null. Names whose last label is a number, in whatever form, are none: some
 * parsers take them for an address (WHATWG URL, "ends in a number").
 */
export function hostName(text: string): string | null {
  if (text.length > longest) return null
  const name = text.toLowerCase()
  const labels = name.split('.')
  const last = labels.at(-1) ?? ''
  if (!labels.every((one) => label.test(one)) || /^(\d+|0x[0-9a-f]*)$/.test(last)) return null
  return name
}

/** Whether a name has a label in the ASCII form of another script (RFC 5890): people read it as something else. */
export function isInternational(name: string): boolean {
  return name.split('.').some((one) => one.startsWith('xn--'))
}

/** Four decimal numbers, none with a leading zero, which some parsers read as octal. */
export function isAddress4(text: string): boolean {
  return (
    /^(?:(?:0|[1-9]\d{0,2})\.){3}(?:0|[1-9]\d{0,2})$/.test(text) &&
    text.split('.').every((one) => Number(one) < 256)
  )
}
