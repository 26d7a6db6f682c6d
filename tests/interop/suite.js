'use strict';
// Runs the tests of one file in order, prints each with its outcome, and writes
// the JUnit file that Bazel reads: Node 18 has no reporter for it.

const fs = require('node:fs');
const path = require('node:path');
const { assertNothingLeaked } = require('./leak_check');

// Whatever ends the process early, an open promise that nothing will ever
// settle included, is a failure.
process.exitCode = 1;

function escapeXml(text) {
  return text
    .replace(/[^\t\n\x20-\x7e]/g, '?')
    .replace(/[<>&"]/g, (c) => `&#${c.charCodeAt(0)};`);
}

function toTestCase({ name, seconds, problem }) {
  const body = problem === undefined ? '' :
    `<failure message="${escapeXml(problem.split('\n')[0])}">` +
    `${escapeXml(problem)}</failure>`;
  return `  <testcase name="${escapeXml(name)}" time="${seconds}">${body}` +
    '</testcase>\n';
}

function writeJunit(suiteName, results) {
  const file = process.env.XML_OUTPUT_FILE;
  if (!file) return;
  const failures = results.filter((r) => r.problem !== undefined).length;
  fs.writeFileSync(file,
    '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n' +
    `<testsuite name="${suiteName}" tests="${results.length}" ` +
    `failures="${failures}">\n${results.map(toTestCase).join('')}` +
    '</testsuite>\n</testsuites>\n');
}

// Runs `define(test, atEnd)`. `await test(name, body)` runs one test; what is
// given to `atEnd` runs after all of them, last one first. The last test of
// every suite is that no secret leaked from any process that it started.
async function suite(define) {
  const suiteName = path.basename(process.argv[1], '.js');
  const results = [];
  const endings = [];
  const test = async (name, body) => {
    const start = process.hrtime.bigint();
    let problem;
    try {
      await body();
    } catch (error) {
      problem = String(error.stack || error);
    }
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    results.push({ name, seconds: seconds.toFixed(3), problem });
    console.log(`${problem === undefined ? 'ok    ' : 'FAILED'} ${name}`);
    if (problem !== undefined) console.log(problem.replace(/^/gm, '         '));
  };
  const run = async (name, body) => {
    await body().catch((error) => test(name, () => { throw error; }));
  };

  await run('set-up', () => define(test, (ending) => endings.unshift(ending)));
  for (const ending of endings) await run('tear-down', async () => ending());
  await test('no secret leaks into any output', assertNothingLeaked);
  const failures = results.filter((r) => r.problem !== undefined).length;
  console.log(`${suiteName}: ${results.length} tests, ${failures} failures`);
  writeJunit(suiteName, results);
  process.exitCode = failures === 0 ? 0 : 1;
}

module.exports = { suite };
