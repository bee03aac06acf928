/**
 * An e-mail address without what its owner can add to it: lower case, NFC, without `+tag`. Two accounts whose confirmed
 * addresses are equal by this count as one person where that takes something away, and nowhere else (threats: twin-accounts).
 */
export function plainAddress(email: string): string {
  const address = email.normalize('NFC').toLowerCase().normalize('NFC')
  const at = address.lastIndexOf('@')
  const plus = address.indexOf('+')
  return plus > 0 && plus < at ? address.slice(0, plus) + address.slice(at) : address
}
