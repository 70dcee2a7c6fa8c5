/** What a long step tells while it runs. The library only reports; the command line shows it. */
export interface Progress {
  /** What is being done now, in a few words without a full stop: `Installing paddlepaddle 3.3.1`. */
  readonly step: string
  /** How much of it is done, in the unit of `total`; left out where it is not known. */
  readonly done?: number
  readonly total?: number
  /** What is counted, in the plural: `images`. Left out where the numbers say nothing to a reader. */
  readonly unit?: string
}

export type ProgressListener = (progress: Progress) => void
