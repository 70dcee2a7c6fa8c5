import { createHash } from 'node:crypto'
import { PaddleError } from '../errors.js'
import { readLabels, type ModelConfig } from '../model/index.js'
import { warn } from '../warnings.js'
import { counted } from '../wording.js'
import type { ImageTaskOptions } from './options.js'

/** Class names and their source, which begins an error message. */
export interface Labels {
  /** Indexed by class number; empty when no names are known. */
  readonly names: readonly string[]
  readonly source: string
}

/** The `labels` option, or else the labels of the model's own file. @throws PaddleError LABELS_INVALID */
export async function labelsFor(
  { labels, onWarning }: Pick<ImageTaskOptions, 'labels' | 'onWarning'>,
  config: ModelConfig | undefined,
): Promise<Labels> {
  if (labels === undefined) return { names: config?.labels ?? [], source: config?.file ?? 'Nothing' }
  if (typeof labels === 'string')
    return { names: await readLabels(labels, { onNotUtf8: warn.bind(undefined, onWarning) }), source: labels }
  return { names: labels, source: 'The list `labels`' }
}

/** @throws PaddleError LABELS_INVALID when the number of labels is neither zero nor the number of classes */
export function checkLabels(model: string, { names, source }: Labels, classes: number): void {
  if (names.length === 0 || names.length === classes) return
  throw new PaddleError(
    'LABELS_INVALID',
    `${source} has ${counted(names.length, 'label')}, but ${model} has ${classes} classes.`,
    { advice: 'Give one label for each class.' },
  )
}

/** Represents the names in a fingerprint. */
export function hashOfNames(names: readonly string[]): string {
  return names.length === 0 ? 'none' : createHash('sha256').update(JSON.stringify(names)).digest('hex')
}
