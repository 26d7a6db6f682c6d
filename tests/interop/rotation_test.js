'use strict';
// signet keys status, rotate, revoke and watch: keys take over from each other
// without breaking a token, and go at once when they must.

const assert = require('node:assert');
const path = require('node:path');
const {
  ACCEPTED, REJECTED, answer, assertFails, jsonAnswer } = require('./commands');
const { Client, assertRejected, assertStatus, status } = require('./contract');
const { noteOutput } = require('./leak_check');
const { Key, jose, policiesFor, writePrivately } = require('./makers');
const { SIGNET, eventually, makeFolder, start, startServer, waitForOutput } =
  require('./signet');
const { openStoredKey } = require('./stored_keys');
const { suite } = require('./suite');

const AUDIENCE = 'https://orders.example';
const ISSUER = 'https://signet.example';
// Publishes its keys for an hour before they sign.
const PATIENT = 'https://patient.example';
// Signs with a key from a file.
const FILED = 'https://filed.example';
const OF_ISSUER = ['--issuer', ISSUER];
const ROTATE = ['keys', 'rotate', ...OF_ISSUER, '--algorithm', 'ES256'];

const COLUMNS = 'ISSUER KEY ALG STATE TIME LEFT LIVE TOKENS';

function configFor(keyFile) {
  const rotation = { period: '720h', publish_ahead: '1s', jwks_max_age: '1s' };
  return {
    issuers: [
      { issuer: ISSUER, signing: { generate: ['ES256'], rotation } },
      { issuer: PATIENT, signing: { generate: ['ES256'] } },
      { issuer: FILED, signing: { keys: [{ jwk_file: keyFile }] } },
    ],
    policies: policiesFor([ISSUER, PATIENT, FILED], AUDIENCE),
  };
}

// A server, and what can be asked of it.
class Subject {
  constructor(server) {
    this.client = new Client(server.address);
    this.server = ['--server', server.address];
  }

  async sign(issuer = ISSUER) {
    const { token } = await this.client.sign({
      kind: 'TOKEN_KIND_JWT', issuer, audiences: [AUDIENCE] });
    return token;
  }

  verify(token) {
    return this.client.verify({ token, policy: 'JWT' });
  }

  async assertGood(token) {
    const response = await this.verify(token);
    assert(response.verified, JSON.stringify(response.rejection));
  }

  listKeys() {
    return this.client.listKeys({ issuer: ISSUER });
  }

  // The kid of the only key in the state.
  async keyId(state) {
    const [key, ...others] = (await this.listKeys())
      .filter((one) => one.state === `KEY_STATE_${state}`);
    assert.deepStrictEqual(others, []);
    return key.key_id;
  }

  run(args) {
    return answer(ACCEPTED, [...args, ...this.server]);
  }

  // Resolves once the pending key may sign, which is a second after it came.
  untilRotatable() {
    const request = { issuer: ISSUER, algorithm: 'ES256', dry_run: true };
    return eventually(async () => {
      // A dry run goes by the store's time as the server knows it, and it looks
      // whenever it is to change something.
      await assertStatus(this.client.revokeKey(
        { issuer: ISSUER, key_id: 'of nobody' }), 'NOT_FOUND');
      return this.client.rotateKey(request).catch((error) => {
        assert.strictEqual(error.code, status.FAILED_PRECONDITION);
        assert.match(error.details, /not been published for long enough/);
      });
    });
  }
}

const kidOf = (token) => jose.decodeProtectedHeader(token).kid;

// Rows of a table, as they are printed. No cell has a space in it.
function rowsOf(text) {
  return text.trim().split('\n').map((line) => line.trim().split(/ {2,}/));
}

async function testRotation(test, subject) {
  const before = await subject.sign();

  await test('status shows a key that signs, and one that is to follow',
    async () => {
      const text = await subject.run(['keys', 'status', ...OF_ISSUER]);
      const [heading, ...rows] = rowsOf(text);
      assert.strictEqual(heading.join(' '), COLUMNS);
      assert.deepStrictEqual(
        rows.map(([issuer, , ...cells]) => [issuer, ...cells]).sort(),
        [[ISSUER, 'ES256', 'active', '29d 23h', '1'],
          [ISSUER, 'ES256', 'pending', '29d 23h', '0']]);
      const json = await jsonAnswer(
        ACCEPTED, ['keys', 'status', ...OF_ISSUER, ...subject.server]);
      assert.deepStrictEqual(
        json.keys.map(({ state }) => state).sort(),
        ['KEY_STATE_ACTIVE', 'KEY_STATE_PENDING']);
    });
  await test('a dry run says what would be done, and changes nothing',
    async () => {
      await subject.untilRotatable();
      const keys = async () => (await subject.listKeys())
        .map(({ time_left, ...key }) => key);
      const seen = await keys();
      const [first, heading, ...rows] =
        rowsOf(await subject.run([...ROTATE, '--dry-run']));
      assert.deepStrictEqual(first, ['would be rotated']);
      assert.strictEqual(heading.join(' '), 'KEY ALG FROM TO LIVE TOKENS');
      const active = await subject.keyId('ACTIVE');
      const pending = await subject.keyId('PENDING');
      assert.deepStrictEqual(rows, [
        [active, 'ES256', 'active', 'retiring', '1'],
        [pending, 'ES256', 'pending', 'active', '0'],
        ['(new)', 'ES256', '-', 'pending', '0']]);
      assert.deepStrictEqual(await keys(), seen);
      assert.strictEqual(kidOf(await subject.sign()), active);
    });
  await test('the pending key signs, and old tokens still verify', async () => {
    const [active, pending] =
      [await subject.keyId('ACTIVE'), await subject.keyId('PENDING')];
    assert.match(await subject.run(ROTATE), /^rotated\nKEY /);
    const after = await subject.sign();
    assert.deepStrictEqual([kidOf(before), kidOf(after)], [active, pending]);
    await subject.assertGood(before);
    await subject.assertGood(after);
    assert.strictEqual(await subject.keyId('RETIRING'), active);
    assert.strictEqual(await subject.keyId('ACTIVE'), pending);
  });
  await test('a key does not sign before it was published for long enough',
    () => assertFails(['keys', 'rotate', '--issuer', PATIENT, '--algorithm',
      'ES256', ...subject.server],
    /pending key has not been published for long enough; try again in \d+m/));
}

