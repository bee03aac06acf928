/** Why nothing is suggested for what was asked alike, in words for a list: `12 kinds of request: …`. */
export const leftOutSays = {
  rare: 'asked or decided too rarely, by too few people, or over too short a time',
  refused:
    'once denied, let through by breaking the glass, expired unanswered, revoked, rolled back, or not done as approved',
  mixed: 'sometimes granted and sometimes denied, neither often enough',
  runs: 'run by themselves already, or are denied by the policy that is active',
  counted: 'are counted by a budget that a rule goes by, which another rule would lead past',
  beyond:
    'are judged by what a run has read, by a reviewed tool or by another resource, which no suggestion binds',
  admin: 'administer something, destroy something, or hand out what lets somebody in',
  sensitive: 'have sensitive parameters, or were decided with a value hidden',
  unread: 'have a parameter that was not understood',
  opaque: 'have parameters that no condition can look into',
  varies: 'differ too much for a rule that is narrow',
  untied: 'are about more resources than a rule can list, and no parameter says which',
  unwritable: 'cannot be written as a rule beside those that ask about them',
  contradicts: 'are what a test of the policy expects to be asked about',
  widens: 'would let something else flow, too',
  lint: 'are refused by lint',
  limit: 'are fewer than those that are shown',
} as const

export type LeftOut = keyof typeof leftOutSays
