'use strict';
// Tokens that jose makes are verified by Signet, and the other way round, for
// every algorithm, kind of token and form of key.

const assert = require('node:assert');
const crypto = require('node:crypto');
const path = require('node:path');
const {
  ALGORITHMS, ASYMMETRIC, HMAC, KINDS, Key, RSA, claimsFor, jose, makeKeys,
  nowInSeconds, policiesFor, writePrivately } = require('./makers');
const {
  Client, assertAccepted, assertRejected, claimsOf, withAudienceArray,
} = require('./contract');
const { makeFolder, signet, startServer } = require('./signet');
const { openStoredKey } = require('./stored_keys');
const { suite } = require('./suite');
const { tamper } = require('./tampering');

const AUDIENCE = 'https://orders.example';
// Each issuer has its keys in another form. Signet signs as the last three.
const BY_JWK = 'https://jwk.example';
const BY_PEM = 'https://pem.example';
const SIGNS_BY_JWK = 'https://signs-by-jwk.example';
const SIGNS_BY_PEM = 'https://signs-by-pem.example';
const GENERATES = 'https://generates.example';
const ISSUERS = [BY_JWK, BY_PEM, SIGNS_BY_JWK, SIGNS_BY_PEM, GENERATES];

// Writes each key to its PEM file, and returns its KeyFile for the server.
async function writePems(folder, keys, toPem) {
  return Promise.all(ASYMMETRIC.map(async (algorithm) => {
    const key = keys.get(algorithm);
    return {
      pem_file: writePrivately(
        folder, `${algorithm}-${toPem}.pem`, await key[toPem]()),
      key_id: key.kid,
      ...(RSA.includes(algorithm) ? { algorithm } : {}),
    };
  }));
}

// Writes two JWK Sets, because HMAC secrets keep to themselves.
async function writeJwkSets(folder, name, keys, toJwk) {
  const jwks = await Promise.all([...keys.values()].map((key) => key[toJwk]()));
  const secrets = jwks.filter(({ kty }) => kty === 'oct');
  const pairs = jwks.filter(({ kty }) => kty !== 'oct');
  return [
    { jwk_file: writePrivately(folder, `${name}-secrets`, { keys: secrets }) },
    { jwk_file: writePrivately(folder, name, { keys: pairs }) },
  ];
}

async function writeConfiguration(folder, keys) {
  return {
    issuers: [
      { issuer: BY_JWK,
        keys: await writeJwkSets(folder, 'public.jwks', keys, 'publicJwk') },
      { issuer: BY_PEM, keys: await writePems(folder, keys, 'spki') },
      { issuer: SIGNS_BY_JWK, signing: {
        keys: await writeJwkSets(folder, 'private.jwks', keys, 'privateJwk') } },
      { issuer: SIGNS_BY_PEM,
        signing: { keys: await writePems(folder, keys, 'pkcs8') } },
      { issuer: GENERATES, signing: { generate: ALGORITHMS } },
    ],
    policies: policiesFor(ISSUERS, AUDIENCE),
  };
}

// Verifies tokens of one key of jose in all the ways that there are.
async function assertSignetAccepts(client, key, issuer) {
  const made = await Promise.all(KINDS.map(async (kind) => {
    const claims = claimsFor(kind, issuer, AUDIENCE, nowInSeconds());
    return { kind, claims, token: await key.token(kind, claims) };
  }));
  const results = await client.batchVerify(
    made.map(({ kind, token }) => ({ token, policy: kind })));
  for (const [i, { kind, claims, token }] of made.entries()) {
    const response = await client.verify({ token, policy: kind });
    assertAccepted(response, `TOKEN_KIND_${kind}`, claims);
    assert.deepStrictEqual(response.verified.header, {
      algorithm: key.algorithm, key_id: key.kid,
      type: kind === 'ACCESS_TOKEN' ? 'at+jwt' : 'JWT' });
    assert.deepStrictEqual(results[i].response, response);
    const answer = await client.introspect({ token, policy: kind });
    assert.strictEqual(answer.active, true);
    assert.strictEqual(
      answer.token_type, kind === 'ACCESS_TOKEN' ? 'Bearer' : '');
    assert.deepStrictEqual(
      claimsOf({ ...answer, authentication_methods: [] }),
      withAudienceArray(claims));
  }
}

