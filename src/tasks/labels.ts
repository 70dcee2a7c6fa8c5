import { PaddleError } from '../errors.js'

/** The names of the classes, and where they come from, as the beginning of a sentence. */
export interface Labels {
  /** By the number of the class; empty where no names are known. */
  readonly names: readonly string[]
  readonly source: string
}

/** @throws PaddleError LABELS_INVALID unless there are no labels, or as many as classes */
export function checkLabels(model: string, { names, source }: Labels, classes: number): void {
  if (names.length === 0 || names.length === classes) return
  throw new PaddleError(
    'LABELS_INVALID',
    `${source} has ${names.length} ${names.length === 1 ? 'label' : 'labels'}, but ${model} has ${classes} classes.\nGive one label for each class.`,
  )
}
