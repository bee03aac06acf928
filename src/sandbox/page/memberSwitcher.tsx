import type { Member } from '../wire.ts'
import { Avatar } from './avatar.tsx'
import { useMenu } from './useMenu.ts'

/** Somebody whom one can be. */
type Person = Pick<Member, 'id' | 'name' | 'realName' | 'title' | 'color' | 'bot'>

interface MemberSwitcherProps {
  readonly people: readonly Person[]
  readonly viewer: string
  readonly notesOn: (person: Person) => readonly string[]
  readonly onChoose: (id: string) => void
}

/** "You are": the one thing that no real workspace has. Shows what decides whether somebody may approve. */
export function MemberSwitcher({ people, viewer, notesOn, onChoose }: MemberSwitcherProps) {
  const { open, toggle, close, root, button, onKeyDown } = useMenu()
  const me = people.find((member) => member.id === viewer)

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears the keys of the button and the options inside
    <div className="switcher" ref={root} onKeyDown={onKeyDown}>
      <button
        ref={button}
        type="button"
        className="switcher-button"
        data-testid="member-switcher"
        data-viewer={viewer}
        aria-haspopup="listbox"
        aria-expanded={open}
        onClick={toggle}
      >
        <Avatar member={me} size={34} />
        <span className="switcher-text">
          <small>You are</small>
          <strong>{me?.realName ?? '…'}</strong>
          <small>{me?.title}</small>
          <span className="visually-hidden">Be somebody else</span>
        </span>
        <span className="chevron" aria-hidden="true">
          {open ? '▾' : '▴'}
        </span>
      </button>
      {open && (
        <div className="switcher-list" role="listbox" aria-label="Be somebody else">
          {people.map((member) => (
            <MemberOption
              key={member.id}
              member={member}
              notes={notesOn(member)}
              chosen={member.id === viewer}
              onChoose={() => {
                onChoose(member.id)
                close()
              }}
            />
          ))}
        </div>
      )}
    </div>
  )
}

interface MemberOptionProps {
  readonly member: Person
  readonly notes: readonly string[]
  readonly chosen: boolean
  readonly onChoose: () => void
}

function MemberOption({ member, notes, chosen, onChoose }: MemberOptionProps) {
  return (
    <button
      type="button"
      role="option"
      aria-selected={chosen}
      tabIndex={-1}
      className="member-option"
      data-testid={`member-${member.id}`}
      data-member-name={member.name}
      onClick={onChoose}
    >
      <Avatar member={member} size={30} />
      <span className="member-text">
        <strong>{member.realName}</strong>
        <small>{member.title}</small>
      </span>
      <span className="member-notes">
        {notes.map((note) => (
          <span key={note} className={note.startsWith('@') ? 'note' : 'note note-warn'}>
            {note}
          </span>
        ))}
      </span>
    </button>
  )
}