// What to ask Signet to put into a token, and the claims this must come to.
function signRequestFor(kind, issuer, algorithm) {
  const common = {
    issuer, kind: `TOKEN_KIND_${kind}`, algorithm, subject: 'alice',
    lifetime: { seconds: 120 },
    custom_claims_json: '{"tenant":{"id":7,"names":["é","\\ud83d\\udd11"]}}',
  };
  const claims = { iss: issuer, sub: 'alice',
    tenant: { id: 7, names: ['é', '\u{1f511}'] } };
  const authentication = {
    authenticated_at: { seconds: 1_600_000_000 },
    authentication_context_class: 'gold',
    authentication_methods: ['pwd', 'otp'],
  };
  const authenticationClaims = {
    auth_time: 1_600_000_000, acr: 'gold', amr: ['pwd', 'otp'] };
  switch (kind) {
    case 'ACCESS_TOKEN':
      return [
        { ...common, ...authentication, audiences: [AUDIENCE, 'https://b.example'],
          scopes: ['orders.read', 'orders.write'], client_id: 'shop' },
        { ...claims, ...authenticationClaims,
          aud: [AUDIENCE, 'https://b.example'],
          scope: 'orders.read orders.write', client_id: 'shop' }];
    case 'ID_TOKEN':
      return [
        { ...common, ...authentication, audiences: [AUDIENCE], nonce: 'n-1',
          access_token: 'an access token' },
        { ...claims, ...authenticationClaims, aud: AUDIENCE, azp: AUDIENCE,
          nonce: 'n-1', at_hash: accessTokenHash(algorithm) }];
    default:
      return [{ ...common, audiences: [AUDIENCE] }, { ...claims, aud: AUDIENCE }];
  }
}

// OpenID Connect Core section 3.1.3.6: half of the hash of the algorithm, which
// for Ed25519 is SHA-512.
function accessTokenHash(algorithm) {
  const bits = algorithm === 'EdDSA' ? '512' : algorithm.slice(-3);
  const hash = crypto.createHash(`sha${bits}`).update('an access token');
  const digest = hash.digest();
  return digest.subarray(0, digest.length / 2).toString('base64url');
}

// Has tokens signed, and has jose verify them. `key` is anything that jose
// takes to verify with.
async function assertJoseAccepts(client, issuer, algorithm, key) {
  for (const kind of KINDS) {
    const [request, expected] = signRequestFor(kind, issuer, algorithm);
    const before = nowInSeconds();
    const { token, content } = await client.sign(request);
    const { payload, protectedHeader } = await jose.jwtVerify(token, key, {
      issuer, audience: AUDIENCE, algorithms: [algorithm],
      typ: kind === 'ACCESS_TOKEN' ? 'at+jwt' : 'JWT',
      requiredClaims: ['exp', 'nbf', 'iat', 'jti'],
    });
    const { exp, nbf, iat, jti, ...rest } = payload;
    assert.deepStrictEqual(rest, expected);
    assert(iat >= before && iat <= nowInSeconds());
    assert.deepStrictEqual([nbf, exp], [iat, iat + 120]);
    assert.match(jti, /^[\w-]{22}$/);
    assert.deepStrictEqual(claimsOf(content.claims), withAudienceArray(payload));
    assert.deepStrictEqual(content.header, {
      algorithm, key_id: protectedHeader.kid, type: protectedHeader.typ });
    assert.deepStrictEqual(
      Object.keys(protectedHeader).sort(), ['alg', 'kid', 'typ']);
    assertAccepted(
      await client.verify({ token, policy: kind }), `TOKEN_KIND_${kind}`, payload);
  }
}

// The keys that the server generated and signs with: algorithm -> kid.
async function generatedKeys(client) {
  const keys = await client.listKeys({ issuer: GENERATES });
  return new Map(keys.filter(({ state }) => state === 'KEY_STATE_ACTIVE')
    .map(({ algorithm, key_id: kid }) => [algorithm, kid]));
}

// The key set that the server publishes, as jose reads it.
async function publishedKeySet(client) {
  const stream = client.watchJwks(GENERATES);
  for await (const { jwks_json: text } of stream) {
    return keySet(JSON.parse(text));
  }
}

function keySet(set) {
  for (const jwk of set.keys) {
    for (const name of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'oth']) {
      assert(!(name in jwk), `${name} was published`);
    }
  }
  return jose.createLocalJWKSet(set);
}

// The key set that `signet keys export` publishes, as jose reads it.
async function exportedKeySet(file, more = []) {
  const { code, stdout, stderr } = await signet(['keys', 'export', file, ...more]);
  assert.deepStrictEqual([code, stderr], [0, '']);
  return keySet(JSON.parse(stdout));
}

