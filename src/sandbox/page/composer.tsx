import { type KeyboardEvent, type ReactNode, useId, useState } from 'react'
import type { Snapshot } from '../wire.ts'
import { complete, completionAt, encode, type Suggestion } from './completion.ts'

interface ComposerProps {
  readonly snapshot: Snapshot
  readonly placeholder: string
  readonly testId: string
  /** Gets the text as Slack sends it. Resolves to whether it arrived; what did not arrive stays in the box. */
  readonly onSend: (text: string) => Promise<boolean>
  /** Stands before the text. */
  readonly children?: ReactNode
}

/** Enter sends, Shift+Enter makes a line, `/` offers the commands and `@` the people. */
export function Composer({ snapshot, placeholder, testId, onSend, children }: ComposerProps) {
  const [text, setText] = useState('')
  const [caret, setCaret] = useState(0)
  const [active, setActive] = useState(0)
  const [sending, setSending] = useState(false)
  const listId = useId()
  const completion = completionAt(text, caret, snapshot)
  const suggestions = completion?.suggestions ?? []

  const choose = (suggestion: Suggestion) => {
    if (!completion) return
    const next = complete(text, completion, suggestion)
    setText(next)
    setCaret(next.length)
    setActive(0)
  }

  const send = async () => {
    if (text.trim() === '' || sending) return
    setSending(true)
    const arrived = await onSend(encode(text.trim(), snapshot.members))
    setSending(false)
    if (arrived) setText('')
  }

  const onKeyDown = (event: KeyboardEvent) => {
    const moves = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const chosen = suggestions[active % Math.max(1, suggestions.length)]
    // A command that stands there in full is meant: Enter runs it instead of completing it again.
    const complete = chosen !== undefined && chosen.insert === text.trim()
    if (moves && suggestions.length > 0) setActive((active + moves + suggestions.length) % suggestions.length)
    else if (event.key === 'Tab' && chosen) choose(chosen)
    else if (event.key === 'Enter' && chosen && !complete) choose(chosen)
    else if (event.key === 'Escape' && chosen)
      setCaret(0) // nothing to complete there, until the next key
    else if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) void send()
    else return
    event.preventDefault()
  }

  return (
    <div className="composer">
      {suggestions.length > 0 && (
        <Suggestions
          id={listId}
          {...{ suggestions }}
          active={active % suggestions.length}
          onChoose={choose}
        />
      )}
      {children}
      <textarea
        aria-label={placeholder}
        placeholder={placeholder}
        aria-autocomplete="list"
        aria-controls={suggestions.length > 0 ? listId : undefined}
        aria-activedescendant={
          suggestions.length > 0 ? `${listId}-${active % suggestions.length}` : undefined
        }
        data-testid={testId}
        rows={Math.min(8, text.split('\n').length)}
        value={text}
        onChange={(event) => {
          setText(event.target.value)
          setCaret(event.target.selectionStart)
          setActive(0)
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
        onKeyDown={onKeyDown}
      />
      <button
        type="button"
        className="send"
        aria-label="Send message"
        disabled={text.trim() === '' || sending}
        onClick={send}
      >
        <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
          <path
            d="M2.5 3.2l15 6.8-15 6.8 2-6.8z M4.5 10h6"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.6"
            strokeLinejoin="round"
          />
        </svg>
      </button>
    </div>
  )
}

interface SuggestionsProps {
  readonly id: string
  readonly suggestions: readonly Suggestion[]
  readonly active: number
  readonly onChoose: (suggestion: Suggestion) => void
}

function Suggestions({ id, suggestions, active, onChoose }: SuggestionsProps) {
  return (
    <div id={id} className="suggestions" role="listbox" aria-label="Suggestions">
      {suggestions.map((suggestion, index) => (
        <div
          key={suggestion.insert}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          className="suggestion"
          onMouseDown={(event) => {
            event.preventDefault() // the text keeps the focus
            onChoose(suggestion)
          }}
        >
          <strong>{suggestion.title}</strong>
          <span>{suggestion.about}</span>
        </div>
      ))}
    </div>
  )
}
