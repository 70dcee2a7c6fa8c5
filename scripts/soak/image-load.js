import { makeColourImages } from './colour-images.js'

const count = 200
const timeoutMs = 2000

/**
 * Classifies a folder of images repeatedly, in batches of all sizes, and compares each result with that of an
 * undisturbed run.
 */
export class ImageLoad {
  answered = 0
  putAside = 0
  problems = []
  #classifier
  #paths
  #random
  #expected

  static async create(classifier, folder, random) {
    const paths = await makeColourImages(folder, count, (index) => 16 + (index % 40))
    const expected = []
    for await (const { topK } of classifier.classify(paths)) expected.push(topK?.[0])
    return new ImageLoad(classifier, paths, expected, random)
  }

  constructor(classifier, paths, expected, random) {
    this.#classifier = classifier
    this.#paths = paths
    this.#expected = expected
    this.#random = random
  }

  async run(stop) {
    while (!stop.aborted) {
      const batchSize = 1 + Math.floor(this.#random() * 16)
      const leaveAt = this.#random() < 0.1 ? Math.floor(this.#random() * count) : count
      let index = 0
      for await (const result of this.#classifier.classify(this.#paths, { batchSize, timeoutMs })) {
        this.#check(result, index)
        index += 1
        if (index === leaveAt || stop.aborted) break
      }
      if (index < leaveAt && !stop.aborted)
        this.problems.push(`only ${index} of ${leaveAt} images have results`)
    }
  }

  #check({ image, topK, error }, index) {
    const expected = this.#expected[index]
    if (image !== this.#paths[index]) this.problems.push(`${image} came instead of ${this.#paths[index]}`)
    if (error?.code === 'IMAGE_QUARANTINED') this.putAside += 1
    else if (topK?.[0]?.classId !== expected.classId || Math.abs(topK[0].prob - expected.prob) > 1e-6) {
      this.problems.push(`${image}: ${JSON.stringify(topK ?? error)} instead of ${JSON.stringify(expected)}`)
    } else this.answered += 1
  }
}
