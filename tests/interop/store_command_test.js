'use strict';
// signet store: looks after what servers keep, and never touches it by mistake.

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { ACCEPTED, answer, assertFails } = require('./commands');
const { Client, assertRejected } = require('./contract');
const { policiesFor } = require('./makers');
const {
  SIGNET, makeFolder, signet, start, startServer, waitForOutput, writeConfig,
} = require('./signet');
const { openStoredKey } = require('./stored_keys');
const { suite } = require('./suite');

const AUDIENCE = 'https://orders.example';
const ISSUER = 'https://signet.example';
const PASSWORD = 'correct-horse-battery-staple';

function configFor(state) {
  return {
    ...(state && { state }),
    issuers: [{ issuer: ISSUER, signing: { generate: ['ES256', 'EdDSA'] } }],
    policies: policiesFor([ISSUER], AUDIENCE),
  };
}

const keptIn = (store, key) =>
  configFor({ store: `sqlite:${store}`, key_encryption_key_file: key });

// Runs a server for as long as `body` takes.
async function whileServing(folder, config, body) {
  const server = await startServer(folder, config, () => {});
  const client = new Client(server.address);
  try {
    return await body(client);
  } finally {
    client.close();
    await server.stop();
  }
}

async function sign(client) {
  return (await client.sign({
    kind: 'TOKEN_KIND_JWT', audiences: [AUDIENCE] })).token;
}

const verify = (client, token) => client.verify({ token, policy: 'JWT' });

// What a store holds, byte for byte.
function contentsOf(store) {
  return ['', '-wal'].map((ending) => `${store}${ending}`)
    .filter(fs.existsSync).map((file) => fs.readFileSync(file, 'latin1'));
}

async function assertDoesNotServe(folder, config, message) {
  const file = writeConfig(folder, {
    ...config, listen: { address: '127.0.0.1:0' } });
  await assertFails(['serve', '--config', file], message);
}

async function testNewKey(test, folder) {
  const file = path.join(folder, 'new.key');
  await test('new-key writes a file for its owner alone', async () => {
    const id = await answer(ACCEPTED, ['store', 'new-key', file]);
    assert.match(id, /^[0-9a-f]{16}\n$/);
    assert.match(fs.readFileSync(file, 'utf8'), /^[\w-]{43}\n$/);
    assert.strictEqual(fs.statSync(file).mode & 0o777, 0o600);
  });
  await test('new-key does not overwrite', async () => {
    const before = fs.readFileSync(file);
    await assertFails(['store', 'new-key', file], /cannot be created: File exists/);
    assert.deepStrictEqual(fs.readFileSync(file), before);
    assert.deepStrictEqual(fs.readdirSync(folder)
      .filter((name) => name.startsWith('new.key')), ['new.key']);
  });
  await test('new-key makes a new key each time', async () => {
    const other = path.join(folder, 'other.key');
    await answer(ACCEPTED, ['store', 'new-key', other]);
    assert.notDeepStrictEqual(fs.readFileSync(other), fs.readFileSync(file));
  });
}

async function testCheck(test, store) {
  await test('check says what is in a store', async () => assert.match(
    await answer(ACCEPTED, ['store', 'check', `sqlite:${store}`]),
    /^SQLite, schema \d+, revision \d+: 4 keys of 1 issuers, 1 revocations, /));
  await test('check does not make a store that is not there', async () => {
    const none = path.join(makeFolder(), 'none.db');
    await assertFails(['store', 'check', `sqlite:${none}`],
      /none\.db: there is no store/);
    assert(!fs.existsSync(none));
  });
  await test('check finds that a store is none', async () => {
    const file = path.join(makeFolder(), 'x.db');
    fs.writeFileSync(file, 'x'.repeat(8192), { mode: 0o600 });
    await assertFails(['store', 'check', `sqlite:${file}`], /corrupt/);
  });
  await test('check finds that a store was damaged', async () => {
    const folder = makeFolder();
    const copy = path.join(folder, 'copy.db');
    await signet(['store', 'migrate', '--from', `sqlite:${store}`,
      '--to', `sqlite:${copy}`]);
    const bytes = fs.readFileSync(copy);
    bytes.fill(0x55, 5000, 12_000);
    fs.writeFileSync(copy, bytes);
    await assertFails(['store', 'check', `sqlite:${copy}`], /corrupt/);
  });
}

