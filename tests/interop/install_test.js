'use strict';
// What "./dev install" puts into a folder is complete: its configuration is
// good, its binary serves it, its .proto files are all that a client needs, and
// systemd understands its unit.

const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const protoLoader = require('@grpc/proto-loader');
const { noteOutput, noteToken } = require('./leak_check');
const { SIGNET, makeFolder, start, waitForOutput } = require('./signet');
const { suite } = require('./suite');

const FILES = [
  'bin/signet',
  'etc/signet/signet.yaml',
  'lib/systemd/system/signet.service',
  'share/doc/signet/LICENSE',
  'share/doc/signet/OPERATIONS.md',
  'share/doc/signet/README.md',
  'share/doc/signet/SECURITY.md',
  'share/doc/signet/config.proto',
  'share/doc/signet/examples/identity_providers.yaml',
  'share/doc/signet/examples/signet.yaml',
  'share/signet/proto/signet/v1/key_service.proto',
  'share/signet/proto/signet/v1/rejection.proto',
  'share/signet/proto/signet/v1/revocation_service.proto',
  'share/signet/proto/signet/v1/token.proto',
  'share/signet/proto/signet/v1/token_service.proto',
];

function install(args, env = {}) {
  execFileSync('deploy/install.sh', [SIGNET, ...args],
    { env: { ...process.env, ...env }, stdio: 'pipe' });
}

function filesIn(folder) {
  return fs.readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.path, entry.name)));
}

async function run(program, args) {
  const { code, stdout, stderr } = await start(program, args).ended;
  assert.strictEqual(code, 0, stderr);
  return stdout + stderr;
}

// Has the installed configuration keep and listen where a test may.
function confine(prefix) {
  const file = path.join(prefix, 'etc/signet/signet.yaml');
  const text = fs.readFileSync(file, 'utf8');
  fs.writeFileSync(file, text
    .replace('/var/lib/signet', path.join(prefix, 'var'))
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:0'));
  return file;
}

// Signs by the installed .proto files alone.
function sign(prefix, address) {
  const { signet } = grpc.loadPackageDefinition(protoLoader.loadSync(
    'signet/v1/token_service.proto',
    { includeDirs: [path.join(prefix, 'share/signet/proto')] }));
  const client = new signet.v1.TokenService(
    address, grpc.credentials.createInsecure(), { 'grpc.enable_http_proxy': 0 });
  return new Promise((resolve, reject) => {
    client.sign({ kind: 'TOKEN_KIND_JWT', audiences: ['x'] },
      { deadline: Date.now() + 60_000 }, (error, response) => {
        client.close();
        error ? reject(error) : resolve(response.token);
      });
  });
}

async function testFiles(test, prefix) {
  await test('everything is where Debian has it', async () => {
    install(['--prefix', prefix]);
    const unexpected = filesIn(prefix)
      .filter((name) => !name.startsWith('share/doc/signet/examples/'));
    assert.deepStrictEqual(unexpected.sort(),
      FILES.filter((name) => !name.includes('examples')));
    for (const name of FILES) assert(filesIn(prefix).includes(name), name);
    assert.strictEqual(
      fs.statSync(path.join(prefix, 'bin/signet')).mode & 0o777, 0o755);
  });

  await test('a second time changes nothing, the configuration least of all', async () => {
    const config = path.join(prefix, 'etc/signet/signet.yaml');
    const before = fs.readFileSync(config, 'utf8');
    fs.writeFileSync(config, `${before}# Mine.\n`);
    install([`--prefix=${prefix}`]);
    assert.strictEqual(fs.readFileSync(config, 'utf8'), `${before}# Mine.\n`);
  });

  await test('DESTDIR stands in front of all paths, and is named in no file', async () => {
    const root = makeFolder();
    install(['--prefix', '/usr'], { DESTDIR: root });
    assert.deepStrictEqual(fs.readdirSync(root).sort(), ['etc', 'usr']);
    const unit = fs.readFileSync(
      path.join(root, 'usr/lib/systemd/system/signet.service'), 'utf8');
    assert.match(unit,
      /^ExecStart=\/usr\/bin\/signet serve --config \/etc\/signet\/signet.yaml$/m);
    assert(fs.existsSync(path.join(root, 'etc/signet/signet.yaml')));
  });

  await test('a relative or a missing prefix is refused', async () => {
    for (const args of [['--prefix', 'x'], ['--prefix'], ['x'], ['--root', '/']]) {
      assert.throws(() => install(args), /usage: install/, args.join(' '));
    }
  });
}

async function testUnit(test, prefix) {
  const unit = path.join(prefix, 'lib/systemd/system/signet.service');
  await test('the unit names what is installed, and systemd accepts it', async () => {
    const text = fs.readFileSync(unit, 'utf8');
    assert(text.includes(`ExecStart=${prefix}/bin/signet serve ` +
      `--config ${prefix}/etc/signet/signet.yaml\n`), text);
    assert.strictEqual(
      await run('systemd-analyze', ['verify', '--man=no', unit]), '');
  });
  await test('systemd rates what an attacker could do below 2 of 10', () =>
    run('systemd-analyze',
      ['security', '--offline=yes', '--threshold=20', '--no-pager', unit]));
}

suite(async (test, atEnd) => {
  const prefix = makeFolder();
  await testFiles(test, prefix);
  await testUnit(test, prefix);
  const binary = path.join(prefix, 'bin/signet');
  const config = confine(prefix);
  await test('the installed configuration is good', async () => {
    assert.strictEqual(await run(binary, ['serve', '--check-config', '--config', config]),
      `${config}: good\n`);
  });
  await test('the installed server answers by the installed contract', async () => {
    const server = start(binary, ['serve', '--config', config]);
    atEnd(() => server.child.kill());
    const [, address] = await waitForOutput(
      server, 'stderr', /"event":"server.listening","address":"([^"]+)"/);
    const token = await sign(prefix, address);
    noteToken(token);
    assert.match(token, /^ey/);
    server.child.kill('SIGTERM');
    const { code, stderr } = await server.ended;
    noteOutput('signet serve', stderr);
    assert.strictEqual(code, 0);
  });
});
