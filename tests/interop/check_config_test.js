'use strict';
// signet serve says whether a configuration is good, and what is wrong with it,
// in one line that begins with the file and names the place.

const assert = require('node:assert');
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const { ACCEPTED, answer, assertFails } = require('./commands');
const { Key, policiesFor, writePrivately } = require('./makers');
const { makeFolder, writeConfig } = require('./signet');
const { suite } = require('./suite');

const ISSUER = 'https://signet.example';
const AUDIENCE = 'https://orders.example';

const GOOD = {
  listen: { address: '127.0.0.1:0' },
  issuers: [{ issuer: ISSUER, signing: { generate: ['ES256'] } }],
  policies: policiesFor([ISSUER], AUDIENCE),
};

function check(file) {
  return ['serve', '--check-config', '--config', file];
}

async function testCheckConfig(test, folder) {
  await test('check-config says that a configuration is good', async () => {
    const file = writeConfig(folder, GOOD);
    assert.strictEqual(await answer(ACCEPTED, check(file)), `${file}: good\n`);
    assert.deepStrictEqual(fs.readdirSync(folder), ['signet.yaml'],
      'it leaves nothing behind');
  });

  await test('check-config finds every example good', async () => {
    const examples = path.resolve('examples');
    const files = fs.readdirSync(examples).filter((name) => name.endsWith('.yaml'));
    assert.ok(files.length >= 2);
    for (const name of files) {
      const file = path.join(examples, name);
      assert.strictEqual(await answer(ACCEPTED, check(file)), `${file}: good\n`);
    }
  });

  const issuer = (more) => ({ ...GOOD, policies: [],
    issuers: [{ ...GOOD.issuers[0], ...more }] });
  const policy = (more) => ({ ...GOOD,
    policies: [{ ...GOOD.policies[0], ...more }] });
  // Rows of [configuration, message behind the file's name].
  const bad = [
    ['', /:1:1: expected a YAML document/],
    ['issuers: [', /:\d+:\d+: not YAML/],
    ['issuers:\n  - issuer: x\n    isuer: y\n', /:3:5: .*unknown field/],
    ['listen:\n\taddress: x\n', /:2:\d+: not YAML/],
    ['a: 1\n---\nb: 2\n', /:\d+:\d+: /],
    ['listen:\n  address: a\n  address: b\n', /:3:3: .*twice|already/],
    ['limits:\n  max_batch_size: -1\n', /:2:19: limits.max_batch_size: /],
    ['issuers:\n  - issuer: x\n    signing:\n      max_lifetime: 5\n',
      /:4:21: issuers\[0\].signing.max_lifetime: expected a duration/],
    [{ ...GOOD, issuers: [], policies: [] }, /: issuers: configure at/],
    [{ ...GOOD, listen: { address: 'localhost' } }, /: listen.address: /],
    [{ ...GOOD, limits: { max_batch_size: 65_537 } }, /: limits.max_batch_size/],
    [{ ...GOOD, limits: { max_rsa_bits: 2048 } }, /: limits.max_rsa_bits/],
    ['limits:\n  token_cache_bytes: 64MiB\n',
      /:2:22: limits.token_cache_bytes: expected a whole number/],
    [{ ...GOOD, limits: { token_cache_bytes: 1000 } },
      /: limits.token_cache_bytes: must be 0, or from 1048576 to 68719476736/],
    [{ ...GOOD, limits: { key_table_bytes: 2 ** 40 } },
      /: limits.key_table_bytes: must be 0, or from 1048576 to 68719476736/],
    [{ ...GOOD, issuers: [GOOD.issuers[0], GOOD.issuers[0]] },
      /: issuers\[1\]\W+issuer: is configured twice/],
    [issuer({ issuer: '' }), /: issuers\[0\]\W+issuer: is required/],
    [issuer({ signing: {} }), /: issuers\[0\]\.signing: name keys, or /],
    [issuer({ signing: { generate: ['none'] } }),
      /: issuers\[0\]\W+signing.generate\[0\]: not an algorithm/],
    [issuer({ keys: [{}] }), /: issuers\[0\]\W+keys\[0\]: name a jwk_file/],
    [issuer({ keys: [{ jwk_file: 'none.jwk' }] }),
      /keys\[0\]: .*none.jwk: cannot be opened: No such file/],
    [issuer({ keys: [{ jwk_file: '.' }] }), /keys\[0\]: .*not a regular file/],
    [issuer({ keys: [{ jwk_file: 'bad.jwk' }] }), /keys\[0\]: .*not valid JSON/],
    [issuer({ keys: [{ jwk_file: 'private.jwk' }] }),
      /keys\[0\]: .*private.jwk: the key is private/],
    [issuer({ keys: [{ jwk_file: 'secret.jwk' }] }),
      /keys\[0\]: .*secret.jwk: .*chmod 600/],
    [issuer({ signing: { keys: [{ jwk_file: 'open.jwk' }] } }),
      /signing.keys\[0\]: .*open.jwk: .*chmod 600/],
    [issuer({ signing: { keys: [{ jwk_file: 'public.jwk' }] } }),
      /signing.keys\[0\]: .*public.jwk: /],
    [issuer({ signing: { generate: ['ES256'], max_lifetime: '25h' } }),
      /signing\W+max_lifetime: at most 24h/],
    [issuer({ signing: { generate: ['ES256'], default_lifetime: '2h' } }),
      /signing\W+default_lifetime: longer than max_lifetime/],
    [policy({ name: '' }), /: policies\[0\]\W+name: is required/],
    [policy({ kind: undefined }), /: policies\[0\]\W+kind: is required/],
    [policy({ issuers: [] }), /: policies\[0\]\W+issuers: name at least one/],
    [policy({ issuers: ['https://x'] }), /issuers: https:\/\/x is not conf/],
    [policy({ audiences: [] }), /: policies\[0\]\W+audiences: /],
    [policy({ any_audience: true }), /: policies\[0\]\W+any_audience: /],
    [policy({ algorithms: ['none'] }), /: policies\[0\]\W+algorithms\S*: /],
    [policy({ types: ['x'] }), /: policies\[0\]\W+types: /],
    [policy({ clock_skew: '6m' }), /: policies\[0\]\W+clock_skew: /],
    [policy({ allow_missing_expiration: true }),
      /: policies\[0\]\W+allow_missing_expiration: /],
    [policy({ allow_ambiguous_kind: true }),
      /: policies\[0\]\W+allow_ambiguous_kind: /],
    [{ ...GOOD, policies: [GOOD.policies[0], GOOD.policies[0]] },
      /: policies\[1\]\W+name: is used by another policy/],
  ];
  const key = await Key.make('ES256');
  const secret = { kty: 'oct', alg: 'HS256', k: 'A'.repeat(43) };
  writePrivately(folder, 'bad.jwk', '{');
  writePrivately(folder, 'private.jwk', await key.privateJwk());
  writePrivately(folder, 'public.jwk', await key.publicJwk());
  for (const [name, jwk] of
    [['open.jwk', await key.privateJwk()], ['secret.jwk', secret]]) {
    writePrivately(folder, name, jwk);
    fs.chmodSync(path.join(folder, name), 0o644);
  }
  for (const [config, message] of bad) {
    await test(`refused with ${message.source}`, async () => {
      const file = typeof config === 'string'
        ? path.join(folder, writePrivately(folder, 'bad.yaml', config))
        : writeConfig(folder, config, 'bad.yaml');
      const between = message.source.startsWith(':') ? '' : ': .*';
      const wanted = new RegExp(
        `^signet: ${file}(:\\d+:\\d+)?${between}${message.source}`);
      await assertFails(check(file), wanted);
      await assertFails(['serve', '--config', file], wanted);
    });
  }
  for (const [args, message] of [
    [[], /--config is required/],
    [['--config', '/nonexistent'], /\/nonexistent: cannot be opened: No such/],
    [['--config', folder], /: is not a regular file/],
    [['--config', 'x', '--port', '1'], /--port/],
  ]) {
    await test(`serve ${args.join(' ')} fails`, () =>
      assertFails(['serve', ...args], message));
  }
}

