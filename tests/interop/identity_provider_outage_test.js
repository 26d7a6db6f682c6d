'use strict';
// An identity provider that is away, slow, or not what it should be: keys that
// are known are used, and for others the answer is that nobody can say.

const assert = require('node:assert');
const { assertFails } = require('./commands');
const { METHODS, assertRejected, assertStatus, status } =
  require('./contract');
const { IdentityProvider, JWKS_PATH, METADATA_PATH, RESOURCE } =
  require('./identity_provider');
const { Key, claimsFor, nowInSeconds } = require('./makers');
const { accessRequest, assertVerified, configFor, serve } =
  require('./relying_party');
const { eventually, makeFolder } = require('./signet');
const { suite } = require('./suite');

const OWN_ISSUER = 'https://signet.example';
const BEING_FETCHED = /being fetched/;
const CANNOT = /cannot be fetched now/;

// Asserts that no RPC and no command decides about the token.
async function assertUndecided({ client, server }, token) {
  const request = accessRequest(token);
  await assertStatus(client.verify(request), 'UNAVAILABLE', CANNOT);
  await assertStatus(
    client.verify({ ...request, explain: true }), 'UNAVAILABLE', CANNOT);
  await assertStatus(client.introspect(request), 'UNAVAILABLE', CANNOT);
  const [{ failure }] = await client.batchVerify([request]);
  assert.strictEqual(failure.code, status.UNAVAILABLE);
  assert.match(failure.message, CANNOT);
  for (const command of ['verify', 'introspect']) {
    await assertFails([command, '--policy', 'ACCESS_TOKEN', '--server',
      server.address, token], CANNOT);
  }
}

async function testRestart(test, atEnd) {
  const provider = await IdentityProvider.start(atEnd);
  const config = configFor(provider.issuer);
  const folder = makeFolder();
  const known = await provider.clientToken();

  await test('keys outlive a restart while the provider is away', async () => {
    const first = await serve(config, atEnd, folder);
    await assertVerified(first.client, known);
    first.client.close();
    assert.strictEqual((await first.server.stop()).code, 0);
    // Keys that this Signet never saw.
    await provider.changeKeys();
    const unknown = await provider.clientToken();
    await provider.stop();

    const second = await serve(config, atEnd, folder);
    await assertVerified(second.client, known);
    await assertUndecided(second, unknown);
    await assertVerified(second.client, known);

    await provider.listen();
    await eventually(() => second.client.verify(accessRequest(unknown)).then(
      ({ verified, rejection }) => {
        assert(verified, JSON.stringify(rejection));
        return true;
      }, (error) => assert.strictEqual(error.code, status.UNAVAILABLE)));
    assertRejected(await second.client.verify(accessRequest(known)),
      'KEY_NOT_FOUND', 'kid');
  });

  await test('keys end when nobody has confirmed them for too long', async () => {
    const { client } = await serve(configFor(provider.issuer, {
      min_refresh_interval: '1s', max_refresh_interval: '1s',
      max_staleness: '2s' }), atEnd);
    const token = await provider.clientToken();
    await assertVerified(client, token, token);
    await provider.stop();
    await eventually(() => client.verify(accessRequest(token)).then(
      ({ verified }) => assert(verified), (error) => {
        assert.strictEqual(error.code, status.UNAVAILABLE);
        return true;
      }));
    await provider.listen();
    await eventually(() => client.verify(accessRequest(token)).then(
      ({ verified }) => verified,
      (error) => assert.strictEqual(error.code, status.UNAVAILABLE)));
  });
}

