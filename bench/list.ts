/** One figure of the bench: what it is called, what it measures, and what is to be reached. */
export interface Listed {
  readonly about: string
  /** In words, as docs/performance.md says it; null where there is nothing to reach. */
  readonly target: string | null
}

/** Every figure, in the order in which all of them are measured. docs/performance.md has the same list. */
export const list = {
  start: {
    about: 'from the command to ready: the first start, which makes the database, and the next',
    target: null,
  },
  allowed: {
    about: 'an action that policy allows, from the call to its durable answer, beside the bare route',
    target:
      'at 50 agents at least half of the bare route’s throughput, for at most twice its processor time; with a grant, one signature more',
  },
  cycle: {
    about: 'ask, card, click, hear, beside Restate; then the same with Slack’s pace in one conversation',
    target:
      'at 50 agents at least the throughput of Restate; without Slack’s calls at most twice the processor time of the bare route for each commit; one post and one update',
  },
  lifecycle: {
    about:
      'ask, card, click, grant, redeem, report, at 1, 10 and 50 agents, beside a bare insert for each commit',
    target: 'at 50 agents at least half of the bare inserts',
  },
  release: {
    about: 'from the click to the agent that hears, one agent; and acknowledgements at 50 clicks a second',
    target: 'at most 5 ms, p50',
  },
  stop: {
    about:
      'from the command of a stop to the agents that wait and to their cards, one at a time and all at once',
    target: 'told within 100 ms, p99',
  },
  stored: {
    about: 'submit, read, decide and list with 1,000,000 stored requests, beside 1,000',
    target: 'at most 1.2 times',
  },
  memory: {
    about: 'server and database at rest, and after 50,000 requests, each after a minute without work',
    target: 'under 250 MB at rest; afterwards at most 1.3 times that',
  },
  ledger: {
    about:
      'entries sealed in bulk and as they arrive, 1,000,000 verified, a proof, an evidence pack of them with the peak memory of its process, and what sealing costs those who ask',
    target:
      'at least 10,000 sealed a second in bulk; within 1 s, p99, while 1,500 a second arrive; a million verified in 15 s; an export under 300 MB; an action at most a tenth dearer',
  },
  flow: {
    about:
      'what the policy that ships asks people about: everyday commands, and public sets of others where --data names them',
    target:
      'of everyday reads at least 75 % unasked, of others at least 65 %; of what changes, sends, attacks or reads secrets none; AWS reads paused at most 8 %, those of reviewed MCP tools at most 7 %; at most 0.63 prompts a task of AgentDojo',
  },
  verdicts: {
    about: 'how fast policy decides, without anything around it',
    target: null,
  },
} as const satisfies Readonly<Record<string, Listed>>

export type FigureName = keyof typeof list

export const figureNames = Object.keys(list) as readonly FigureName[]

/** Only when it is named: what it prints is for whoever makes something faster. */
export const profileName = 'profile'
