import type { ListedRow } from '../../card/listing.ts'
import { between, ours } from '../../card/span.ts'
import { cut } from '../../card/text.ts'
import type { People } from '../../card/view.ts'
import { lineOf, noteOf } from '../text/spans.ts'
import { actionSet, openRequest } from './buttons.ts'
import type { Element } from './elements.ts'

/** One request, with a button that opens it. */
export function rowOf({ summary, state, about, request }: ListedRow, people: People): readonly Element[] {
  return [
    lineOf(people, [ours(cut(summary, 500))], 'Medium'),
    noteOf(people, between([state, about, [ours(request)]], '\n'), 'None'),
    actionSet([openRequest('Open', request)]),
  ]
}
