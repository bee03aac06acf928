import type { Figure } from '../figure.ts'
import { openWorld } from '../world/world.ts'

export const start: Figure = async ({ closers, say }) => {
  say('starting for the first time, and again')
  const { firstStart, server } = await openWorld({ closers, again: true })
  return {
    title: 'start: from the command to ready',
    lines: [
      { what: 'first start, which makes the database', unit: 's', measured: firstStart.startSeconds },
      { what: 'second start', unit: 's', measured: server.startSeconds },
    ],
    notes: [],
  }
}
