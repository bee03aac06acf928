import type { Channel } from './channelPort.ts'

/** One channel of several. */
export interface ChannelAt {
  readonly channel: Channel
  /** Whether it is the one that an address, or the key of an account, is of. */
  readonly has: (addressOrKey: string) => boolean
}

/** Several channels as one: whatever is told goes to the one that its address is of, else to the first. */
export function severalChannels(parts: readonly ChannelAt[], first: Channel): Channel {
  const of = (addressOrKey: string) => parts.find(({ has }) => has(addressOrKey))?.channel ?? first
  return {
    post: (card, view) => of(card.conversation).post(card, view),
    postedAt: (card) => of(card.conversation).postedAt(card),
    update: (card, view) => of(card.conversation).update(card, view),
    disown: (copy, known) => of(copy.conversation).disown(copy, known),
    mayTell: (card) => of(card.conversation).mayTell(card),
    tell: (card, view, entries) => of(card.conversation).tell(card, view, entries),
    remind: (card, view) => of(card.conversation).remind(card, view),
    alarm: (address, view, alarm) => of(address).alarm(address, view, alarm),
    answer: (account, view, ending) => of(account).answer(account, view, ending),
    question: (account, view, note) => of(account).question(account, view, note),
    askToConfirm: (asked, ...more) => of(asked.account).askToConfirm(asked, ...more),
    tellOfToken: (token, news) => of(token.account).tellOfToken(token, news),
    soundDisowned: (address, confirmation) => of(address).soundDisowned(address, confirmation),
    soundAccount: (address, changed) => of(address).soundAccount(address, changed),
    tellKeyEnd: (account, about) => of(account).tellKeyEnd(account, about),
    tellOfDelegation: (account, about, people) => of(account).tellOfDelegation(account, about, people),
    postCrowd: (conversation, crowd) => of(conversation).postCrowd(conversation, crowd),
    showCrowd: (at, crowd) => of(at.conversation).showCrowd(at, crowd),
    remindCrowd: (at, crowd) => of(at.conversation).remindCrowd(at, crowd),
    tellNews: (account, news) => of(account).tellNews(account, news),
  }
}
