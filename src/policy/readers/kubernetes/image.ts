/** Where an image is from, and whether its text says exactly which one it is. */
export interface Image {
  readonly registry: string
  readonly tag: string
  readonly pinned: boolean
}

const form =
  /^(?:([a-zA-Z0-9.-]+(?::\d{1,5})?)\/)?([a-z0-9]+(?:[._/-]+[a-z0-9]+)*)(?::([A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/

/** Characters of an image's name. */
export const longestImage = 500

/** Null for what no container runtime takes. A first part without a dot or a colon is no host, and Docker Hub is meant. */
export function imageIn(text: string): Image | null {
  if (text.length > longestImage) return null
  const found = form.exec(text)
  if (!found) return null
  const [, first, , tag = '', digest] = found
  const isHost = first !== undefined && (/[.:]/.test(first) || first === 'localhost')
  if (first !== undefined && !isHost && first !== first.toLowerCase()) return null
  return {
    registry: isHost ? first.toLowerCase() : 'docker.io',
    tag: tag === '' && digest === undefined ? 'latest' : tag,
    pinned: digest !== undefined,
  }
}
