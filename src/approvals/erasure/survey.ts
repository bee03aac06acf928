import type { CurrentPerson, PersonId } from '../../core/identity.ts'
import { currentPeople } from '../people/currentPeople.ts'
import type { ReadPorts } from '../ports.ts'
import { partsOf } from './parts.ts'
import type { Erasable } from './records.ts'

/** How much there is to erase. */
export interface Extent {
  readonly requests: number
  readonly values: number
  /** Requests that have not ended: what that person said about them stays for now. */
  readonly leftOpen: readonly string[]
}

/** How much there is to erase now. @throws as `partsOf` */
export async function extentOf(ports: Reading, erasable: Erasable): Promise<Extent> {
  return (await surveyOf(ports, erasable)).extent
}

type Reading = Pick<ReadPorts, 'store' | 'clock'>

/**
 * How much there is to erase now, and who is behind any of it or decided about it, as people are known today: the person whose words
 * they are, and everybody whose requests those words are about, for whom they are evidence too.
 */
export async function surveyOf(
  ports: Reading,
  erasable: Erasable,
): Promise<{ readonly extent: Extent; readonly about: readonly CurrentPerson[] }> {
  let [requests, values] = [0, 0]
  const leftOpen = new Set<string>()
  const about = new Set<PersonId>(erasable.what === 'person' ? [erasable.id] : [])
  for await (const part of partsOf(ports, erasable)) {
    requests += part.requests('', '').length
    values += part.values.length + part.accounts.length + part.confirmations.length
    for (const id of part.leftOpen) leftOpen.add(id)
    for (const id of part.about) about.add(id)
  }
  return { extent: { requests, values, leftOpen: [...leftOpen] }, about: await distinct(ports, [...about]) }
}

async function distinct(ports: Reading, people: readonly PersonId[]) {
  const today = await currentPeople(ports, people)
  return [...new Set(people.map(today))]
}
