/** What is to be erased: all that one request asked, or what is known of one person and what they said. */
export type Erasable =
  | { readonly what: 'request'; readonly id: string }
  | { readonly what: 'person'; readonly id: string }
