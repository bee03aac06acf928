import { Component, type ReactNode } from 'react'

/**
 * Keeps one odd block from taking the page down. React offers this to classes only.
 */
export class Boundary extends Component<
  { readonly what: string; readonly children: ReactNode },
  { failed: boolean }
> {
  override state = { failed: false }

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true }
  }

  override render(): ReactNode {
    return this.state.failed ? (
      <Undrawn what={this.props.what} why="it has a shape that this page did not expect" />
    ) : (
      this.props.children
    )
  }
}

/** Stands where something could not be drawn, and says so: a gap that nobody notices would be worse. */
export function Undrawn({ what, why }: { what: string; why: string }) {
  return (
    <div className="undrawn" role="note">
      The sandbox cannot draw this <code>{what}</code>: {why}. Everything around it is drawn as it was sent.
    </div>
  )
}