async function testWatch(test, subject) {
  const watch =
    start(SIGNET, ['keys', 'watch', ...OF_ISSUER, ...subject.server]);
  const stream = subject.client.watchJwks(ISSUER);
  const sets = stream[Symbol.asyncIterator]();
  // What the stream and the command say next, which is the same.
  const nextSet = async (lines) => {
    const { value: { jwks_json: text } } = await sets.next();
    await waitForOutput(watch, 'stdout', new RegExp(`^([^\n]+\n){${lines}}$`));
    assert.strictEqual(watch.text.stdout.split('\n')[lines - 1], text);
    return JSON.parse(text);
  };
  const jwtOf = async (token, jwks) => (await jose.jwtVerify(
    token, jose.createLocalJWKSet(jwks), { issuer: ISSUER })).payload;

  let first;
  await test('watch prints the JWK Set of the moment', async () => {
    first = await nextSet(1);
    assert.strictEqual(first.keys.length, 3);
    for (const { d, ...jwk } of first.keys) {
      assert.strictEqual(d, undefined);
      assert.deepStrictEqual(Object.keys(jwk).sort(),
        ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    }
    assert.strictEqual((await jwtOf(await subject.sign(), first)).iss, ISSUER);
  });
  await test('watch prints the JWK Set when it has changed', async () => {
    await subject.untilRotatable();
    await subject.run(ROTATE);
    const second = await nextSet(2);
    assert.deepStrictEqual(
      first.keys.map(({ kid }) => kid)
        .filter((kid) => !second.keys.some((key) => key.kid === kid)), []);
    assert.strictEqual(second.keys.length, 4);
    const token = await subject.sign();
    await jwtOf(token, second);
    // The key was there before it signed.
    await jwtOf(token, first);
  });

  watch.child.kill('SIGTERM');
  stream.on('error', () => {}).cancel();
  noteOutput('signet keys watch', (await watch.ended).stdout);
}

async function testRevocation(test, subject) {
  await test('a revoked key ends its tokens, and the next one signs',
    async () => {
      await subject.untilRotatable();
      const token = await subject.sign();
      const [active, pending] =
        [await subject.keyId('ACTIVE'), await subject.keyId('PENDING')];
      assert.strictEqual(kidOf(token), active);
      await subject.assertGood(token);
      const args = ['keys', 'revoke', ...OF_ISSUER, '--key-id', active];
      const [first, , ...rows] = rowsOf(await subject.run(args));
      assert.deepStrictEqual(first, ['revoked']);
      assert.deepStrictEqual(rows.slice(0, 2).map((row) => row.slice(0, 4)), [
        [active, 'ES256', 'active', 'revoked'],
        [pending, 'ES256', 'pending', 'active']]);
      assertRejected(await subject.verify(token), 'KEY_NOT_FOUND', 'kid');
      assert.strictEqual(await answer(REJECTED, ['introspect', '--policy',
        'JWT', token, ...subject.server]), 'not active\n');
      const next = await subject.sign();
      assert.strictEqual(kidOf(next), pending);
      await subject.assertGood(next);
      // To repeat it does no harm.
      assert.strictEqual(await subject.run(args), 'revoked\n');
    });
  await test('nothing is signed if no key may follow', async () => {
    const token = await subject.sign(PATIENT);
    const text = await subject.run(['keys', 'revoke', '--issuer', PATIENT,
      '--key-id', kidOf(token)]);
    assert.match(text, new RegExp(`^revoked\nKEY .*\n${kidOf(token)} .*\n` +
      'nothing is signed with ES256 until the pending key may; "signet keys ' +
      'status" says when\n$'));
    assertRejected(await subject.verify(token), 'KEY_NOT_FOUND', 'kid');
    await assertStatus(subject.sign(PATIENT), 'UNAVAILABLE',
      /no key of this issuer has been published for long enough/);
    assert.match(await subject.run(['keys', 'status', '--issuer', PATIENT]),
      / pending +59m\d+s +0\n/);
  });
  await test('a key from a file can be revoked, too', async () => {
    const token = await subject.sign(FILED);
    const [{ key_id: kid, state, time_left: timeLeft }] =
      await subject.client.listKeys({ issuer: FILED });
    assert.deepStrictEqual([state, timeLeft], ['KEY_STATE_ACTIVE', null]);
    assert.match(await subject.run(['keys', 'status', '--issuer', FILED]),
      new RegExp(`${kid} +EdDSA +active +- +1\n$`));
    await subject.assertGood(token);
    assert.strictEqual(await subject.run(
      ['keys', 'revoke', '--issuer', FILED, '--key-id', kid]), 'revoked\n');
    assertRejected(await subject.verify(token), 'REVOKED', 'kid');
  });
}

async function testBadArguments(test, subject) {
  const other = ['--issuer', 'https://x.example'];
  const rows = [
    ['status', other, /issuer: this server does not sign as it/],
    ['status', ['x'], /not expected/],
    ['rotate', [], /--issuer is required/],
    ['rotate', OF_ISSUER, /--algorithm is required/],
    ['rotate', [...OF_ISSUER, '--algorithm', 'none'], /algorithm: /],
    ['rotate', [...OF_ISSUER, '--algorithm', 'RS256'], /./],
    ['rotate', [...other, '--algorithm', 'ES256'], /issuer: /],
    ['rotate', ['--issuer', FILED, '--algorithm', 'EdDSA'],
      /issuer: Signet does not generate keys for this issuer/],
    ['revoke', [], /--issuer is required/],
    ['revoke', OF_ISSUER, /--key-id is required/],
    ['revoke', [...OF_ISSUER, '--key-id', ''], /--key-id: is empty/],
    ['revoke', [...OF_ISSUER, '--key-id', 'x'], /key_id|key/],
    ['revoke', [...other, '--key-id', 'x'], /issuer: /],
    ['watch', [], /--issuer is required/],
    ['watch', other, /issuer: this server does not sign as it/],
    ['watch', [...OF_ISSUER, '--timeout', '1'], /--timeout/],
  ];
  for (const [command, args, message] of rows) {
    await test(`keys ${command} ${args.join(' ')} fails`, () => assertFails(
      ['keys', command, ...args, ...subject.server], message));
  }
  await test('keys watch --once ends by itself', async () => {
    const { keys } = JSON.parse(await subject.run(
      ['keys', 'watch', ...OF_ISSUER, '--once']));
    assert(keys.length >= 2);
  });
  await test('keys watch needs a server', () => assertFails(
    ['keys', 'watch', ...OF_ISSUER, '--server', 'unix:none'],
    /cannot reach a server at unix:none/));
  await test('keys watch ends with the server', async () => {
    const folder = makeFolder();
    const server = await startServer(folder, {
      issuers: [{ issuer: ISSUER, signing: { generate: ['ES256'] } }],
      policies: policiesFor([ISSUER], AUDIENCE) }, () => {});
    const watch = start(SIGNET,
      ['keys', 'watch', ...OF_ISSUER, '--server', server.address]);
    await waitForOutput(watch, 'stdout', /\n/);
    await server.stop();
    const { code, stderr } = await watch.ended;
    assert.strictEqual(code, 2);
    assert.match(stderr, /^signet: [^\n]+\n$/);
  });
  await test('an unknown issuer has no stream', () => assertStatus(
    subject.client.watchJwks('x').toArray(), 'NOT_FOUND'));
}

// The members that no output may have, as the store keeps them.
async function testSecrecy(test, subject, folder) {
  await test('the store has private keys, and only sealed', async () => {
    const store = path.join(folder, 'data', 'signet.db');
    const live = (await subject.listKeys()).filter(({ state }) =>
      !['KEY_STATE_RETIRED', 'KEY_STATE_REVOKED'].includes(state));
    assert(live.length >= 2);
    for (const { key_id: kid } of live) {
      const jwk = openStoredKey(
        store, path.join(folder, 'data.key'), ISSUER, kid);
      assert(jwk?.d, `${kid} cannot be opened`);
      assert.strictEqual(await jose.calculateJwkThumbprint(jwk), kid);
    }
  });
}

suite(async (test, atEnd) => {
  const folder = makeFolder();
  const filed = await Key.make('EdDSA');
  const server = await startServer(folder, configFor(
    writePrivately(folder, 'filed.jwk', await filed.privateJwk())), atEnd);
  const subject = new Subject(server);
  await testRotation(test, subject);
  await testWatch(test, subject);
  await testSecrecy(test, subject, folder);
  await testRevocation(test, subject);
  await testSecrecy(test, subject, folder);
  await testBadArguments(test, subject);
  subject.client.close();
});
