import type { ExportOptions } from './options.js'

/** Whether `model` names a network of the user's own, `FILE.py:CLASS`. */
export function isOwnNetwork(model: string): boolean {
  return model.includes('.py:') || model.endsWith('.py')
}

/**
 * The option that does not go with the kind of network: a network of one's own has its sizes from its arguments and inputs, and
 * Paddle publishes no weights for it.
 */
export function misplacedOption(
  model: string,
  options: { readonly [Name in keyof ExportOptions]?: unknown },
): keyof ExportOptions | undefined {
  const ofPaddles = ['imgSize', 'numClasses', 'labels'] as const
  const ofOnesOwn = ['modelArgs', 'inputSpec'] as const
  if (isOwnNetwork(model) && options.pretrained === true) return 'pretrained'
  const wrong = isOwnNetwork(model) ? ofPaddles : ofOnesOwn
  return wrong.find((name) => options[name] !== undefined)
}

/** With which networks such an option goes. */
export function placeOf(model: string): string {
  return isOwnNetwork(model)
    ? 'goes with a network of paddle.vision.models'
    : 'goes with a network of your own, FILE.py:CLASS,'
}
