// Counts as the other clients do: a line for each check, then "N passed, N failed".
module.exports = class {
  constructor(runner) {
    let [passed, failed] = [0, 0]
    runner.on('pass', (test) => {
      passed += 1
      console.log(`ok: ${test.fullTitle()}`)
    })
    // A hook that fails comes here as well.
    runner.on('fail', (test, error) => {
      failed += 1
      console.log(`FAILED: ${test.fullTitle()}\n${error.stack}`)
    })
    runner.on('pending', (test) => {
      failed += 1
      console.log(`FAILED: ${test.fullTitle()} was skipped`)
    })
    runner.on('end', () => console.log(`${passed} passed, ${failed} failed`))
  }
}