async function testAddresses(test, folder) {
  await test('a port in use is refused, in one line', async () => {
    const other = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.on('listening', resolve));
    const address = `127.0.0.1:${other.address().port}`;
    const file = writeConfig(folder, { ...GOOD, listen: { address } }, 'used');
    await assertFails(['serve', '--config', file],
      new RegExp(`cannot listen on ${address}`));
    // Checking does not listen.
    await answer(ACCEPTED, check(file));
    other.close();
  });
  const beyond = [
    [{}, /listen.tls: is required beyond loopback/],
    [{ allow_plaintext_beyond_loopback: true },
      /listen.tls.client_ca_file: is required beyond loopback/],
    [{ allow_anonymous_beyond_loopback: true },
      /listen.tls: is required beyond loopback/],
    [{ allow_plaintext_beyond_loopback: true,
      allow_anonymous_beyond_loopback: true }],
  ];
  for (const address of ['0.0.0.0:7410', '[::]:7410', '192.0.2.1:7410']) {
    for (const [listen, message] of beyond) {
      const said = Object.keys(listen).join(' and ') || 'nothing';
      await test(`${address} with ${said} is ${message ? 'refused' : 'good'}`,
        async () => {
          const file = writeConfig(
            folder, { ...GOOD, authorization: {}, listen: { address, ...listen } },
            'beyond');
          if (!message) {
            await answer(ACCEPTED, check(file));
            return;
          }
          await assertFails(check(file), message);
          await assertFails(['serve', '--config', file], message);
        });
    }
  }
}

async function testAuthorization(test, folder) {
  await test('beyond loopback it must be said who may do what', async () => {
    const listen = { address: '0.0.0.0:0', allow_plaintext_beyond_loopback: true,
      allow_anonymous_beyond_loopback: true };
    const message = /authorization: is required beyond loopback/;
    const file = writeConfig(folder, { ...GOOD, listen }, 'open');
    await assertFails(check(file), message);
    await assertFails(['serve', '--config', file], message);
  });
  await test('a grant that allows nothing is refused, by its place', async () => {
    const file = writeConfig(folder, { ...GOOD, authorization: { grants: [
      { roles: ['VERIFY'], callers: [{ anonymous: true }] },
      { roles: ['VERIFY'], callers: [{ spiffe_id: 'spiffe://A.example/x' }] },
    ] } }, 'grants');
    await assertFails(check(file),
      /authorization.grants\[1\].callers\[0\].spiffe_id: must be a SPIFFE ID/);
  });
}

suite(async (test) => {
  await testAuthorization(test, makeFolder());
  await testCheckConfig(test, makeFolder());
  await testAddresses(test, makeFolder());
});
