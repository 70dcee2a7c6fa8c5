/** The progress of a long operation. The library only reports it; the command line displays it. */
export interface Progress {
  /** The current step, in a few words without a full stop: `Installing paddlepaddle 3.3.1`. */
  readonly step: string
  /** How much of the step is done, in the unit of `total`; omitted if unknown. */
  readonly done?: number
  readonly total?: number
  /** What is counted, in the plural: `images`. Omitted if the numbers mean nothing to a reader. */
  readonly unit?: string
}

export type ProgressListener = (progress: Progress) => void
