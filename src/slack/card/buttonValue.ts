/** What a button carries: ids only. Everything else is read again when it is pressed. */
export interface ButtonValue {
  readonly request: string
  /** The card it stands on, or null on surfaces that are not a card. */
  readonly card: string | null
}

const pattern = /^(req_[0-9a-z]{1,60})\|(crd_[0-9a-z]{1,60}|)$/

export function buttonValue(value: ButtonValue): string {
  return `${value.request}|${value.card ?? ''}`
}

/** Null when the text was not made by `buttonValue`. */
export function readButtonValue(text: string): ButtonValue | null {
  const match = pattern.exec(text)
  return match?.[1] ? { request: match[1], card: match[2] || null } : null
}
