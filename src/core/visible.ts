/** What shows nothing or turns what is shown, as the inside of a character class with the flag `u`. Control characters are not in it. */
export const unseen = String.raw`\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cs}\u2800`

const nothing = new RegExp(`[${unseen}\\p{Cc}]`, 'gu')

/**
 * What a person sees of a text: without characters that show nothing, white space as single spaces, none around it.
 * A reason that is made of nothing visible is no reason.
 */
export function visible(text: string): string {
  return text.replace(/\s+/gu, ' ').replace(nothing, '').replace(/ +/g, ' ').trim()
}

const hidden = new RegExp(`(?!\\n)[${unseen}\\p{Zl}\\p{Zp}\\p{Cc}]`, 'gu')

/** The same text with everything that cannot be seen, or could draw on a terminal, written as JSON would; line breaks stay. */
export function escapeHidden(text: string): string {
  return text.replace(hidden, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  )
}
