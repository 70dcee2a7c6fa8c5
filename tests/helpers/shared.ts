import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from '@jest/globals'

/**
 * Makes a resource before the tests of a file or a `describe`, and disposes of it after them. The tests get it by
 * calling the returned function.
 */
export function shared<Resource extends AsyncDisposable>(make: () => Promise<Resource>): () => Resource {
  let resource: Resource | undefined
  beforeAll(async () => {
    resource = await make()
  })
  afterAll(async () => {
    await resource?.[Symbol.asyncDispose]()
  })
  return () => {
    if (!resource) throw new Error('The resource exists in tests only.')
    return resource
  }
}

/** A temporary folder. */
export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string
  /** A path in it that does not exist yet. */
  fresh(): string
}

export async function makeFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'shared-'))
  return {
    path,
    fresh: () => join(path, randomUUID()),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true }),
  }
}
