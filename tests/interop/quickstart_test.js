'use strict';
// examples/quickstart.sh shows what it promises, with the configuration that
// stands beside it, and ends when it is told to.

const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { assertStatus, Client } = require('./contract');
const { noteOutput } = require('./leak_check');
const { SIGNET, makeFolder, start, waitForOutput } = require('./signet');
const { suite } = require('./suite');

const EXAMPLES = path.resolve('examples');

// A copy of the example, with another port and a data folder of its own.
function copyExample(change = (text) => text) {
  const folder = makeFolder();
  const original = fs.readFileSync(path.join(EXAMPLES, 'signet.yaml'), 'utf8');
  const text = original.replace('127.0.0.1:7410', '127.0.0.1:0')
    .replace('address: 127.0.0.1:7411', 'address: 127.0.0.1:0')
    .replace('../data', 'data');
  assert.notStrictEqual(text, original);
  fs.writeFileSync(path.join(folder, 'signet.yaml'), change(text));
  return folder;
}

function startQuickstart(folder) {
  const { SIGNET_SERVER, ...env } = process.env;
  return start('bash', [path.join(EXAMPLES, 'quickstart.sh'), SIGNET,
    path.join(folder, 'signet.yaml')], { env });
}

suite(async (test) => {
  for (const signal of ['SIGINT', 'SIGTERM']) {
    await test(`it shows a first call, and ends on ${signal}`, async () => {
      const quickstart = startQuickstart(copyExample());
      const [, address] = await waitForOutput(
        quickstart, 'stdout', /\nServing at (\S+)\. /);
      const { stdout } = quickstart.text;
      assert.match(stdout, /\naccepted\n  kind +access token\n/);
      assert.match(stdout, /\nactive\n  token type +Bearer\n/);

      // Every command that it shows can be repeated as it stands.
      const shown = stdout.split('\n').filter((line) => line.startsWith('$ '));
      assert.strictEqual(shown.length, 4);
      const again = execFileSync('bash', ['-e'], { encoding: 'utf8',
        input: shown.map((line) => `${line.slice(2)}\n`).join('') });
      assert.match(again, /\naccepted\n/);
      assert.match(again, /\nactive\n/);

      quickstart.child.kill(signal);
      const { code, stderr } = await quickstart.ended;
      assert.strictEqual(code, 0);
      noteOutput('quickstart.sh', stderr);
      assert.match(stderr, /"server.draining".*\n.*"server.stopped"/);
      const late = new Client(address);
      await assertStatus(late.verify({}), 'UNAVAILABLE');
      late.close();
    });
  }

  await test('it ends with what is wrong with the configuration', async () => {
    const quickstart = startQuickstart(
      copyExample((text) => `${text}\nunknown: 1\n`));
    const { code, stdout, stderr } = await quickstart.ended;
    assert.deepStrictEqual([code, stdout], [2, '']);
    assert.match(stderr, /^signet: .*signet.yaml:\d+:1: .*unknown field/);
  });

  await test('it ends when a command fails, and stops the server', async () => {
    const quickstart = startQuickstart(
      copyExample((text) => text.replace('name: orders', 'name: others')));
    const { code, stderr } = await quickstart.ended;
    assert.strictEqual(code, 2);
    assert.match(stderr, /signet: policy: /);
    assert.match(stderr, /"server.stopped"/);
  });
});
