/** What is wrong with a configuration, in words that its file's name goes before. */
export class UnfitConfig extends Error {
  override readonly name = 'UnfitConfig'
}
