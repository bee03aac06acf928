import type { ReactNode } from 'react'
import type { Block } from '../../wire.ts'
import { Boundary, Undrawn } from './boundary.tsx'
import { Element } from './element.tsx'
import { plainShown, Text } from './inline.tsx'
import { InputBlock } from './inputBlock.tsx'
import { LibraryDrawn, libraryBlocks } from './library.tsx'
import { blockIdOf, isShape, type Shape, shapes, string } from './shape.ts'

/**
 * The blocks as they were sent. slack-blocks-to-jsx draws what is static and what it draws faithfully. Ours are
 * the blocks that people press, and those with text objects, where the library reads markup in plain_text and
 * undoes escapes in mrkdwn: on a page that shows what an approver would see, that would be a lie.
 */
export function Blocks({ blocks }: { blocks: readonly Block[] }) {
  return (
    <div className="blocks">
      {blocks.map((block, index) => {
        const blockId = blockIdOf(block, index)
        return (
          <Boundary key={`${blockId} ${block.type}`} what={block.type}>
            <One block={block} blockId={blockId} />
          </Boundary>
        )
      })}
    </div>
  )
}

type Drawer = (props: { block: Block; blockId: string }) => ReactNode

const drawers: Readonly<Record<string, Drawer>> = {
  header: Header,
  section: Section,
  context: Context,
  actions: Actions,
  input: InputBlock,
}

function One({ block, blockId }: { block: Block; blockId: string }) {
  const Drawn = Object.hasOwn(drawers, block.type) ? drawers[block.type] : undefined
  if (Drawn) return <Drawn block={block} blockId={blockId} />
  if (libraryBlocks.has(block.type)) return <LibraryDrawn block={block} />
  return <Undrawn what={block.type} why="it is a kind of block that this page does not know" />
}

function Header({ block }: { block: Block }) {
  return <h3 className="block block-header">{plainShown(block.text)}</h3>
}

function Section({ block, blockId }: { block: Block; blockId: string }) {
  const fields = shapes(block.fields)
  return (
    <div className="block block-section">
      <div className="section-text">
        {isShape(block.text) && <Text text={block.text} />}
        {fields.length > 0 && (
          <div className="fields">
            {fields.map((field, index) => (
              // A section's fields never move: their place is what they are.
              // biome-ignore lint/suspicious/noArrayIndexKey: see above
              <div key={index} className="field">
                <Text text={field} />
              </div>
            ))}
          </div>
        )}
      </div>
      {isShape(block.accessory) && (
        <div className="accessory">
          <Element element={block.accessory} blockId={blockId} />
        </div>
      )}
    </div>
  )
}

function Context({ block }: { block: Block }) {
  return (
    <div className="block block-context">
      {shapes(block.elements).map((element, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a context's elements never move
        <ContextElement key={index} element={element} />
      ))}
    </div>
  )
}

function ContextElement({ element }: { element: Shape }) {
  if (element.type === 'image') {
    return <img className="context-image" src={string(element.image_url)} alt={string(element.alt_text)} />
  }
  return (
    <span className="context-text">
      <Text text={element} />
    </span>
  )
}

function Actions({ block, blockId }: { block: Block; blockId: string }) {
  return (
    <div className="block block-actions">
      {shapes(block.elements).map((element, index) => (
        <Boundary key={string(element.action_id) || index} what={string(element.type)}>
          <Element element={element} blockId={blockId} />
        </Boundary>
      ))}
    </div>
  )
}
