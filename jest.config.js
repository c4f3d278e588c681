/** One configuration: tests run from source through swc; what they start as processes runs from dist/. */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: [
    // Minutes of bad links, with waits in them: `npm run test:lab`.
    ...(process.env.LAB ? [] : ['<rootDir>/test/lab/']),
    // A real Chromium at the pages: `npm run test:browser`.
    ...(process.env.BROWSER ? [] : ['<rootDir>/test/browser/']),
  ],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }] },
  // The hub's databases have fixed names: on one CouchDB the tests run one after the other.
  maxWorkers: process.env.COUCHDB_URL ? 1 : 2,
  testTimeout: process.env.BROWSER ? 120_000 : 30_000,
}
