/** What is wrong with a configuration, in words that its file's name goes before. */
export class ConfigMismatch extends Error {
  override readonly name = 'ConfigMismatch'
}
