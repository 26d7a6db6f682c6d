'use strict';
// Tokens of an identity provider that is not ours, verified with the keys that
// it publishes, and no longer than it publishes them.

const assert = require('node:assert');
const { randomBytes } = require('node:crypto');
const { Authority, SERVER } = require('./authority');
const { assertAccepted, assertRejected, assertStatus } =
  require('./contract');
const {
  ACCESS_ALGORITHM, CLIENT_ID, IdentityProvider, JWKS_PATH, RESOURCE, SUBJECT,
} = require('./identity_provider');
const { jose } = require('./makers');
const { accessRequest, assertVerified, configFor, serve } =
  require('./relying_party');
const { eventually, makeFolder } = require('./signet');
const { suite } = require('./suite');

const FLOOD = 20_000;
const BATCH = 1000;

async function testKinds(test, atEnd) {
  const provider = await IdentityProvider.start(atEnd);
  const { client } = await serve(configFor(provider.issuer), atEnd);
  const ofPerson = await provider.logIn('n-1');
  const ofClient = await provider.clientToken();

  await test('an ID token of a person who logged in', async () => {
    const token = ofPerson.id_token;
    const claims = jose.decodeJwt(token);
    assert.deepStrictEqual([claims.iss, claims.sub, claims.aud],
      [provider.issuer, SUBJECT, CLIENT_ID]);
    assertAccepted(await client.verify({ token, policy: 'ID_TOKEN',
      nonce: 'n-1', access_token: ofPerson.access_token }),
    'TOKEN_KIND_ID_TOKEN', claims);
  });
  await test('her access token, and that of a client', async () => {
    for (const [token, subject] of
      [[ofPerson.access_token, SUBJECT], [ofClient, CLIENT_ID]]) {
      const claims = jose.decodeJwt(token);
      assert.deepStrictEqual(
        [claims.iss, claims.sub, claims.aud, claims.client_id],
        [provider.issuer, subject, RESOURCE, CLIENT_ID]);
      assertAccepted(await client.verify(accessRequest(token)),
        'TOKEN_KIND_ACCESS_TOKEN', claims);
    }
  });
  await test('neither is taken for the other, nor for another issuer', async () => {
    assertRejected(
      await client.verify(accessRequest(ofPerson.id_token)),
      'WRONG_TOKEN_KIND', 'typ');
    assertRejected(
      await client.verify({ token: ofClient, policy: 'ID_TOKEN' }),
      'WRONG_TOKEN_KIND', 'typ');
    const other = await IdentityProvider.start(atEnd);
    assertRejected(await client.verify(accessRequest(await other.clientToken())),
      'ISSUER_NOT_ACCEPTED', 'iss');
  });
  await test('all that with one request for the keys', () =>
    assert.strictEqual(provider.keyRequests, 1));
}

async function testSources(test, atEnd) {
  await test('keys by the URL of the JWK Set alone', async () => {
    const provider = await IdentityProvider.start(atEnd);
    const config = configFor(provider.issuer,
      { discovery_url: undefined, jwks_url: provider.issuer + JWKS_PATH });
    const { client } = await serve(config, atEnd);
    await assertVerified(client, await provider.clientToken());
    assert(![...provider.requests.keys()].some((p) => p.includes('well-known')));
  });

  const folder = makeFolder();
  const ca = new Authority(folder, 'ca');
  new Authority(folder, 'stranger');
  ca.issue('provider', SERVER);
  const tls = { key: ca.read('key', 'provider'),
    cert: ca.read('pem', 'provider'), ca: ca.read('pem') };
  const provider = await IdentityProvider.start(atEnd, tls);
  const token = await provider.clientToken();
  await test('https with the authority that is configured', async () => {
    const { client } = await serve(
      configFor(provider.issuer, { ca_file: 'ca.pem' }), atEnd, folder);
    await assertVerified(client, token);
  });
  for (const ca_file of [undefined, 'stranger.pem']) {
    await test(`https with ${ca_file ?? 'the authorities of the system'} decides nothing`,
      async () => {
        const config = configFor(provider.issuer, { ca_file });
        const { client } = await serve(
          { ...config, data_folder: `of-${ca_file}` }, atEnd, folder);
        await assertStatus(client.verify(accessRequest(token)), 'UNAVAILABLE');
      });
  }
}

