/**
 * What a person sees of a text: without characters that show nothing, white space as single spaces, none around it.
 * A reason that is made of nothing visible is no reason.
 */
export function visible(text: string): string {
  return text
    .replace(/\s+/gu, ' ')
    .replace(/[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}\p{Cs}\u2800]/gu, '')
    .replace(/ +/g, ' ')
    .trim()
}
