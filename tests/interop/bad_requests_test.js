'use strict';
// Requests that are wrong in themselves, and the limits of what is taken.

const assert = require('node:assert');
const { Client, METHODS, assertStatus, status } = require('./contract');
const { policiesFor } = require('./makers');
const { makeFolder, startServer } = require('./signet');
const { suite } = require('./suite');

const SIGNET = 'https://signet.example';
const OTHER = 'https://other.example';
const AUDIENCE = 'https://orders.example';

// Rows of [what, change to a good SignRequest, start of the message].
const BAD_SIGN_REQUESTS = [
  ['no kind', { kind: 0 }, 'kind: '],
  ['a kind from the future', { kind: 77 }, 'kind: '],
  ['an unknown issuer', { issuer: OTHER }, 'issuer: '],
  ['no subject', { subject: '' }, 'subject: '],
  ['no audience', { audiences: [] }, 'audiences: '],
  ['an empty audience', { audiences: [AUDIENCE, ''] }, 'audiences: '],
  ['no client_id', { client_id: '' }, 'client_id: '],
  ['a scope with a space', { scopes: ['a b'] }, 'scopes: '],
  ['an empty scope', { scopes: [''] }, 'scopes: '],
  ['a scope with a line break', { scopes: ['a\nb'] }, 'scopes: '],
  ['nonce in an access token', { nonce: 'n' }, 'nonce: '],
  ['azp in an access token', { authorized_party: 'x' }, 'authorized_party: '],
  ['at_hash in an access token', { access_token: 'x' }, 'access_token: '],
  ['a login to come', { authenticated_at: { seconds: 253_402_300_799 } },
    'authenticated_at: '],
  ['a login at no time', { authenticated_at: { nanos: -1 } },
    'authenticated_at: '],
  ['an empty amr', { authentication_methods: [''] },
    'authentication_methods: '],
  ['a negative lifetime', { lifetime: { seconds: -60 } }, 'lifetime: '],
  ['a lifetime of nothing', { lifetime: {} }, 'lifetime: '],
  ['half a second', { lifetime: { nanos: 5e8 } }, 'lifetime: '],
  ['one and a half seconds', { lifetime: { seconds: 1, nanos: 5e8 } },
    'lifetime: '],
  ['more than the maximum', { lifetime: { seconds: 3601 } }, 'lifetime: '],
  ['an eternity', { lifetime: { seconds: Number.MAX_SAFE_INTEGER } },
    'lifetime: '],
  ['claims that are no JSON', { custom_claims_json: '{' },
    'custom_claims_json: '],
  ['claims that are no object', { custom_claims_json: '[]' },
    'custom_claims_json: '],
  ['a claim twice', { custom_claims_json: '{"a":1,"\\u0061":2}' },
    'custom_claims_json: '],
  ['something behind the claims', { custom_claims_json: '{}{}' },
    'custom_claims_json: '],
  ...['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'scope', 'client_id',
    'nonce', 'azp', 'auth_time', 'acr', 'amr', 'at_hash', 'c_hash', 'act',
    'may_act', '\\u0065xp'].map((name) =>
    [`own ${name}`, { custom_claims_json: `{"${name}":1}` },
      'custom_claims_json: ']),
  ['an unknown algorithm', { algorithm: 'none' }, 'algorithm: '],
  ['an algorithm without a key', { algorithm: 'PS512' }, 'algorithm: '],
  ['more than a token holds',
    { custom_claims_json: JSON.stringify({ a: 'x'.repeat(16 * 1024) }) },
    'custom_claims_json: is longer than'],
];

