export { PlainPython } from './plain-python.js'
export type { PlainCase, PlainReading, PlainRun, PlainTensor } from './plain-run.js'
