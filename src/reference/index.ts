export { PlainPython } from './plain-python.js'
export type { PlainCase, PlainPostProcess, PlainRun, PlainTensor } from './plain-python.js'
