export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/tests'],
  testMatch: ['**/*.test.ts'],
  // They need a wheel or a machine of their own: npm run test:gpu-wheel, npm run test:gpu.
  testPathIgnorePatterns: ['/node_modules/', '/tests/gpu-wheel/', '/tests/gpu/'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': ['$1.ts', '$1.js'] },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  setupFilesAfterEnv: ['<rootDir>/tests/helpers/nothing-left.ts'],
  testSequencer: '<rootDir>/scripts/longest-first.js',
  testTimeout: 120_000,
  // A test waits for its processes a good part of its time: three keep two cores busy.
  maxWorkers: 3,
}
