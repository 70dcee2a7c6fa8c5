import type sharp from 'sharp'

let loading: Promise<typeof sharp> | undefined

/** Loads sharp for the first image. */
export async function loadSharp(): Promise<typeof sharp> {
  loading ??= import('sharp').then(({ default: loaded }) => {
    // libvips would cache hundreds of operations and use all cores for one image; several images at once use
    // them better.
    loaded.cache(false)
    loaded.concurrency(1)
    return loaded
  })
  return loading
}
