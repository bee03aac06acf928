/**
 * How much of texts some work goes through, counted and not timed, so that a busy machine changes nothing: one for a call
 * that looks at one place, the length of what is read for the others. For comparing hostile input with plain, or a text
 * with one twice as long. What a regular expression does inside of itself is not seen.
 */
export function textWork(work: () => void): number {
  let read = 0
  const patched = [
    ...methods.map(([name, cost]) =>
      patch(String.prototype, name, (text, args, result) => {
        read += cost(String(text), args, result)
      }),
    ),
    patch(RegExp.prototype, 'exec', (_, [text]) => {
      read += String(text ?? '') === '' ? 1 : 2
    }),
  ]
  try {
    work()
  } finally {
    for (const restore of patched.reverse()) restore()
  }
  return read
}

type Cost = (text: string, args: readonly unknown[], result: unknown) => number

const one: Cost = () => 1
const whole: Cost = (text) => 1 + text.length
/** Up to where it was found. */
const searched: Cost = (text, [, from], found) =>
  1 + (typeof found === 'number' && found >= 0 ? found : text.length) - (typeof from === 'number' ? from : 0)

const methods: readonly (readonly [name: string, cost: Cost])[] = [
  ...['charAt', 'charCodeAt', 'codePointAt', 'at', 'slice', 'substring', 'startsWith', 'endsWith'].map(
    (name) => [name, one] as const,
  ),
  ...['split', 'replace', 'replaceAll', 'match', 'search', 'includes', 'lastIndexOf', 'trim'].map(
    (name) => [name, whole] as const,
  ),
  ['indexOf', searched],
]

function patch(
  of: object,
  name: string,
  counted: (self: unknown, args: readonly unknown[], result: unknown) => void,
): () => void {
  const before = Object.getOwnPropertyDescriptor(of, name)
  const call: unknown = before?.value
  if (before === undefined || typeof call !== 'function') throw new Error(`there is no ${name}`)
  const value = function (this: unknown, ...args: unknown[]): unknown {
    const result: unknown = Reflect.apply(call, this, args)
    counted(this, args, result)
    return result
  }
  Object.defineProperty(of, name, { ...before, value })
  return () => void Object.defineProperty(of, name, before)
}
