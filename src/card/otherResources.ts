import type { Fact } from './asking.ts'
import { recordedOf } from './recorded.ts'
import { between, nothing, ours, outside, say, shown, type Text, warning } from './span.ts'
import { word } from './text.ts'
import type { RequestView } from './view.ts'

/** What else an action works on, as its parameters name it: what the inventory said of it, and whose it is. */
export function otherResources({ request }: Pick<RequestView, 'request'>): readonly Fact[] {
  return recordedOf(request).resources.map(({ name, type, id, sensitivity, owner }) => {
    const called =
      id === null
        ? say`a ${outside(type, 60)} that was not understood`
        : say`${shown(`${word(type)} ${word(id)}`, 300)}`
    const said = [...known(sensitivity), ...(owner === null ? [] : [say`owner ${outside(owner, 80)}`])]
    return { label: titleOf(name), value: said.length > 0 ? say`${called} (${between(said, ', ')})` : called }
  })
}

function known(sensitivity: string | null): readonly Text[] {
  if (sensitivity === 'unknown') return [say`${warning} not in the inventory`]
  if (sensitivity === null) return [nothing]
  const isHarmless = sensitivity === 'public' || sensitivity === 'internal'
  return [isHarmless ? say`${ours(sensitivity)} data` : say`${warning} ${ours(sensitivity)} data`]
}

/** Names of the catalogue have letters, digits and underscores: `backup_copy` is `Backup copy`. */
function titleOf(name: string): string {
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1).replaceAll('_', ' ')}`
}
