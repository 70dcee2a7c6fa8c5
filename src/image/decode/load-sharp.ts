import type sharp from 'sharp'

let loading: Promise<typeof sharp> | undefined

/** sharp, loaded when the first image needs it. */
export async function loadSharp(): Promise<typeof sharp> {
  loading ??= import('sharp').then(({ default: loaded }) => {
    // libvips would keep hundreds of operations and take all cores for one image; several images at once use them better.
    loaded.cache(false)
    loaded.concurrency(1)
    return loaded
  })
  return loading
}
