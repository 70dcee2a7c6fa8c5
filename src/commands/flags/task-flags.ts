import type { BatchOptions, ClassifierOptions, DetectorOptions } from '../../tasks/index.js'
import { batchForm, classifierForm, detectorForm } from '../../tasks/options.js'
import { asFlags, optionFlags } from './option-flags.js'
import { groups } from './shared-flags.js'

const sizes = optionFlags<Pick<ClassifierOptions, 'resizeSize' | 'cropSize'>>(groups.images, classifierForm, {
  resizeSize: 'Pixels of the shorter side after resizing [default: inference.yml, else 256]',
  cropSize: 'Width and height of the part that is looked at [default: inference.yml, else 224]',
})

const orient = optionFlags<Pick<ClassifierOptions, 'autoOrient'>>(groups.images, classifierForm, {
  autoOrient: 'Turn images as their EXIF orientation says; --no-auto-orient: leave them',
})

const decoding = optionFlags<Pick<ClassifierOptions, 'maxPixels' | 'exact'>>(groups.images, classifierForm, {
  maxPixels: 'The most pixels that an image may have',
  exact: 'Decode large JPEGs in full before they are resized: slower',
})

const scores = optionFlags<Pick<ClassifierOptions, 'topK' | 'threshold'>>(groups.answers, classifierForm, {
  topK: {
    name: 'topk',
    describe: 'How many of the best classes an answer holds [default: inference.yml, else 1]',
  },
  threshold: 'Boxes, or classes, of a score above it, 0 to 1 [default: that of the model, else 0.5]',
})

const answers = optionFlags<Pick<DetectorOptions, 'boxUnit' | 'labels'>>(groups.answers, detectorForm, {
  boxUnit: 'What the coordinates are that a detector puts out: pixel or fraction [default: by its family]',
  labels: "File with the names of the classes: lines or JSON [default: that of the model's yml]",
})

const speed = optionFlags<Pick<BatchOptions & ClassifierOptions, 'batchSize' | 'workers'>>(
  groups.speed,
  { ...classifierForm, ...batchForm },
  {
    batchSize: 'The most images that are run at once',
    workers: 'Python processes to share the images [default: auto, by the cores; 1 for a few files]',
  },
)

const trouble = optionFlags<
  Pick<ClassifierOptions, 'retries' | 'maxRssMb' | 'maxRunsPerWorker' | 'startTimeoutMs'>
>(groups.trouble, classifierForm, {
  retries: 'How often images are tried again whose worker died or took too long',
  maxRssMb: 'Renew a worker that uses more memory, in MiB',
  maxRunsPerWorker: 'Renew a worker after so many batches',
  startTimeoutMs: 'Milliseconds that a worker may take to start',
})

/** The flags of a task's own options, by the options. */
export const taskFlags = { ...sizes, ...orient, ...decoding, ...scores, ...answers, ...speed, ...trouble }

/** How images are cut to the network's size. */
export const sizeFlags = asFlags(sizes)

/** How images are decoded. */
export const decodeFlags = { ...asFlags(orient), ...asFlags(decoding) }

/** How many answers are given. */
export const scoreFlags = asFlags(scores)

/** How its answers are read. */
export const answerFlags = asFlags(answers)

/** How many images and processes at once. */
export const speedFlags = asFlags(speed)

/** What becomes of workers that fail. */
export const troubleFlags = asFlags(trouble)