async function testUnreachable(test, atEnd) {
  await test('a provider that was never there', async () => {
    const provider = await IdentityProvider.start(atEnd);
    const token = await provider.clientToken();
    await provider.stop();
    const config = configFor(provider.issuer);
    config.issuers.push(
      { issuer: OWN_ISSUER, signing: { generate: ['ES256'] } });
    config.policies[1].issuers.push(OWN_ISSUER);
    const running = await serve(config, atEnd);
    await running.server.event('issuer.not_fetched');
    await assertUndecided(running, token);

    const own = await running.client.sign({ kind: 'TOKEN_KIND_ACCESS_TOKEN',
      subject: 'alice', client_id: 'shop', scopes: ['orders.read'],
      audiences: [RESOURCE] });
    await assertVerified(running.client, own.token);
    await provider.listen();
    await eventually(() => running.client.verify(accessRequest(token)).then(
      ({ verified }) => verified,
      (error) => assert.strictEqual(error.code, status.UNAVAILABLE)));
  });

  await test('metadata of another issuer', async () => {
    const provider = await IdentityProvider.start(atEnd);
    const issuer = provider.issuer.replace('127.0.0.1', 'localhost');
    const running = await serve(configFor(issuer), atEnd);
    await running.server.event('issuer.not_fetched');
    assert.match(running.server.program.text.stderr, /is about another issuer/);
    const key = await Key.make('ES256');
    await assertUndecided(running, await key.token('ACCESS_TOKEN',
      claimsFor('ACCESS_TOKEN', issuer, RESOURCE, nowInSeconds())));
    assert.strictEqual(provider.keyRequests, 0);
  });
}

// Returns once the calls that were sent before are waiting for keys.
async function assertBeingFetched(client, token) {
  const [{ failure }] = await client.batchVerify([accessRequest(token)]);
  assert.strictEqual(failure.code, status.UNAVAILABLE);
  assert.match(failure.message, BEING_FETCHED);
}

// Resolves with how a call of Verify ends that may take so long.
function verifyWithin(client, milliseconds, token) {
  const { path, requestSerialize, responseDeserialize } = METHODS.Verify;
  return new Promise((resolve) => {
    client.channel.makeUnaryRequest(path, requestSerialize, responseDeserialize,
      accessRequest(token), { deadline: Date.now() + milliseconds },
      (error) => resolve(error ? status[error.code] : 'OK'));
  });
}

async function testSlow(test, atEnd) {
  for (const path of [METADATA_PATH, JWKS_PATH]) {
    await test(`calls wait for a provider that is slow at ${path}`, async () => {
      const provider = await IdentityProvider.start(atEnd);
      const token = await provider.clientToken();
      const release = provider.hold(path);
      const { client } = await serve(configFor(provider.issuer), atEnd);
      let ended = 0;
      const calls = Array.from({ length: 200 }, () =>
        client.verify(accessRequest(token)).finally(() => { ++ended; }));
      const hurried = await verifyWithin(client, 300, token);
      assert.strictEqual(hurried, 'DEADLINE_EXCEEDED');
      await assertBeingFetched(client, token);
      assert.strictEqual(ended, 0);
      release();
      for (const { verified, rejection } of await Promise.all(calls)) {
        assert(verified, JSON.stringify(rejection));
      }
      assert.strictEqual(provider.keyRequests, 1);
    });
  }

  await test('they wait no longer than a fetch may take', async () => {
    const provider = await IdentityProvider.start(atEnd);
    const token = await provider.clientToken();
    const release = provider.hold(JWKS_PATH);
    const running = await serve(
      configFor(provider.issuer, { timeout: '500ms' }), atEnd);
    await assertStatus(
      running.client.verify(accessRequest(token)), 'UNAVAILABLE');
    release();
  });

  await test('a server that stops ends them', async () => {
    const provider = await IdentityProvider.start(atEnd);
    const token = await provider.clientToken();
    const release = provider.hold(JWKS_PATH);
    const { client, server } =
      await serve(configFor(provider.issuer, { timeout: '20s' }), atEnd);
    const call = assertStatus(
      client.verify(accessRequest(token)), 'UNAVAILABLE');
    await assertBeingFetched(client, token);
    const start = Date.now();
    assert.strictEqual((await server.stop()).code, 0);
    console.log(`stopped after ${Date.now() - start} ms`);
    await call;
    release();
  });
}

suite(async (test, atEnd) => {
  await testRestart(test, atEnd);
  await testUnreachable(test, atEnd);
  await testSlow(test, atEnd);
});
