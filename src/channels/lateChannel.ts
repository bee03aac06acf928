import { type Channel, ChannelFault } from '../approvals/channelPort.ts'

/** Refuses whatever is to be told until the channel is there: its job is tried again. */
export function lateChannel(name: string, find: () => Channel | null): Channel {
  const here = (): Channel => {
    const channel = find()
    if (channel) return channel
    const message = `${name} has not said yet who we are; this will be tried again`
    throw new ChannelFault({ code: 'channel_away', message, unknown: false })
  }
  return {
    post: async (...about) => here().post(...about),
    update: async (...about) => here().update(...about),
    disown: async (...about) => here().disown(...about),
    mayTell: async (...about) => here().mayTell(...about),
    tell: async (...about) => here().tell(...about),
    remind: async (...about) => here().remind(...about),
    alarm: async (...about) => here().alarm(...about),
    answer: async (...about) => here().answer(...about),
    question: async (...about) => here().question(...about),
    postedAt: async (...about) => here().postedAt(...about),
    askToConfirm: async (...about) => here().askToConfirm(...about),
    tellOfToken: async (...about) => here().tellOfToken(...about),
    tellOfDelegation: async (...about) => here().tellOfDelegation(...about),
    soundDisowned: async (...about) => here().soundDisowned(...about),
    soundAccount: async (...about) => here().soundAccount(...about),
    postCrowd: async (...about) => here().postCrowd(...about),
    showCrowd: async (...about) => here().showCrowd(...about),
    remindCrowd: async (...about) => here().remindCrowd(...about),
    tellNews: async (...about) => here().tellNews(...about),
    tellKeyEnd: async (...about) => here().tellKeyEnd(...about),
  }
}
