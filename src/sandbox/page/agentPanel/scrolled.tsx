/** Without a mouse, it is scrolled when it has the focus. */
export function Scrolled({ label, text, testId }: { label: string; text: string; testId?: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section aria-label={label} tabIndex={0}>
      <pre data-testid={testId}>{text}</pre>
    </section>
  )
}
