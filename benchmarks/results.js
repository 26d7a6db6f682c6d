// Merges what the benchmarks wrote: results.js FOLDER OUT_JSON OUT_TABLE.
//
// FOLDER holds one file of Google Benchmark's JSON per benchmark, named after
// it. OUT_JSON gets all of them as one object, and OUT_TABLE the same as tables
// in Markdown, with the machine, the date and how to repeat it.
'use strict';

const fs = require('fs');
const os = require('os');
const path = require('path');

function readResults(folder) {
  const results = {};
  for (const file of fs.readdirSync(folder).sort()) {
    const name = path.basename(file, '.json');
    results[name] = JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8'));
  }
  return results;
}

// What every benchmark reports by itself, and what has a column of its own.
const NOT_FIGURES = new Set([
  'name', 'run_name', 'run_type', 'family_index', 'repetitions', 'threads',
  'per_family_instance_index', 'repetition_index', 'iterations', 'real_time',
  'cpu_time', 'time_unit', 'items_per_second', 'ns', 'best_ns', 'baseline_ns',
  'best_per_second', 'baseline_per_second', 'vs_baseline',
]);

const NANOSECONDS = { ns: 1, us: 1e3, ms: 1e6, s: 1e9 };

function round(number) {
  if (!Number.isFinite(number)) return '';
  return String(Number(number.toPrecision(4)));
}

// The time of one item in nanoseconds.
function timeOf(run) {
  if (run.ns !== undefined) return run.ns;
  if (run.p50_ns !== undefined) return run.p50_ns;
  if (run.best_ns !== undefined) return run.best_ns;
  if (run.best_per_second) return 1e9 / run.best_per_second;
  if (run.items_per_second) return 1e9 / run.items_per_second;
  return run.real_time * NANOSECONDS[run.time_unit];
}

function baselineOf(run) {
  if (run.baseline_ns !== undefined) return run.baseline_ns;
  return run.baseline_per_second ? 1e9 / run.baseline_per_second : NaN;
}

function rowOf(run) {
  if (run.error_occurred) {
    return `| ${run.name} | | | | | ${run.error_message} |`;
  }
  const time = timeOf(run);
  const others = Object.entries(run)
    .filter(([name, value]) => !NOT_FIGURES.has(name) && typeof value === 'number')
    .map(([name, value]) => `${name} ${round(value)}`);
  const name = run.name.replace(/\/(manual_time|iterations:\d+)/g, '').replace(/^BM_/, '');
  return `| ${name} | ${round(time)} | ${round(1e9 / time)} | ` +
    `${round(baselineOf(run))} | ${round(run.vs_baseline)} | ${others.join(', ')} |`;
}

function tableOf(name, result) {
  const rows = result.benchmarks
    .filter((run) => run.run_type !== 'aggregate')
    .map(rowOf);
  return [
    `## ${name}`,
    '',
    '| | ns | per second | baseline ns | vs_baseline | |',
    '|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function describe(results) {
  const cpu = os.cpus()[0].model.trim();
  const date = new Date().toISOString().slice(0, 10);
  return `# Results

Measured on ${date}, on ${os.cpus().length} cores of "${cpu}". To repeat it:
\`./dev bench\`, which writes this file anew, or one by one
\`bazel run -c opt //benchmarks:NAME\`.

ns is the time of one item: of one token, signature or look-up. The baseline was
measured in the same run, in turn with what stands beside it; vs_baseline is how
many times as fast that is. What the baseline is, the beginning of
benchmarks/NAME.cc says. Where other programs ran at the same time, ratios are
to be trusted more than times.

${Object.entries(results).map(([name, result]) => tableOf(name, result)).join('\n')}`;
}

function main([folder, json, table]) {
  const results = readResults(folder);
  fs.writeFileSync(json, JSON.stringify(results, null, 1) + '\n');
  fs.writeFileSync(table, describe(results).trimEnd() + '\n');
}

main(process.argv.slice(2));
