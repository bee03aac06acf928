import type { JsonObject } from '../core/json.ts'
import type { CatalogueAction } from './catalogue.ts'
import type { Bindings } from './conditions/engine.ts'
import { readers } from './readers/readers.ts'

/**
 * What people are told of parameters that were understood, by readers that have something to tell: kept with the verdict, so that a
 * card of a year ago still says it. Nothing of a value that is hidden.
 */
export function shownReadings(
  { params }: Pick<CatalogueAction, 'params'>,
  { readings }: Bindings,
  hidden: readonly string[],
): readonly JsonObject[] {
  if (params === 'open') return []
  return [...params].flatMap(([param, { reads }]) => {
    const shows = reads && readers[reads].shows
    if (!shows || hidden.includes(param)) return []
    const reading = readings?.().get(param)
    return reading?.understood ? [{ param, reads, ...shows(reading.facts) }] : []
  })
}
