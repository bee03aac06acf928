/** The beginning of a text that a server gave: at most so many UTF-16 units, and never half of a character, which no file can hold. */
export function beginning(text: string, most: number): string {
  const begin = text.slice(0, most)
  return begin.isWellFormed() ? begin : begin.slice(0, -1)
}
