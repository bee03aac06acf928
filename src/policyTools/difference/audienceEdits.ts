import type { Audience, Bundle } from '../../policy/bundle.ts'

/**
 * Edits of the audiences, each of which can weaken: who believes a grant, and whether anybody compares what runs. What is lost
 * falls to another audience, or to our own address.
 */
export function audienceEdits(
  { audiences: old }: Pick<Bundle, 'audiences'>,
  { audiences: now }: Pick<Bundle, 'audiences'>,
): readonly string[] {
  const [before, after] = [old.map(sayGrants), now.map(sayGrants)]
  const added = after.filter((one) => !before.includes(one)).map((one) => `${one}, which was not so.`)
  const gone = before.filter((one) => !after.includes(one)).map((one) => `No longer: ${one}.`)
  const isMoved = added.length + gone.length === 0 && String(before) !== String(after)
  return [
    ...added,
    ...gone,
    ...(isMoved ? ['The audiences stand in another order: the first that fits is chosen.'] : []),
  ]
}

function sayGrants({ id, resourceTypes, profile, spentBy, tokenOnly }: Audience): string {
  const types =
    resourceTypes === null ? 'resources of every type' : `resources of type ${resourceTypes.join(', ')}`
  const checked = tokenOnly ? ', which cannot compare what it runs with what was approved' : ''
  return `Grants for ${types} are for ${id} (${profile}) and spent by the ${spentBy}${checked}`
}