async function testMigrate(test, folder, { good, revoked }) {
  const from = path.join(folder, 'data', 'signet.db');
  const to = path.join(folder, 'moved.db');
  const migrate = ['store', 'migrate', '--from', `sqlite:${from}`,
    '--to', `sqlite:${to}`];
  await test('migrate copies and compares, and says how far it is', async () => {
    const before = contentsOf(from);
    const { code, stdout, stderr } = await signet(migrate);
    assert.strictEqual(code, 0, stderr);
    assert.match(stdout, /^copied and compared: 4 keys of 1 issuers, 1 revo[^\n]+\n$/);
    assert.match(stderr, /^(signet: copied so far: \d+ keys [^\n]+\n)+$/);
    assert.deepStrictEqual(contentsOf(from), before);
    assert.strictEqual(fs.statSync(to).mode & 0o777, 0o600);
  });
  await test('migrate does not copy into a store that is used', async () => {
    const before = contentsOf(to);
    await assertFails(migrate, /not empty/);
    assert.deepStrictEqual(contentsOf(to), before);
  });
  await test('migrate makes nothing of a store that is not there', async () => {
    const target = path.join(folder, 'never.db');
    await assertFails(['store', 'migrate', '--from', 'sqlite:/nonexistent',
      '--to', `sqlite:${target}`], /\/nonexistent: there is no store/);
    assert(!fs.existsSync(target));
  });
  await test('a server goes on with the copy', () =>
    whileServing(folder, keptIn('moved.db', 'data.key'), async (client) => {
      assert((await verify(client, good)).verified);
      assertRejected(await verify(client, revoked), 'REVOKED', 'jti');
    }));
}

async function testRewrap(test, folder, { good, revoked }) {
  const store = path.join(folder, 'moved.db');
  const [oldKey, newKey, wrong] = ['data.key', 'new.key', 'other.key']
    .map((name) => path.join(folder, name));
  const rewrap = (key, other) => ['store', 'rewrap', `sqlite:${store}`,
    '--key-file', key, '--new-key-file', other];
  const kid = JSON.parse(
    Buffer.from(good.split('.')[0], 'base64url').toString()).kid;
  const opened = (key) => openStoredKey(store, key, ISSUER, kid);

  await test('a wrong key-encryption key starts no server, and changes nothing',
    async () => {
      const before = contentsOf(store);
      await assertDoesNotServe(folder, keptIn('moved.db', 'other.key'),
        /sealed under another key-encryption key/);
      assert.deepStrictEqual(contentsOf(store), before);
    });
  await test('a wrong key-encryption key rewraps nothing', async () => {
    const before = contentsOf(store);
    await assertFails(rewrap(wrong, newKey),
      /^signet: key .*: .*sealed under another key-encryption key/);
    assert.deepStrictEqual(contentsOf(store), before);
    assert(opened(oldKey));
  });
  await test('rewrap seals the keys anew', async () => {
    assert(!opened(newKey));
    assert.match(await answer(ACCEPTED, rewrap(oldKey, newKey)),
      /^rewrapped 4 private keys; 0 were up to date\nnow restart every server [^\n]+ [0-9a-f]{16}\n$/);
    assert(opened(newKey));
  });
  await test('to rewrap again changes nothing', async () => assert.match(
    await answer(ACCEPTED, rewrap(oldKey, newKey)),
    /^rewrapped 0 private keys; 4 were up to date\n/));
  await test('a server goes on with the new key-encryption key', () =>
    whileServing(folder, keptIn('moved.db', 'new.key'), async (client) => {
      assert((await verify(client, good)).verified);
      assert((await verify(client, await sign(client))).verified);
      assertRejected(await verify(client, revoked), 'REVOKED', 'jti');
    }));
  await test('the old key-encryption key is of no use any more', () =>
    assertDoesNotServe(folder, keptIn('moved.db', 'data.key'),
      /sealed under another key-encryption key/));
}

