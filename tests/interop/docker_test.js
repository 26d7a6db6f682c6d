'use strict';
// The Dockerfile keeps to what hadolint asks for, as far as it matters here, and
// installs what the binary loads.

const assert = require('node:assert');
const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { SIGNET } = require('./signet');

// Instructions, [NAME, arguments], of each stage.
function readStages(file) {
  const lines = fs.readFileSync(file, 'utf8').split('\n')
    .filter((line) => !line.startsWith('#')).join('\n')
    .replace(/\\\n\s*/g, '').split('\n').filter((line) => line !== '');
  const stages = [];
  for (const line of lines) {
    const [, name, rest] = /^([A-Z]+) (.*)$/.exec(line);
    if (name === 'FROM') stages.push([]);
    stages.at(-1).push([name, rest]);
  }
  return stages;
}

// The Debian packages of the libraries that the binary names.
function packagesOf(binary) {
  const needed = [...execFileSync('readelf', ['-d', binary], { encoding: 'utf8' })
    .matchAll(/\(NEEDED\).*\[(lib.+)\]/g)].map(([, library]) => library);
  const places = execFileSync('ldd', [binary], { encoding: 'utf8' });
  const files = needed.map((library) => fs.realpathSync(
    new RegExp(`^\\s*${library.replace(/[.+]/g, '\\$&')} => (\\S+)`, 'm')
      .exec(places)[1]));
  // Debian knows some by where they were before /lib became /usr/lib.
  const { stdout: owners } = spawnSync(
    'dpkg', ['-S', ...files, ...files.map((file) => file.replace(/^\/usr/, ''))],
    { encoding: 'utf8' });
  for (const file of files) assert(owners.includes(path.basename(file)), file);
  return new Set([...owners.matchAll(/^([^:\n]+):/gm)].map(([, name]) => name));
}

function test(name, body) {
  body();
  console.log(`ok     ${name}`);
}

const [build, image, ...others] = readStages('deploy/docker/Dockerfile');
const valuesOf = (stage, wanted) =>
  stage.filter(([name]) => name === wanted).map(([, rest]) => rest);

test('there are two stages, of one pinned base', () => {
  assert.deepStrictEqual(others, []);
  assert.deepStrictEqual(valuesOf(build, 'FROM'), ['debian:bookworm-slim AS build']);
  assert.deepStrictEqual(valuesOf(image, 'FROM'), ['debian:bookworm-slim']);
});

test('the image gets nothing but the binary, and does not run as root', () => {
  assert.deepStrictEqual(valuesOf(image, 'COPY'),
    ['--from=build /out/usr/bin/signet /usr/bin/signet']);
  assert.match(valuesOf(image, 'USER').at(-1), /^[1-9]\d+:[1-9]\d+$/);
  assert(image.findIndex(([name]) => name === 'USER') >
    image.findLastIndex(([name]) => name === 'RUN'));
  for (const name of ['ENTRYPOINT', 'CMD']) {
    assert(Array.isArray(JSON.parse(valuesOf(image, name)[0])), name);
  }
});

test('packages come without others, and lists do not stay', () => {
  for (const run of valuesOf(image, 'RUN')) {
    assert.match(run, /^apt-get update && apt-get install --no-install-recommends -y /);
    assert.match(run, /&& rm -rf \/var\/lib\/apt\/lists\/\*$/);
  }
  assert.strictEqual(valuesOf(image, 'RUN').length, 1);
  const all = [...build, ...image].map(([name]) => name);
  assert(!all.includes('ADD') && !all.includes('MAINTAINER'));
});

test('what the binary loads is installed', () => {
  const installed = valuesOf(image, 'RUN')[0].split(/\s+/);
  // What every Debian has.
  const base = ['libc6', 'libgcc-s1', 'libstdc++6', 'zlib1g'];
  const needed = [...packagesOf(SIGNET)].filter((name) => !base.includes(name));
  assert(needed.length >= 10, 'found too few libraries');
  assert.deepStrictEqual(
    needed.filter((name) => !installed.includes(name)), []);
  // civetweb finds it by name, at run time.
  assert(installed.includes('libssl3'));
});

test('nothing that git does not keep gets into an image', () => {
  const ignored = fs.readFileSync('.dockerignore', 'utf8').split('\n');
  for (const line of fs.readFileSync('.gitignore', 'utf8').trim().split('\n')) {
    const name = line.replace(/^\/|\/$/g, '');
    assert(ignored.includes(name) || ignored.includes(`**/${name}`), line);
  }
  assert(ignored.includes('.git'));
});
