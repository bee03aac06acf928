import type { Scalar } from './leaves.ts'
import { isWildcard, nameClasses } from './namesIn.ts'
import { momentIn, type Quantity, quantityIn } from './quantity.ts'
import { resembling } from './similar.ts'

/** What stood in one place of what people approved before. */
export interface Before {
  readonly numbers: readonly number[]
  /** Of texts that are amounts. */
  readonly quantities: readonly Quantity[]
  readonly hasMoments: boolean
  readonly hasWildcard: boolean
  /** Three or more had something there, and no two of them the same: that it is another one again is nothing new. */
  readonly isAlwaysAnother: boolean
  /** Whether one of them had the same name with another content. */
  readonly hasNamed: (text: string) => boolean
  /** Which of them another text may be taken for. */
  readonly looksLike: (text: string) => string | null
  /** Names of a class within the texts. */
  readonly names: (name: keyof typeof nameClasses) => {
    readonly all: ReadonlySet<string>
    readonly isAlwaysAnother: boolean
  }
}

/** `lists`: what stood there, by request. */
export function beforeAt(path: string, lists: readonly (readonly Scalar[])[]): Before {
  const all = [...new Set(lists.flat())]
  const texts = all.filter((one) => typeof one === 'string')
  const named = new Set(texts.flatMap((text) => nameOf(text) ?? []))
  return {
    numbers: all.filter((one) => typeof one === 'number'),
    quantities: texts.flatMap((text) => quantityIn(text) ?? []),
    hasMoments: texts.some((text) => momentIn(text) !== null),
    hasWildcard: texts.some(isWildcard),
    isAlwaysAnother: path !== 'environment' && isAlwaysAnother(lists),
    hasNamed: (text) => named.has(nameOf(text) ?? ''),
    looksLike: resembling(texts),
    names: (name) => {
      const its = lists.map((list) =>
        list.flatMap((one) => (typeof one === 'string' ? (nameClasses[name]?.(one) ?? []) : [])),
      )
      return { all: new Set(its.flat()), isAlwaysAnother: isAlwaysAnother(its) }
    },
  }
}

const fewestToSay = 3

function isAlwaysAnother(lists: readonly (readonly Scalar[])[]): boolean {
  const given = lists.filter((values) => values.length > 0)
  const all = given.flatMap((values) => [...new Set(values)])
  return given.length >= fewestToSay && new Set(all).size === all.length
}

/** What stands before the digest of a content. */
function nameOf(text: string): string | null {
  return /^(.+)@sha\d{3}:[0-9a-f]{32,}$/.exec(text)?.[1] ?? null
}