async function testKeyAtStart(test, folder) {
  await test('a store whose key-encryption key is gone gets no other',
    async () => {
      const hidden = path.join(folder, 'hidden.key');
      fs.renameSync(path.join(folder, 'data.key'), hidden);
      await assertDoesNotServe(folder, configFor(), /data\.key: /);
      assert(!fs.existsSync(path.join(folder, 'data.key')));
      fs.renameSync(hidden, path.join(folder, 'data.key'));
    });
  for (const [what, state, message] of [
    ['a key-encryption key that is none',
      { store: 'sqlite:x.db', key_encryption_key_file: 'signet.yaml' }, /./],
    ['no key-encryption key', { store: 'sqlite:x.db' },
      /state\.key_encryption_key_file: is required .*signet store new-key/],
    ['a variable that is not set',
      { store: 'sqlite:x.db', key_encryption_key_variable: 'SIGNET_NO_KEK' },
      /SIGNET_NO_KEK is not set/],
    ['an address that names no store',
      { store: 'redis:x', key_encryption_key_file: 'new.key' },
      /names no store/],
  ]) {
    await test(`a server does not start with ${what}`, () =>
      assertDoesNotServe(folder, configFor(state), message));
  }
  await test('the environment may hold the key-encryption key', async () => {
    const text = fs.readFileSync(path.join(folder, 'new.key'), 'utf8').trim();
    const file = writeConfig(folder, {
      ...configFor({ store: 'sqlite:moved.db',
        key_encryption_key_variable: 'SIGNET_KEK' }),
      listen: { address: '127.0.0.1:0' } });
    const program = start(SIGNET, ['serve', '--config', file],
      { env: { ...process.env, SIGNET_KEK: text } });
    await waitForOutput(program, 'stderr', /"server.listening"/);
    program.child.kill();
    assert.strictEqual((await program.ended).code, 0);
  });
}

async function testBadArguments(test, folder) {
  const key = path.join(folder, 'new.key');
  const postgres = `postgresql://signet:${PASSWORD}@127.0.0.1:1/signet`;
  const keywords = `postgres:host=127.0.0.1 port=1 password=${PASSWORD}`;
  const rows = [
    [[], /subcommand is required/],
    [['new-key'], /file is required/],
    [['new-key', '/nonexistent/x'], /\/nonexistent\/x: cannot be created/],
    [['check'], /address is required/],
    [['check', ''], /names no store/],
    [['check', '/tmp/signet.db'], /names no store/],
    [['check', postgres], /PostgreSQL: .*refused/],
    [['check', keywords], /PostgreSQL: .*refused/],
    [['check', postgres, PASSWORD], /not expected/],
    [['check', `postgres:pasword=${PASSWORD}`], /PostgreSQL: /],
    [['check', `--password=${PASSWORD}`, postgres], /--password/],
    [['migrate', '--from', postgres], /--to is required/],
    [['migrate', '--from', '', '--to', postgres], /--from: is empty/],
    [['migrate', '--from', postgres, '--to', `sqlite:${folder}/n.db`],
      /PostgreSQL: .*refused/],
    [['rewrap', postgres], /--key-file is required|--new-key-file is required/],
    [['rewrap', postgres, '--key-file', key], /--new-key-file is required/],
    [['rewrap', postgres, '--key-file', key, '--new-key-file', '/nonexistent'],
      /\/nonexistent: cannot be opened: No such file/],
    [['rewrap', postgres, '--key-file', key, '--new-key-file', key],
      /PostgreSQL: .*refused/],
    [['rewrap', 'sqlite:/nonexistent', '--key-file', key, '--new-key-file', key],
      /\/nonexistent: there is no store/],
  ];
  for (const [args, message] of rows) {
    const shown = args.join(' ').replaceAll(PASSWORD, '...');
    await test(`store ${shown} fails, without the password`, async () => {
      const { stdout, stderr } = await signet(['store', ...args]);
      assert(!`${stdout}${stderr}`.includes(PASSWORD), 'shows the password');
      await assertFails(['store', ...args], message);
    });
  }
}

suite(async (test) => {
  const folder = makeFolder();
  const tokens = await whileServing(folder, configFor(), async (client) => {
    const [good, revoked] = [await sign(client), await sign(client)];
    await client.revoke({ token: revoked });
    return { good, revoked };
  });
  await testNewKey(test, folder);
  await testCheck(test, path.join(folder, 'data', 'signet.db'));
  await testMigrate(test, folder, tokens);
  await testRewrap(test, folder, tokens);
  await testKeyAtStart(test, folder);
  await testBadArguments(test, folder);
});
