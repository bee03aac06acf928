import { cpSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { copyOf, environmentOf, execForm, isSent, type Stage } from './dockerfile.ts'
import { runWell } from './run.ts'

/** The last stage of a Dockerfile, as a folder that stands for its root. */
export interface Image {
  readonly root: string
  readonly environment: Readonly<Record<string, string>>
  /** Without a shell. */
  readonly healthCheck: readonly string[]
  readonly entry: readonly string[]
}

interface Building {
  /** Where the stages' roots are made. */
  readonly within: string
  /** The directory that is built. */
  readonly context: string
  readonly ignore: string
  /** Of the commands, beside what the Dockerfile says. */
  readonly environment: Readonly<Record<string, string>>
}

/** Does what `docker build` would do, without a container around it: each stage is a folder, its steps run in it. */
export async function buildImage(stages: readonly Stage[], by: Building): Promise<Image> {
  for (const stage of stages) await buildStage(stage, by)
  const last = stages.at(-1)
  const words = (instruction: string) =>
    last?.steps.find((step) => step.instruction === instruction)?.words ?? ''
  return {
    root: join(by.within, last?.name ?? ''),
    environment: environmentOf(words('ENV')),
    healthCheck: execForm(words('HEALTHCHECK')),
    entry: [...execForm(words('ENTRYPOINT')), ...execForm(words('CMD'))],
  }
}

async function buildStage(stage: Stage, by: Building): Promise<void> {
  const root = join(by.within, stage.name)
  let workdir = '/'
  for (const { instruction, words } of stage.steps) {
    if (instruction === 'WORKDIR') {
      workdir = words
      mkdirSync(join(root, workdir), { recursive: true })
    }
    if (instruction === 'COPY') copy(words, { to: join(root, workdir), by })
    if (instruction === 'RUN')
      await runWell(['sh', '-c', inside(words, root)], {
        cwd: join(root, workdir),
        environment: by.environment,
      })
  }
}

function copy(words: string, { to, by }: { readonly to: string; readonly by: Building }): void {
  const { stage, sources, target } = copyOf(words)
  for (const source of sources) {
    const from = stage === null ? join(by.context, source) : join(by.within, stage, source)
    const isFolderOfMany = target.endsWith('/')
    const destination = isFolderOfMany ? join(to, target, source) : join(to, target)
    mkdirSync(dirname(destination), { recursive: true })
    cpSync(from, destination, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => stage !== null || isSent(path.slice(by.context.length + 1), by.ignore),
    })
  }
}

/** Paths of the image are below its folder; only root can give files away. */
function inside(command: string, root: string): string {
  const moved = command.replaceAll(/(?<= )\/(?=\w)/g, `${root}/`)
  return process.getuid?.() === 0 ? moved : moved.replace(/&& chown \S+ \S+/, '')
}