const BAD_VERIFY_REQUESTS = [
  ['no policy', { policy: '' }, 'policy: '],
  ['an unknown policy', { policy: 'nobody' }, 'policy: '],
  ['a policy in other case', { policy: 'jwt' }, 'policy: '],
  ...['max_token_age', 'max_authentication_age'].flatMap((field) => [
    [`negative ${field}`, { [field]: { seconds: -1 } }, `${field}: `],
    [`${field} of nothing`, { [field]: {} }, `${field}: `],
    [`${field} with mixed signs`, { [field]: { seconds: 1, nanos: -1 } },
      `${field}: `],
    [`${field} with too many nanos`, { [field]: { nanos: 1e9 } },
      `${field}: `],
    [`${field} beyond the range`, { [field]: { seconds: 315_576_000_001 } },
      `${field}: `],
  ]),
];

async function testBadRequests(test, client, good) {
  const request = {
    kind: 'TOKEN_KIND_ACCESS_TOKEN', subject: 'alice', client_id: 'shop',
    audiences: [AUDIENCE] };
  const startsWith = (text) => new RegExp(`^${text}`);
  await test('Sign answers the request that the bad ones are made of', () =>
    client.sign(request));
  for (const [what, change, message] of BAD_SIGN_REQUESTS) {
    await test(`Sign refuses ${what}`, () => assertStatus(
      client.sign({ ...request, ...change }), 'INVALID_ARGUMENT',
      startsWith(message)));
  }
  for (const [what, change, message] of BAD_VERIFY_REQUESTS) {
    await test(`Verify refuses ${what}`, async () => {
      const bad = { token: good, policy: 'JWT', ...change };
      const said = await assertStatus(
        client.verify(bad), 'INVALID_ARGUMENT', startsWith(message));
      const [{ failure }] = await client.batchVerify([bad]);
      assert.deepStrictEqual(failure,
        { code: status.INVALID_ARGUMENT, message: said });
    });
  }
  for (const policy of ['', 'nobody']) {
    await test(`Introspect refuses policy "${policy}"`, () => assertStatus(
      client.introspect({ token: good, policy }), 'INVALID_ARGUMENT',
      /^policy: /));
  }
}

async function testLimits(test, client, good) {
  const one = { token: good, policy: 'JWT' };
  await test('a batch of 1024 is answered', async () => {
    const results = await client.batchVerify(Array(1024).fill(one));
    assert.strictEqual(results.length, 1024);
    assert(results.every(({ response }) => response?.verified));
  });
  await test('a batch of 1025 is refused', () => assertStatus(
    client.batchVerify(Array(1025).fill(one)), 'INVALID_ARGUMENT',
    /^requests: .*1025.*1024$/));
  await test('an empty batch is answered', async () =>
    assert.deepStrictEqual(await client.batchVerify([]), []));
  await test('a message over the limit is RESOURCE_EXHAUSTED', () =>
    assertStatus(client.verify(
      { token: 'A'.repeat(4 * 1024 * 1024), policy: 'JWT' }),
    'RESOURCE_EXHAUSTED'));
  await test('a message that is no protobuf is refused', async () => {
    const method = {
      ...METHODS.Verify, requestSerialize: () => Buffer.from([0xff, 0xff]) };
    // With which status, is gRPC's affair.
    const code = await client.unary(method, {}).catch((error) => error.code);
    assert(code > status.OK, code);
  });
  await test('an unknown method is UNIMPLEMENTED', async () => {
    const method = { ...METHODS.Verify, path: '/signet.v1.TokenService/Trust' };
    const code = await client.unary(method, {}).catch((error) => error.code);
    assert.strictEqual(code, status.UNIMPLEMENTED);
  });
  await test('the server answers after all this', async () =>
    assert((await client.verify(one)).verified));
}

suite(async (test, atEnd) => {
  const server = await startServer(makeFolder(), {
    issuers: [{ issuer: SIGNET, signing: { generate: ['ES256', 'EdDSA'] } }],
    policies: policiesFor([SIGNET], AUDIENCE),
  }, atEnd);
  const client = new Client(server.address);
  atEnd(() => client.close());
  const { token } = await client.sign({
    kind: 'TOKEN_KIND_JWT', audiences: [AUDIENCE] });
  await testBadRequests(test, client, token);
  await testLimits(test, client, token);
});
