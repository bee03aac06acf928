import { useState } from 'react'

/** Copies, and says so for a moment. */
export function CopyButton({ label, text }: { label: string; text: string }) {
  const [said, setSaid] = useState<string | null>(null)

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setSaid('Copied')
    } catch {
      setSaid('The browser does not allow copying')
    }
    window.setTimeout(() => setSaid(null), 1600)
  }
  return (
    <button type="button" className="button small" onClick={copy} aria-live="polite">
      {said ?? label}
    </button>
  )
}
