import { lengthOf } from '../text.ts'

/** Code points and lines of one block of text, and blocks on one page: a page is read, not scrolled for ever. */
const block = { length: 2_800, lines: 60 } as const
const blocksPerPage = 3
/** Bytes: a channel takes a window of so many and no more, whatever alphabet it is written in. Any one block is smaller. */
const bytesPerPage = 14_000

/** Text in pages of blocks, nothing left out: joined again they are the text, but for the line breaks where it was split. */
export function pagesOf(text: string): readonly (readonly string[])[] {
  const pages: string[][] = []
  let bytes = 0
  for (const one of blocksOf(text)) {
    const size = bytesIn(one)
    const page = pages.at(-1)
    if (page && page.length < blocksPerPage && bytes + size <= bytesPerPage) {
      page.push(one)
      bytes += size
    } else {
      pages.push([one])
      bytes = size
    }
  }
  return pages
}

function blocksOf(text: string): string[] {
  const blocks: string[] = []
  let lines: string[] = []
  let length = 0
  for (const line of text.split('\n').flatMap(shortLines)) {
    const size = lengthOf(line) + 1
    if (lines.length > 0 && (length + size > block.length || lines.length === block.lines)) {
      blocks.push(lines.join('\n'))
      lines = []
      length = 0
    }
    lines.push(line)
    length += size
  }
  return [...blocks, lines.join('\n')]
}

/** A line that is longer than a block, in pieces. */
function shortLines(line: string): string[] {
  if (line.length < block.length) return [line]
  const points = [...line]
  const pieces: string[] = []
  for (let at = 0; at < points.length; at += block.length - 1)
    pieces.push(points.slice(at, at + block.length - 1).join(''))
  return pieces
}

function bytesIn(text: string): number {
  return new TextEncoder().encode(text).length
}