async function testRotation(test, atEnd) {
  await test('new keys by a token of theirs, and old ones no longer', async () => {
    const provider = await IdentityProvider.start(atEnd);
    const { client } = await serve(configFor(provider.issuer), atEnd);
    const before = await provider.clientToken();
    // The second time it is known already.
    await assertVerified(client, before, before);
    await provider.changeKeys();
    const after = await provider.clientToken();
    await assertVerified(client, before);
    assert.strictEqual(provider.keyRequests, 1);
    const requests = Array.from({ length: 50 }, () => accessRequest(after));
    for (const answer of
      await Promise.all(requests.map((request) => client.verify(request)))) {
      assert(answer.verified, JSON.stringify(answer.rejection));
    }
    assert.strictEqual(provider.keyRequests, 2);
    assertRejected(await client.verify(accessRequest(before)),
      'KEY_NOT_FOUND', 'kid');
    await assertVerified(client, after);
    assert.strictEqual(provider.keyRequests, 2);
  });

  await test('removed keys with the next refresh, tokens or none', async () => {
    const provider = await IdentityProvider.start(atEnd);
    const { client } = await serve(configFor(provider.issuer,
      { min_refresh_interval: '1s', max_refresh_interval: '1s' }), atEnd);
    const before = await provider.clientToken();
    await assertVerified(client, before, before);
    await provider.changeKeys();
    const changed = provider.keyRequests;
    const rejected = await eventually(async () => {
      const answer = await client.verify(accessRequest(before));
      return answer.rejection && answer;
    });
    assertRejected(rejected, 'KEY_NOT_FOUND', 'kid');
    assert(provider.keyRequests > changed);
    await assertVerified(client, await provider.clientToken());
  });
}

// The token with another `kid`, which nobody has.
function strange(token) {
  const [, payload, signature] = token.split('.');
  const header = JSON.stringify({ alg: ACCESS_ALGORITHM, typ: 'at+jwt',
    kid: randomBytes(12).toString('hex') });
  return [Buffer.from(header).toString('base64url'), payload, signature]
    .join('.');
}

// How many answers were which; none is that it is verified.
async function sendStrange(client, token, count) {
  const requests =
    Array.from({ length: count }, () => accessRequest(strange(token)));
  const outcomes = { rejected: 0, undecided: 0 };
  for (const { response, failure } of await client.batchVerify(requests)) {
    if (response) assertRejected(response, 'KEY_NOT_FOUND', 'kid');
    response ? ++outcomes.rejected : ++outcomes.undecided;
    if (failure) assert.match(failure.message, /being fetched; repeat/);
  }
  return outcomes;
}

async function testFlood(test, atEnd) {
  await test(`${FLOOD} tokens with keys that nobody has: one request`, async () => {
    const provider = await IdentityProvider.start(atEnd);
    const { client } = await serve(
      configFor(provider.issuer, { unknown_key_cooldown: '5m' }), atEnd);
    const token = await provider.clientToken();
    await assertVerified(client, token);
    const sum = { rejected: 0, undecided: 0 };
    for (let sent = 0; sent < FLOOD; sent += BATCH) {
      const { rejected, undecided } = await sendStrange(client, token, BATCH);
      sum.rejected += rejected;
      sum.undecided += undecided;
      await assertVerified(client, token);
    }
    console.log(`${FLOOD} tokens: ${sum.rejected} rejected, ${sum.undecided} ` +
      `undecided, ${provider.keyRequests} requests for the keys`);
    assert.strictEqual(provider.keyRequests, 2);
  });

  await test('one request for each cooldown, and new keys with it', async () => {
    const provider = await IdentityProvider.start(atEnd);
    const { client } = await serve(
      configFor(provider.issuer, { unknown_key_cooldown: '1s' }), atEnd);
    const before = await provider.clientToken();
    await assertVerified(client, before);
    await provider.changeKeys();
    const after = await provider.clientToken();
    const start = Date.now();
    let sent = 0;
    while (provider.keyRequests < 4) {
      await sendStrange(client, before, 100);
      sent += 100;
    }
    const seconds = (Date.now() - start) / 1000;
    console.log(`${sent} tokens in ${seconds} s: ${provider.keyRequests} requests`);
    // The first was not because of a token.
    assert(provider.keyRequests - 1 <= 1 + seconds);
    await assertVerified(client, after);
  });
}

suite(async (test, atEnd) => {
  await testKinds(test, atEnd);
  await testSources(test, atEnd);
  await testRotation(test, atEnd);
  await testFlood(test, atEnd);
});
