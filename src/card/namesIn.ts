/**
 * Names in a text that say where something goes, at what, or how: by their class, so that those of one text are compared with those of
 * another, whatever else is in them. Bounded: of a long text the beginning.
 */
export const nameClasses: Readonly<Record<string, (text: string) => readonly string[]>> = {
  host: hostsIn,
  domain: (text) => hostsIn(text).map((host) => host.split('.').slice(-2).join('.')),
  account: (text) => found(text, /(?<![\w-])\d{12}(?![\w-])/g),
  region: (text) => found(text, /(?<![\w-])[a-z]{2}(?:-[a-z]{3,12}){1,2}-\d(?![\w-])/g),
  flag: (text) => found(text, /(?<=^|\s)--?[a-zA-Z][\w-]{0,60}/g),
}

const longest = 20_000

/** Of addresses, of mail too; and a text that is nothing but a name with dots. */
function hostsIn(text: string): readonly string[] {
  const addressed = found(text, /(?<=:\/\/(?:[^\s/?#"'<>@]{0,200}@)?)[^\s/?#"'<>@:,;)\]}]+/gu)
  const mailed = found(text, /(?<=[\w.+-]@)[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)+/gu)
  const whole = /^[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)+$/u.test(text) && text.length <= 253 ? [text] : []
  return [...new Set([...addressed, ...mailed, ...whole])].map((host) => host.toLowerCase())
}

function found(text: string, pattern: RegExp): readonly string[] {
  return text.slice(0, longest).match(pattern) ?? []
}

/** Whether a text stands for all of something. */
export function isWildcard(text: string): boolean {
  if (/^(?:\*|all|any|any:any|everyone|everything|0\.0\.0\.0\/0|::\/0)$/i.test(text.trim())) return true
  return /(?<![\w\\])\*(?![\w*])|[/.:@_-]\*|\*[/.:@_-]|(?<![\d.])0\.0\.0\.0\/0|::\/0/.test(
    text.slice(0, longest),
  )
}
