export type CrowdJob =
  /** The crowd card of a conversation is looked after; the time is the name of the look. */
  | { readonly task: 'crowd'; readonly conversation: string; readonly at: string }
  /** A message that looks like one, and may be none any more. */
  | { readonly task: 'strayCrowd'; readonly conversation: string; readonly message: string }
