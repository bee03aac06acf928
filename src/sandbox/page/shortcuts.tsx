import type { ActResult, MemberAct, Shortcut } from '../wire.ts'
import { useMenu } from './useMenu.ts'

interface ShortcutsProps {
  readonly shortcuts: readonly Shortcut[]
  readonly viewer: string
  readonly act: (act: MemberAct) => Promise<ActResult>
}

/** The app's global shortcuts, behind Slack's lightning. */
export function GlobalShortcuts({ shortcuts, viewer, act }: ShortcutsProps) {
  const choices = shortcuts.filter(({ type }) => type === 'global')
  const onChoose = (callbackId: string) => void act({ act: 'shortcut', as: viewer, callbackId })
  return <ShortcutMenu label="Shortcuts" sign="⚡" choices={choices} onChoose={onChoose} />
}

/** The app's shortcuts for one message, in its menu. */
export function MessageShortcuts({
  shortcuts,
  viewer,
  act,
  at,
}: ShortcutsProps & { readonly at: { readonly conversation: string; readonly ts: string } }) {
  const choices = shortcuts.filter(({ type }) => type === 'message')
  const onChoose = (callbackId: string) => void act({ act: 'shortcut', as: viewer, callbackId, at })
  return <ShortcutMenu label="Message shortcuts" sign="⋮" choices={choices} onChoose={onChoose} />
}

interface ShortcutMenuProps {
  readonly label: string
  readonly sign: string
  readonly choices: readonly Shortcut[]
  readonly onChoose: (callbackId: string) => void
}

function ShortcutMenu({ label, sign, choices, onChoose }: ShortcutMenuProps) {
  const { open, toggle, close, root, button, onKeyDown } = useMenu()
  if (choices.length === 0) return null
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears the keys of the button and the items inside
    <div className={open ? 'overflow shortcuts open' : 'overflow shortcuts'} ref={root} onKeyDown={onKeyDown}>
      <button
        ref={button}
        type="button"
        className="shortcut-button"
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={open}
        data-testid="shortcuts"
        onClick={toggle}
      >
        {sign}
      </button>
      {open && (
        <div className="menu" role="menu" aria-label={label}>
          {choices.map(({ callbackId, name }) => (
            <button
              key={callbackId}
              type="button"
              role="menuitem"
              tabIndex={-1}
              data-testid="menu-item"
              data-value={callbackId}
              onClick={() => {
                close()
                onChoose(callbackId)
              }}
            >
              {name}
            </button>
          ))}
        </div>
      )}
    </div>
  )
}