suite(async (test, atEnd) => {
  const folder = makeFolder();
  const keys = await makeKeys();
  const server = await startServer(
    folder, await writeConfiguration(folder, keys), atEnd);
  const client = new Client(server.address);
  atEnd(() => client.close());

  for (const algorithm of ALGORITHMS) {
    const key = keys.get(algorithm);
    await test(`Signet verifies ${algorithm} of jose by JWK Set`, () =>
      assertSignetAccepts(client, key, BY_JWK));
    if (!HMAC.includes(algorithm)) {
      await test(`Signet verifies ${algorithm} of jose by PEM`, () =>
        assertSignetAccepts(client, key, BY_PEM));
    }

    await test(`Signet rejects tampered ${algorithm} of jose`, async () => {
      const issuer = HMAC.includes(algorithm) ? BY_JWK : BY_PEM;
      const claims = claimsFor('JWT', issuer, AUDIENCE, nowInSeconds());
      const rows = await tamper({
        key, other: await Key.make(algorithm), claims,
        token: await key.token('JWT', claims) });
      const results = await client.batchVerify(
        rows.map(([, token]) => ({ token, policy: 'JWT' })));
      for (const [i, [what, token, reason, claim]] of rows.entries()) {
        assertRejected(results[i].response, reason, claim, what);
        assertRejected(
          await client.verify({ token, policy: 'JWT' }), reason, claim, what);
        assert.strictEqual(
          (await client.introspect({ token, policy: 'JWT' })).active, false);
      }
    });
  }

  await test('Signet verifies Ed25519 under its name of RFC 9864', async () => {
    const key = keys.get('EdDSA');
    const claims = claimsFor('JWT', BY_JWK, AUDIENCE, nowInSeconds());
    const encode = (value) =>
      Buffer.from(JSON.stringify(value)).toString('base64url');
    const input = `${encode({ alg: 'Ed25519', kid: key.kid })}.${encode(claims)}`;
    const signature = crypto.sign(
      null, Buffer.from(input), crypto.createPrivateKey(await key.pkcs8()));
    const token = `${input}.${signature.toString('base64url')}`;
    assertAccepted(
      await client.verify({ token, policy: 'JWT' }), 'TOKEN_KIND_JWT', claims);
  });

  await test('Signet finds the key of a token without kid by its algorithm',
    async () => {
      for (const key of keys.values()) {
        const claims = claimsFor('JWT', BY_JWK, AUDIENCE, nowInSeconds());
        const token = await key.token(
          'JWT', claims, { kid: undefined, typ: undefined });
        assertAccepted(await client.verify({ token, policy: 'JWT' }),
          'TOKEN_KIND_JWT', claims);
      }
    });

  const generated = await generatedKeys(client);
  const published = await publishedKeySet(client);
  await test('Signet generates one key for each algorithm', () =>
    assert.deepStrictEqual([...generated.keys()].sort(), [...ALGORITHMS].sort()));
  for (const algorithm of ALGORITHMS) {
    const key = keys.get(algorithm);
    await test(`jose verifies ${algorithm} of Signet, signed with its JWK`, () =>
      assertJoseAccepts(client, SIGNS_BY_JWK, algorithm, key.publicKey));
    if (HMAC.includes(algorithm)) {
      await test(`jose verifies ${algorithm} of Signet, by the shared secret`,
        async () => {
          const jwk = openStoredKey(path.join(folder, 'data', 'signet.db'),
            path.join(folder, 'data.key'), GENERATES, generated.get(algorithm));
          await assertJoseAccepts(
            client, GENERATES, algorithm, await jose.importJWK(jwk));
        });
      continue;
    }
    await test(`jose verifies ${algorithm} of Signet, signed with its PEM`, () =>
      assertJoseAccepts(client, SIGNS_BY_PEM, algorithm, key.publicKey));
    await test(`jose verifies ${algorithm} of Signet by its published JWK Set`,
      () => assertJoseAccepts(client, GENERATES, algorithm, published));
    await test(`jose verifies ${algorithm} by what Signet exports of PEM`,
      async () => {
        const claims = claimsFor('JWT', BY_PEM, AUDIENCE, nowInSeconds());
        const token = await key.token('JWT', claims, { kid: undefined });
        for (const form of ['spki', 'pkcs8']) {
          const set = await exportedKeySet(
            path.join(folder, `${algorithm}-${form}.pem`),
            RSA.includes(algorithm) ? ['--algorithm', algorithm] : []);
          const { payload } = await jose.jwtVerify(token, set);
          assert.deepStrictEqual(payload, claims);
        }
      });
  }
});
