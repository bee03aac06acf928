import { ChannelFault } from '../../src/approvals/channelPort.ts'
import { jobKey } from '../../src/approvals/job.ts'
import type { NewsJob } from '../../src/approvals/news/records.ts'
import { tellNews } from '../../src/approvals/news/tellNews.ts'
import { click } from '../support/world.ts'
import { announced, type Errand } from './errand.ts'
import { drain } from './stage.ts'

/** Whatever dies or breaks, a message may be missing, and nobody is told the same twice. */
export const newsErrands: Readonly<Record<string, Errand>> = {
  'telling whoever it was asked for': {
    arrange: async (stage) => {
      const { world, store } = stage
      const { id, initiator } = await announced(stage, 'deploy.start')
      await click(world, id, 'U0GRACE')
      await drain(stage)
      const since = world.clock().toISOString()
      // Due after what is drained, so that only the errand does it.
      const at = new Date(world.clock().getTime() + 1).toISOString()
      const about = { request: id, version: 2 }
      const job: NewsJob = { task: 'news', person: initiator.person, about, since, at }
      await store.commit({ entries: [], jobs: [job] })
      return ({ ports, channel }) =>
        tellNews(ports, channel, job).catch((fault: unknown) => {
          // The queue tries it again in the next minute.
          if (!(fault instanceof ChannelFault)) throw fault
        })
    },
    result: async (stage) => {
      const { world, store, channel } = stage
      world.clock.advance(600)
      await drain(stage)
      return {
        twice: channel.news.filter((one, nth) => channel.news.indexOf(one) !== nth),
        left: [...store.jobs.values()].filter(({ task }) => task === 'news').map(jobKey),
      }
    },
    expected: { twice: [], left: [] },
  },
}
