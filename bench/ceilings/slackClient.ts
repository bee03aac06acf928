// What the calls to Slack of one cycle cost, through the client that the product calls with: one posting, one update, of a
// card that it has really sent. In a process of its own, so that what it costs can be told apart.
// argv: a file with the address, the token and the arguments of both calls; and how many pairs.
import { readFileSync } from 'node:fs'
import { pino } from 'pino'
import { createClients } from '../../src/slack/outbound/clients.ts'

const [file = '', times = '0'] = process.argv.slice(2)
const { apiUrl, botToken, post: sentPost, update: sentUpdate } = JSON.parse(readFileSync(file, 'utf8'))
const [post, update] = [asGiven(sentPost), asGiven(sentUpdate)]
const { posts } = createClients({ botToken, apiUrl }, pino({ level: 'silent' }), {
  answered() {},
  refused() {},
  unanswered() {},
})

/** On their way blocks are text in a form; the client is given what they were before, and writes them again. */
function asGiven(sent: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const read = (value: unknown) =>
    typeof value === 'string' && /^[[{]/.test(value) ? JSON.parse(value) : value
  return Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, read(value)]))
}

async function pair(): Promise<void> {
  const posted = await posts.apiCall('chat.postMessage', post)
  await posts.apiCall('chat.update', { ...update, channel: post.channel, ts: Reflect.get(posted, 'ts') })
}

async function pairs(count: number): Promise<void> {
  let left = count
  const loop = async () => {
    for (; left > 0; left -= 1) await pair()
  }
  await Promise.all(Array.from({ length: 10 }, loop))
}

await pairs(200) // warm
const before = process.cpuUsage()
await pairs(Number(times))
const { user, system } = process.cpuUsage(before)
process.stdout.write(`each ${(user + system) / 1_000 / Number(times)} ms\n`)
