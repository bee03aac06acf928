import { AdaptiveCard, HostConfig } from 'adaptivecards'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { isAction, walk } from '../../teams/cardWalk.ts'
import type { Card, CardAction, CardInputs } from '../../teams/wire.ts'
import { hostConfig } from './hostConfig.ts'
import { markdownHtml } from './markdown.ts'

/** What somebody pressed, and what the card's inputs held then. */
export type Pressed = (action: CardAction, inputs: CardInputs) => Promise<unknown>

AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = markdownHtml(text)
  result.didProcess = true
}

/** An Adaptive Card, drawn by the library that Microsoft publishes for it. While something that was pressed is on its way, it waits. */
export function CardView({ card, onPress }: { readonly card: Card; readonly onPress: Pressed }) {
  const place = useRef<HTMLDivElement>(null)
  const latest = useRef(onPress)
  const [waiting, setWaiting] = useState(false)
  // What somebody has begun to fill in stays while the card is the same, however often it is fetched.
  const same = JSON.stringify(card)

  useEffect(() => {
    latest.current = onPress
  }, [onPress])

  useLayoutEffect(() => {
    const element = place.current
    if (element === null) return
    const { source, actions } = named(JSON.parse(same) as Card)
    const drawn = new AdaptiveCard()
    drawn.hostConfig = new HostConfig(hostConfig)
    drawn.parse(source)
    drawn.onExecuteAction = (pressed) => {
      const action = actions.get(pressed.id ?? '')
      if (action === undefined) return
      setWaiting(true)
      void latest.current(action, inputsOf(drawn)).finally(() => setWaiting(false))
    }
    const made = drawn.render()
    element.replaceChildren(...(made ? [made] : []))
    for (const [id, { data, verb }] of actions) {
      const button = drawn.getActionById(id)?.renderedElement
      button?.setAttribute('data-action', String(verb ?? data?.open ?? data?.send ?? ''))
    }
  }, [same])

  return <div className="adaptive" ref={place} aria-busy={waiting} inert={waiting} data-testid="card" />
}

/** The card with a name for each of its actions, so that what is pressed can be told from the others. */
function named(card: Card): { readonly source: Card; readonly actions: ReadonlyMap<string, CardAction> } {
  const actions = new Map<string, CardAction>()
  for (const part of walk(card)) {
    if (!isAction(part)) continue
    const { type, title, verb, data } = part
    const id = typeof part.id === 'string' ? part.id : `action-${actions.size}`
    Object.assign(part, { id })
    actions.set(id, {
      type,
      ...(title !== undefined && { title }),
      ...(verb !== undefined && { verb }),
      ...(data !== undefined && { data }),
    })
  }
  return { source: card, actions }
}

function inputsOf(drawn: AdaptiveCard): CardInputs {
  return Object.fromEntries(drawn.getAllInputs().map((input) => [input.id ?? '', String(input.value ?? '')]))
}
