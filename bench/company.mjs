// Acme in a local Slack without rate limits, its agents, and the people who click.
import { createServer } from 'node:net'
import { acme, sandboxScopes } from '../dist/sandbox/seed.js'
import { createLocalSlack } from '../dist/sandbox/slack/server.js'
import { percentiles } from './timing.mjs'

const release = { service: 'checkout', version: '2026.11.4', strategy: 'rolling' }

export async function createCompany() {
  const port = await freePort()
  const product = `http://127.0.0.1:${port}`
  const signingSecret = '0123456789abcdef0123456789abcdef'
  const slack = createLocalSlack({
    origin: '',
    delivery: { mode: 'http', url: `${product}/slack/events`, signingSecret },
    botToken: 'xoxb-bench',
    appToken: 'xapp-bench',
    scopes: sandboxScopes,
    seed: acme,
    now: Date.now,
    rateLimits: 'none',
  })
  await slack.listen()

  const pressOf = (requestId) => findPress(slack.workspace, requestId)
  return {
    port,
    slackEnvironment: {
      SLACK_BOT_TOKEN: 'xoxb-bench',
      SLACK_SIGNING_SECRET: signingSecret,
      SLACK_API_URL: slack.apiUrl,
    },
    agentWith: (credential) => agentWith(product, credential),
    close: () => slack.close(),

    /** Milliseconds from the click of somebody who may approve to the answer of the agent that waits. */
    async clickToRelease(agent) {
      const { id } = await agent.ask('deploy.start', { params: release })
      const released = agent.waitFor(id)
      const press = await until(() => pressOf(id))
      await settle()
      const began = performance.now()
      const clicked = slack.act(press)
      const { state, at } = await released
      await clicked
      if (state !== 'approved') throw new Error(`the agent heard ${state}`)
      return at - began
    },

    /** Asks for enough, waits for the cards, then clicks at a steady pace and gathers how long each took to be acknowledged. */
    async clicksPerSecond(agents, { perSecond, seconds }) {
      const count = perSecond * seconds
      const ids = []
      for (let n = 0; n < count; n += 1)
        ids.push((await agents[n % agents.length].ask('deploy.start', { params: release })).id)
      const presses = []
      for (const id of ids) presses.push(await until(() => pressOf(id)))
      const began = performance.now()
      const results = await Promise.all(
        presses.map(async (press, n) => {
          await new Promise((resolve) =>
            setTimeout(resolve, Math.max(0, began + (n * 1_000) / perSecond - performance.now())),
          )
          return slack.act(press)
        }),
      )
      const answered = results.filter((result) => result.ok)
      return {
        ...percentiles(answered.map((result) => result.ackMs)),
        failed: results.length - answered.length,
      }
    },
  }
}

function agentWith(product, credential) {
  const headers = { authorization: `Bearer ${credential}`, 'content-type': 'application/json' }
  return {
    async ask(action, change = {}) {
      const body = {
        action,
        resource: {
          type: action === 'repo.read' ? 'repository' : 'service',
          id: action === 'repo.read' ? 'acme/site' : 'checkout',
        },
        params: { repo: 'acme/site' },
        environment: 'prod',
        initiator: { email: 'alice@acme.test' },
        ...change,
      }
      const answer = await fetch(`${product}/v1/requests`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      })
      if (answer.status === 429) return retryLater(answer, () => this.ask(action, change))
      if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
      return answer.json()
    },
    async waitFor(id) {
      const answer = await fetch(`${product}/v1/requests/${id}`, {
        headers: { ...headers, prefer: 'wait=55' },
      })
      const { state } = await answer.json()
      return { state, at: performance.now() }
    },
  }
}

async function retryLater(answer, again) {
  await answer.arrayBuffer()
  await new Promise((resolve) => setTimeout(resolve, Number(answer.headers.get('retry-after') ?? 1) * 1_000))
  return again()
}

/** Sam presses Approve on the card of a request, once it stands there. */
function findPress(workspace, requestId) {
  for (const messages of workspace.messages.values()) {
    for (const message of messages) {
      const block = message.blocks.find((one) =>
        one.elements?.some((element) => element.value?.startsWith(requestId)),
      )
      const button = block?.elements.find((element) => element.action_id === 'approve')
      if (button)
        return {
          act: 'press',
          as: 'U0SAM',
          at: { conversation: message.channel, ts: message.ts },
          blockId: block.block_id,
          actionId: 'approve',
        }
    }
  }
  return null
}

/** The card is posted a moment before the product knows that it is: only then does a click count. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 60))

async function until(look) {
  for (;;) {
    const found = look()
    if (found) return found
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}
