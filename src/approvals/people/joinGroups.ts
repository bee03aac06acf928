/** Puts everybody who counts as one with `member` together with whoever counts as one with `other`, under the latter's name. */
export function joinGroups<M extends string>(nameOf: Map<M, M>, member: M, other: M): void {
  const from = nameOf.get(member) ?? member
  const to = nameOf.get(other) ?? other
  for (const one of [member, other]) if (!nameOf.has(one)) nameOf.set(one, one)
  for (const [one, name] of nameOf) if (name === from) nameOf.set(one, to)
}
