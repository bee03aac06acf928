// The service behind Restate, in a process of its own: one virtual object with an awakeable for each approval. Its card is
// the line that is printed here, as a recorded step. argv: the directory that Restate is installed in, and a port.
import { createRequire } from 'node:module'
import { join } from 'node:path'

interface Context {
  readonly key: string
  awakeable(): { readonly id: string; readonly promise: Promise<string> }
  run(name: string, step: () => void): Promise<void>
}
interface Restate {
  object(definition: {
    readonly name: string
    readonly handlers: Readonly<Record<string, (context: Context) => Promise<string>>>
  }): object
  serve(options: { readonly services: readonly object[]; readonly port: number }): Promise<number>
}

// This version of the SDK wants a function that Node has from 22 on.
if (!('withResolvers' in Promise))
  Object.defineProperty(Promise, 'withResolvers', {
    value() {
      let settle = {}
      const promise = new Promise((resolve, reject) => {
        settle = { resolve, reject }
      })
      return { promise, ...settle }
    },
  })

const [directory = '', port = ''] = process.argv.slice(2)
const { object, serve }: Restate = createRequire(join(directory, 'package.json'))('@restatedev/restate-sdk')
const approval = object({
  name: 'approval',
  handlers: {
    async ask(context) {
      const { id, promise } = context.awakeable()
      await context.run('card', () => void process.stdout.write(`card ${context.key} ${id}\n`))
      return promise
    },
  },
})
await serve({ services: [approval], port: Number(port) })
process.stdout.write('serving\n')
