import type { Reporter, TestSpecification } from 'vitest/node'

/** Says what is about to run, before anything does: a database takes seconds to be there, and most files say nothing. */
export function announcing(): Reporter {
  return {
    onTestRunStart(specifications) {
      const say = (text: string): void => void process.stdout.write(`${text}\n`)
      const of = (name: string) => specifications.filter((one) => projectOf(one) === name).length
      const [pure, database] = [of('pure'), of('database')]
      say(`\n Running ${counted(pure + database)}:`)
      if (pure > 0) say(`   ${pure} in the project "pure", which need nothing but Node`)
      if (database > 0)
        say(
          `   ${database} in the project "database", for which a PostgreSQL of their own is started in a temporary directory`,
        )
      if (pure + database > 100) say(' All of it takes a few minutes. Each file is told when it is done.')
      say('')
    },
  }
}

function projectOf({ project }: TestSpecification): string {
  return project.name
}

function counted(files: number): string {
  return `${files} test ${files === 1 ? 'file' : 'files'}`
}
