import { type Directory, DirectoryFault } from '../approvals/ports.ts'

/** The server listens before Slack has said who we are; whoever asks for people until then hears that it cannot know. */
export function lateDirectory(): {
  readonly directory: Directory
  readonly arrive: (directory: Directory) => void
} {
  let arrived: Directory | null = null
  const known = async () => {
    if (!arrived) throw new DirectoryFault('Slack has not answered yet')
    return arrived
  }
  return {
    directory: {
      account: async (address) => (await known()).account(address),
      members: async (source) => (await known()).members(source),
      isMember: async (source, account) => (await known()).isMember(source, account),
      find: async (claim) => (await known()).find(claim),
    },
    arrive: (directory) => {
      arrived = directory
    },
  }
}
