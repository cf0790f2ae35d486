// One cold start: loads an asset as Lambda does, handles one event, and reports on descriptor 3 when it has returned.
const { writeSync } = require('node:fs');
const [asset, event] = process.argv.slice(2);
const report = () =>
  writeSync(
    3,
    JSON.stringify({ started: performance.timeOrigin, ended: performance.timeOrigin + performance.now() }),
  );
require(asset).handler(JSON.parse(event), { awsRequestId: 'bench' }).then(report, report);
