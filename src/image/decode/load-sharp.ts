import type sharp from 'sharp'
import { limitedMemory } from '../../out-of-memory.js'
import { dependencyFailure } from '../../package-files.js'

let loading: Promise<typeof sharp> | undefined

/** Loads sharp for the first image. @throws PaddleError PACKAGE_FILES_MISSING */
export async function loadSharp(): Promise<typeof sharp> {
  loading ??= import('sharp').then(
    ({ default: loaded }) => {
      // libvips would cache hundreds of operations and use all cores for one image; several images at once use
      // them better.
      loaded.cache(false)
      loaded.concurrency(1)
      return loaded
    },
    (error: unknown) => {
      throw limitedMemory('sharp cannot be loaded', error) ?? dependencyFailure('sharp', error)
    },
  )
  return loading
}
