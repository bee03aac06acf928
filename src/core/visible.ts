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
