import { type FormEvent, type ReactNode, useCallback, useEffect, useRef, useState } from 'react'
import type { ActResult, MemberAct, View } from '../wire.ts'
import { Blocks } from './blocks/blocks.tsx'
import { unescapeText } from './blocks/shape.ts'
import { type Press, SurfaceProvider } from './blocks/surface.tsx'
import { collectState, type Entries, fieldErrors } from './blocks/viewState.ts'
import { Dialog } from './dialog.tsx'

interface ModalsProps {
  readonly modals: readonly View[]
  readonly as: string
  readonly act: (act: MemberAct) => Promise<ActResult>
  /** Notices that have to stand in the window, because everything outside it is inert. */
  readonly children: ReactNode
}

type Update = (entries: Entries) => Entries

/**
 * The stack of modals, of which Slack shows the top one. What was entered is kept by view, so that a view
 * underneath, or one that the app updates, still has what the person wrote.
 */
export function Modals({ modals, as, act, children }: ModalsProps) {
  const [entered, setEntered] = useState<Readonly<Record<string, Entries>>>({})
  const top = modals.at(-1)
  const topId = top?.id ?? ''
  const onEntries = useCallback(
    (update: Update) => setEntered((all) => ({ ...all, [topId]: update(all[topId] ?? {}) })),
    [topId],
  )
  if (!top) return children
  return (
    <Modal
      key={top.id}
      view={top}
      below={modals.length - 1}
      as={as}
      act={act}
      entries={entered[top.id] ?? noEntries}
      onEntries={onEntries}
    >
      {children}
    </Modal>
  )
}

const noEntries: Entries = {}
const noErrors: Readonly<Record<string, string>> = {}

interface ModalProps {
  readonly view: View
  /** How many views it covers. */
  readonly below: number
  readonly as: string
  readonly act: (act: MemberAct) => Promise<ActResult>
  readonly entries: Entries
  readonly onEntries: (update: Update) => void
  readonly children: ReactNode
}

function Modal(props: ModalProps) {
  const { view, below, as, act, entries, onEntries } = props
  const [waiting, setWaiting] = useState(false)
  const [errors, setErrors] = useState(noErrors)
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    if (errors !== noErrors)
      form.current?.querySelector<HTMLElement>('.invalid :is(textarea, input, select)')?.focus()
  }, [errors])

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (waiting) return
    const wrong = fieldErrors(view.blocks, entries)
    setErrors(wrong)
    if (Object.keys(wrong).length > 0) return
    setWaiting(true)
    const result = await act({ act: 'submit', as, view: view.id, state: collectState(view.blocks, entries) })
    setWaiting(false)
    setErrors(result.errors ?? noErrors)
  }
  const close = () => void act({ act: 'close', as, view: view.id })
  const onPress = useCallback(
    (press: Press) => act({ act: 'press', as, at: { view: view.id }, ...press }),
    [act, as, view.id],
  )

  return (
    <Dialog label={unescapeText(view.title)} testId="modal" className="modal" onClose={close}>
      <form ref={form} onSubmit={submit} noValidate aria-busy={waiting}>
        <header className="dialog-head">
          <h2>{unescapeText(view.title)}</h2>
          {below > 0 && (
            <span className="below">{below === 1 ? '1 view below' : `${below} views below`}</span>
          )}
          <button type="button" className="icon-button" aria-label="Close" onClick={close}>
            ✕
          </button>
        </header>
        <div className="dialog-body">
          <SurfaceProvider
            {...{ blocks: view.blocks, entries, onEntries, onPress, errors }}
            disabled={waiting}
          >
            <Blocks blocks={view.blocks} />
          </SurfaceProvider>
        </div>
        <footer className="dialog-foot">
          <button
            type="button"
            className="button"
            data-testid="modal-close"
            disabled={waiting}
            onClick={close}
          >
            {unescapeText(view.close ?? 'Close')}
          </button>
          {view.submit !== null && (
            <button
              type="submit"
              className="button solid primary"
              data-testid="modal-submit"
              disabled={waiting}
            >
              {waiting && <span className="spinner" aria-hidden="true" />}
              {unescapeText(view.submit)}
            </button>
          )}
        </footer>
      </form>
      {props.children}
    </Dialog>
  )
}
