export * from './form.js'
export * from './kind.js'
