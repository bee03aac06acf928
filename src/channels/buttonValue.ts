/** What a button carries: ids only. Everything else is read again when it is pressed. */
export interface ButtonValue {
  readonly request: string
  /** The card it stands on, or null on surfaces that are not a card. */
  readonly card: string | null
  /** Of a button that acts on several lines of a card: the requests that it acts on, and no others. */
  readonly together?: readonly string[] | undefined
  /** Of a button that answers a question: the note that it is. */
  readonly note?: string | undefined
}

/** The button of a card that stands for many: it opens the lists of whoever presses it. */
export const crowdButton = 'crowd_list'

/** The button of a question that is put to somebody. */
export const answerButton = 'answer_question'

const request = 'req_[0-9a-z]{1,60}'
const pattern = new RegExp(
  `^(${request})\\|(crd_[0-9a-z]{1,60}|)(?:\\|(${request}(?:,${request}){0,19})|\\|(note_[0-9a-z]{1,60}))?$`,
)

export function buttonValue({ request, card, together, note }: ButtonValue): string {
  const both = `${request}|${card ?? ''}`
  if (note !== undefined) return `${both}|${note}`
  return together ? `${both}|${together.join(',')}` : both
}

/** Null when the text was not made by `buttonValue`. */
export function readButtonValue(text: string): ButtonValue | null {
  const [, request, card, together, note] = pattern.exec(text) ?? []
  if (!request) return null
  return {
    request,
    card: card || null,
    ...(together && { together: together.split(',') }),
    ...(note && { note }),
  }
}
