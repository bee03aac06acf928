import { expectTypeOf, test } from 'vitest'
import type { cancel } from '../../src/approvals/cancel.ts'
import { showToAgent, viewOf } from '../../src/approvals/inspect.ts'
import { authenticateKey, authenticateSignature } from '../../src/approvals/people/authenticate.ts'
import { currentPeople, withCurrentPeople } from '../../src/approvals/people/currentPeople.ts'
import type { Ports, ReadPorts, Store, StoreReader } from '../../src/approvals/ports.ts'
import type { submit } from '../../src/approvals/submit.ts'
import { waitUntilSettled } from '../../src/approvals/wait.ts'

/*
 * Reading and writing are two types. Nothing runs here: the compiler is the test, and `npm run types` asks it.
 */
const readers = {
  authenticateKey,
  authenticateSignature,
  currentPeople,
  showToAgent,
  viewOf,
  waitUntilSettled,
  withCurrentPeople,
}
type Readers = typeof readers
/** Those that ask for more than a reader. */
type Greedy = {
  [N in keyof Readers]: ReadPorts extends Parameters<Readers[N]>[0] ? never : N
}[keyof Readers]

test('a reader of the store has nothing that writes', () => {
  type Writing = 'commit' | 'beat' | 'leave'

  expectTypeOf<Extract<keyof StoreReader, Writing>>().toEqualTypeOf<never>()
  expectTypeOf<ReadPorts['store']>().toEqualTypeOf<StoreReader>()
  // Control: whoever writes has all of it, and can read.
  expectTypeOf<Extract<keyof Store, Writing>>().toEqualTypeOf<Writing>()
  expectTypeOf<Store>().toExtend<StoreReader>()
  expectTypeOf<Ports>().toExtend<ReadPorts>()
})

test('who only looks is content with a reader', () => {
  expectTypeOf<Greedy>().toEqualTypeOf<never>()
})

test('control: what writes cannot be done with a reader', () => {
  expectTypeOf<ReadPorts>().not.toExtend<Parameters<typeof submit>[0]>()
  expectTypeOf<ReadPorts>().not.toExtend<Parameters<typeof cancel>[0]>()
})
