/** Which of the compressed forms of a file a browser may be sent: RFC 9110, 12.5.3. Pure. */

/** What the build makes, best first, and what it adds to the name. */
export const extensions = { br: '.br', gzip: '.gz', identity: '' } as const

type Encoding = keyof typeof extensions

/**
 * The encodings that an `Accept-Encoding` lets us send, best first. The file as it is comes last and is never refused: a
 * browser that could read none of them would get nothing.
 */
export function encodingsFor(accepted: string | undefined): readonly Encoding[] {
  const weights = new Map((accepted ?? '').split(',').map(weighted))
  const allows = (encoding: string) => (weights.get(encoding) ?? weights.get('*') ?? 0) > 0
  return [...(['br', 'gzip'] as const).filter(allows), 'identity']
}

/** `br;q=0.5` as a name and its weight. A weight that cannot be read allows nothing. */
function weighted(part: string): readonly [string, number] {
  const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase())
  const q = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
  return [name, q === undefined ? 1 : Number(q) || 0]
}
