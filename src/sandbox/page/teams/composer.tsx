import { type KeyboardEvent, useRef, useState } from 'react'

interface ComposerProps {
  readonly placeholder: string
  readonly testId: string
  /** The app's name where it has to be mentioned to hear; null in its own chat. */
  readonly mention: string | null
  /** Resolves to whether it arrived; what did not arrive stays in the box. */
  readonly onSend: (text: string) => Promise<boolean>
}

/** Enter sends, Shift+Enter makes a line. */
export function Composer({ placeholder, testId, mention, onSend }: ComposerProps) {
  const [text, setText] = useState('')
  const [sending, setSending] = useState(false)
  const box = useRef<HTMLTextAreaElement>(null)

  const send = async () => {
    if (text.trim() === '' || sending) return
    setSending(true)
    const arrived = await onSend(text.trim())
    setSending(false)
    if (arrived) setText('')
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    void send()
  }
  return (
    <div className="composer">
      {mention !== null && (
        <button
          type="button"
          className="mention-button"
          data-testid={`${testId}-mention`}
          disabled={text.includes(`@${mention}`)}
          onClick={() => {
            setText(`@${mention} ${text}`)
            box.current?.focus()
          }}
        >
          @<span className="visually-hidden">Mention {mention}</span>
        </button>
      )}
      <textarea
        ref={box}
        aria-label={placeholder}
        placeholder={placeholder}
        data-testid={testId}
        rows={Math.min(8, text.split('\n').length)}
        value={text}
        onChange={(event) => setText(event.target.value)}
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
