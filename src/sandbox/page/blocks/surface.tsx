import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from 'react'
import type { ActResult, Block, ViewState } from '../../wire.ts'
import { ConfirmDialog } from '../confirmDialog.tsx'
import { isShape, type Shape, string } from './shape.ts'
import { collectState, type Entered, type Entries, enteredIn, entryKey } from './viewState.ts'

/** A press as the sandbox wants it, without where it happened. */
export interface Press {
  readonly blockId: string
  readonly actionId: string
  readonly value?: string
  readonly state: ViewState
}

/** What an interactive element may ask of the message or view it stands in. */
export interface Surface {
  readonly entered: (blockId: string, element: Shape) => Entered
  readonly enter: (blockId: string, element: Shape, entered: Entered) => void
  /**
   * Presses, after Slack's `confirm` dialog if the element has one. `value`: the chosen option's; several are joined
   * by commas. `also` is what was entered with this very press.
   */
  readonly press: (blockId: string, element: Shape, value?: string, also?: Entered) => void
  /** The block id and action id (as `entryKey` joins them) whose press is under way. */
  readonly pressing: string | null
  readonly disabled: boolean
  readonly errors: Readonly<Record<string, string>>
}

const SurfaceContext = createContext<Surface | null>(null)

/** @throws Error outside a SurfaceProvider: an element that can be pressed must stand somewhere. */
export function useSurface(): Surface {
  const surface = useContext(SurfaceContext)
  if (!surface) throw new Error('an interactive element stands outside a message or view')
  return surface
}

interface SurfaceProps {
  readonly blocks: readonly Block[]
  readonly entries: Entries
  readonly onEntries: (update: (entries: Entries) => Entries) => void
  readonly onPress: (press: Press) => Promise<ActResult>
  readonly disabled?: boolean
  readonly errors?: Readonly<Record<string, string>>
  readonly children: ReactNode
}

const noErrors = {}

/** A message, a modal or a Home: the thing whose elements share one state. */
export function SurfaceProvider(props: SurfaceProps) {
  const { blocks, entries, onEntries, onPress, disabled = false, errors = noErrors, children } = props
  const { pressing, send } = useSending(onPress)
  const [asking, setAsking] = useState<{ readonly confirm: Shape; readonly press: Press } | null>(null)

  const surface = useMemo<Surface>(
    () => ({
      entered: (blockId, element) =>
        enteredIn(element, entries[entryKey(blockId, string(element.action_id))]),
      enter: (blockId, element, entered) =>
        onEntries((all) => ({ ...all, [entryKey(blockId, string(element.action_id))]: entered })),
      press: (blockId, element, value, also) => {
        const actionId = string(element.action_id)
        const now = also ? { ...entries, [entryKey(blockId, actionId)]: also } : entries
        const press = {
          blockId,
          actionId,
          ...(value !== undefined && { value }),
          state: collectState(blocks, now),
        }
        if (isShape(element.confirm)) setAsking({ confirm: element.confirm, press })
        else void send(press)
      },
      pressing,
      disabled,
      errors,
    }),
    [blocks, entries, onEntries, pressing, send, disabled, errors],
  )

  const answer = (yes: boolean) => {
    if (yes && asking) void send(asking.press)
    setAsking(null)
  }

  return (
    <SurfaceContext.Provider value={surface}>
      {children}
      {asking && <ConfirmDialog confirm={asking.confirm} onAnswer={answer} />}
    </SurfaceContext.Provider>
  )
}

/** One press at a time: a second one while the first is on its way is a double click, which Slack swallows too. */
function useSending(onPress: (press: Press) => Promise<ActResult>) {
  const [pressing, setPressing] = useState<string | null>(null)
  const busy = useRef(false)
  const send = useCallback(
    async (press: Press) => {
      if (busy.current) return
      busy.current = true
      setPressing(entryKey(press.blockId, press.actionId))
      await onPress(press)
      busy.current = false
      setPressing(null)
    },
    [onPress],
  )
  return { pressing, send }
}
