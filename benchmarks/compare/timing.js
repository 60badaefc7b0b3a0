// What the JavaScript drivers share, as timing.py does: `driver FILE ROUNDS SECONDS [WARM]`, one line of JSON out.
// The package stands in node_modules of the current folder.
const fs = require('node:fs')
const { createRequire } = require('node:module')
const path = require('node:path')

exports.load = createRequire(path.join(process.cwd(), 'driver.js'))

exports.measured = async (name, read) => {
  const [file, rounds, budget, ...warm] = process.argv.slice(2)
  const seconds = []
  let sets = 0
  let failed = null
  try {
    for (const one of warm) await read(one)
    while (seconds.length < Number(rounds) && seconds.reduce((a, b) => a + b, 0) + Math.max(0, ...seconds) <= Number(budget)) {
      const begin = performance.now()
      sets = await read(file)
      seconds.push((performance.now() - begin) / 1000)
    }
  } catch (error) {
    failed = String(error)
  }
  const { version } = JSON.parse(fs.readFileSync(path.join('node_modules', name, 'package.json'), 'utf8'))
  const peak = Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1])
  console.log(JSON.stringify({ version, sets, seconds, peak, failed }))
}
