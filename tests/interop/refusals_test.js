'use strict';
// Every reason to refuse a token, given by Verify, by a batch, by an
// explanation, and never by Introspect.

const assert = require('node:assert');
const crypto = require('node:crypto');
const path = require('node:path');
const protoLoader = require('@grpc/proto-loader');
const {
  Client, LOADING, PROTO_FOLDER, assertAccepted, assertRejected, status,
} = require('./contract');
const {
  KINDS, claimsFor, makeKeys, nowInSeconds, policiesFor, writePrivately,
} = require('./makers');
const { makeFolder, startServer } = require('./signet');
const { suite } = require('./suite');

const SIGNET = 'https://signet.example';
const JOSE = 'https://jose.example';
const AUDIENCE = 'https://orders.example';

const CHECKS = [
  'FORMAT', 'ISSUER', 'KEY', 'ALGORITHM', 'SIGNATURE', 'TOKEN_KIND',
  'REQUIRED_CLAIMS', 'EXPIRATION', 'NOT_BEFORE', 'ISSUED_AT', 'AUDIENCE',
  'SCOPE', 'NONCE', 'AUTHORIZED_PARTY', 'ACCESS_TOKEN_HASH',
  'AUTHENTICATION_TIME', 'REVOCATION'];

// The values of an enum in the contract, without prefix, in order.
function valuesOf(enumName, prefix) {
  const file = protoLoader.loadSync(
    'signet/v1/rejection.proto', { ...LOADING, includeDirs: [PROTO_FOLDER] });
  return file[`signet.v1.${enumName}`].type.value
    .map(({ name }) => name.replace(prefix, ''))
    .filter((name) => name !== 'UNSPECIFIED');
}

// Rows of [what, token, request, reason, claim]: each reason that Verify can
// give, at least once. All by policies that take no HMAC.
async function refusals(key, hmacKey, otherKey) {
  const now = nowInSeconds();
  const access = claimsFor('ACCESS_TOKEN', JOSE, AUDIENCE, now);
  const id = claimsFor('ID_TOKEN', JOSE, AUDIENCE, now);
  const jwt = claimsFor('JWT', JOSE, AUDIENCE, now);
  const made = async (kind, claims, more, header) =>
    [await key.token(kind, JSON.parse(JSON.stringify({ ...claims, ...more })),
      header), kind];
  const row = async (what, tokenAndPolicy, reason, claim, request = {}) => {
    const [token, policy] = await tokenAndPolicy;
    return [what, token, { policy, ...request }, reason, claim];
  };
  const ACCESS = (more, header) => made('ACCESS_TOKEN', access, more, header);
  const ID = (more, header) => made('ID_TOKEN', id, more, header);
  const JWT = (more, header) => made('JWT', jwt, more, header);
  const good = await key.token('JWT', jwt);

  const rows = [
    ['no token', '', { policy: 'JWT' }, 'MALFORMED', ''],
    ['no JWT', 'Bearer x', { policy: 'JWT' }, 'MALFORMED', ''],
    ['too large', 'A'.repeat(16 * 1024 + 1), { policy: 'JWT' }, 'TOO_LARGE', ''],
    ['HMAC not named by the policy', await hmacKey.token('JWT', jwt),
      { policy: 'JWT' }, 'ALGORITHM_NOT_ALLOWED', 'alg'],
    ['a key unknown to the server', await otherKey.token('JWT', jwt),
      { policy: 'JWT' }, 'SIGNATURE_INVALID', ''],
    row('crit', JWT({}, { crit: ['b64'], b64: true }), 'UNSUPPORTED_HEADER', 'crit'),
    row('unknown kid', JWT({}, { kid: 'x' }), 'KEY_NOT_FOUND', 'kid'),
    row('other typ', JWT({}, { typ: 'secevent+jwt' }), 'WRONG_TOKEN_KIND', 'typ'),
    row('unknown issuer', JWT({ iss: `${JOSE}/` }), 'ISSUER_NOT_ACCEPTED', 'iss'),
    row('issuer of others', JWT({ iss: SIGNET }), 'KEY_NOT_FOUND', 'kid'),
    row('no issuer', JWT({ iss: undefined }), 'CLAIM_MISSING', 'iss'),
    row('exp not a number', JWT({ exp: `${now + 60}` }), 'CLAIM_INVALID', 'exp'),
    row('aud not strings', JWT({ aud: [AUDIENCE, 1] }), 'CLAIM_INVALID', 'aud'),
    row('sub not a string', JWT({ sub: 1 }), 'CLAIM_INVALID', 'sub'),
    row('iat null', JWT({ iat: null }), 'CLAIM_INVALID', 'iat'),
    row('JWT without exp', JWT({ exp: undefined }), 'CLAIM_MISSING', 'exp'),
    row('expired', JWT({ exp: now - 1 }), 'EXPIRED', 'exp'),
    row('expired at once', JWT({ exp: now }), 'EXPIRED', 'exp'),
    row('nbf ahead', JWT({ nbf: now + 600 }), 'NOT_YET_VALID', 'nbf'),
    row('iat ahead', JWT({ iat: now + 600 }), 'ISSUED_IN_FUTURE', 'iat'),
    row('auth_time ahead', ID({ auth_time: now + 600 }), 'ISSUED_IN_FUTURE',
      'auth_time'),
    row('older than asked', JWT({}), 'TOO_OLD', 'iat',
      { max_token_age: { seconds: 10 } }),
    row('age unknown', JWT({ iat: undefined }), 'CLAIM_MISSING', 'iat',
      { max_token_age: { seconds: 10 } }),
    row('for others', JWT({ aud: 'https://other.example' }),
      'AUDIENCE_MISMATCH', 'aud'),
    row('for no one', JWT({ aud: undefined }), 'CLAIM_MISSING', 'aud'),
    row('not for whom asked', JWT({}), 'AUDIENCE_MISMATCH', 'aud',
      { audience: 'https://third.example' }),
    row('scope not granted', ACCESS({}), 'SCOPE_INSUFFICIENT', 'scope',
      { required_scopes: ['orders.read', 'orders'] }),
    row('no scope', JWT({}), 'SCOPE_INSUFFICIENT', 'scope',
      { required_scopes: ['orders.read'] }),
    row('other nonce', ID({}), 'NONCE_MISMATCH', 'nonce', { nonce: 'n-2' }),
    row('no nonce', ID({ nonce: undefined }), 'CLAIM_MISSING', 'nonce',
      { nonce: 'n-2' }),
    row('other azp', ID({ azp: 'https://other.example' }),
      'AUTHORIZED_PARTY_MISMATCH', 'azp'),
    row('several audiences, no azp',
      ID({ azp: undefined, aud: [AUDIENCE, 'https://b.example'] }),
      'CLAIM_MISSING', 'azp'),
    row('other access token', ID({ at_hash: hashOf('other') }),
      'ACCESS_TOKEN_HASH_MISMATCH', 'at_hash', { access_token: 'this' }),
    row('no at_hash', ID({}), 'CLAIM_MISSING', 'at_hash',
      { access_token: 'this' }),
    row('login too long ago', ID({}), 'AUTHENTICATION_TOO_OLD', 'auth_time',
      { max_authentication_age: { seconds: 10 } }),
    row('login unknown', ID({ auth_time: undefined }), 'CLAIM_MISSING',
      'auth_time', { max_authentication_age: { seconds: 10 } }),
    ...['sub', 'exp', 'iat', 'jti', 'client_id', 'aud'].map((claim) =>
      row(`access token without ${claim}`, ACCESS({ [claim]: undefined }),
        'CLAIM_MISSING', claim)),
    ...['sub', 'exp', 'iat', 'aud'].map((claim) =>
      row(`ID token without ${claim}`, ID({ [claim]: undefined }),
        'CLAIM_MISSING', claim)),
  ];
  return { good, rows: await Promise.all(rows) };
}

function hashOf(accessToken) {
  return crypto.createHash('sha256').update(accessToken).digest()
    .subarray(0, 16).toString('base64url');
}

async function testRefusals(test, client, { good, rows }) {
  const isByRequest = ([, , request]) => Object.keys(request).length > 1;
  for (const [what, token, request, reason, claim] of rows) {
    await test(`refused: ${what}`, async () => assertRejected(
      await client.verify({ ...request, token }), reason, claim));
  }

  await test('every reason of the contract was given', () => {
    // Nothing can be revoked by a call yet.
    const contract = valuesOf('RejectionReason', 'REJECTION_REASON_')
      .filter((reason) => reason !== 'REVOKED').sort();
    assert.deepStrictEqual(
      [...new Set(rows.map(([, , , reason]) => reason))].sort(), contract);
  });

  await test('a batch gives the same answers, in order', async () => {
    const requests = rows.flatMap(([, token, request]) =>
      [{ ...request, token }, { token: good, policy: 'JWT' },
        { ...request, token, policy: 'nobody' }]);
    const results = await client.batchVerify(requests);
    assert.strictEqual(results.length, requests.length);
    for (const [i, [what, , , reason, claim]] of rows.entries()) {
      assertRejected(results[3 * i].response, reason, claim, what);
      assert(results[3 * i + 1].response.verified, what);
      assert.strictEqual(
        results[3 * i + 2].failure.code, status.INVALID_ARGUMENT);
      assert.match(results[3 * i + 2].failure.message, /^policy: /);
    }
  });

  await test('introspection answers are the same bytes for all inactive tokens',
    async () => {
      const inactive = rows.filter((row) => !isByRequest(row));
      assert(inactive.length >= 30);
      for (const [what, token, { policy }] of inactive) {
        const bytes = await client.introspectBytes({ token, policy });
        assert.strictEqual(bytes.toString('hex'), '', what);
      }
    });
}

async function testExplanations(test, client, { good, rows }) {
  const outcomes = ({ checks }) => checks.map(({ outcome, name }, i) => {
    assert.strictEqual(name, `CHECK_NAME_${CHECKS[i]}`);
    return outcome.replace('CHECK_OUTCOME_', '');
  });
  const all = (outcome, count = CHECKS.length) => Array(count).fill(outcome);

  await test('an explanation has all 17 checks', async () => {
    const response = await client.verify(
      { token: good, policy: 'JWT', explain: true });
    assert(response.verified);
    assert.deepStrictEqual(outcomes(response), all('PASSED'));
    const unasked = await client.verify({ token: good, policy: 'JWT' });
    assert.deepStrictEqual(unasked.checks, []);
    assert.deepStrictEqual({ ...response, checks: [] }, unasked);
  });

  await test('an explanation begins with the reason of the refusal',
    async () => {
      const TRUST = CHECKS.indexOf('SIGNATURE') + 1;
      for (const [what, token, request, reason, claim] of rows) {
        const response = await client.verify(
          { ...request, token, explain: true });
        assertRejected(response, reason, claim, what);
        const found = outcomes(response);
        assert.strictEqual(found.length, CHECKS.length, what);
        const first = found.indexOf('FAILED');
        assert.deepStrictEqual(
          response.checks[first].rejection, response.rejection, what);
        assert.deepStrictEqual(found.slice(0, first), all('PASSED', first));
        if (first < TRUST) {
          assert.deepStrictEqual(found.slice(first + 1),
            all('NOT_RUN', CHECKS.length - first - 1), what);
        } else {
          assert(!found.includes('NOT_RUN'), what);
        }
      }
    });

  await test('after a good signature, all faults are told', async () => {
    const row = rows.find(([what]) => what === 'expired');
    const response = await client.verify({
      token: row[1], policy: 'JWT', audience: 'https://third.example',
      required_scopes: ['x'], nonce: 'n', access_token: 'a', explain: true });
    const failed = response.checks
      .filter(({ outcome }) => outcome === 'CHECK_OUTCOME_FAILED')
      .map(({ name }) => name.replace('CHECK_NAME_', ''));
    assert.deepStrictEqual(failed,
      ['EXPIRATION', 'AUDIENCE', 'SCOPE', 'NONCE', 'ACCESS_TOKEN_HASH']);
  });
}

suite(async (test, atEnd) => {
  const folder = makeFolder();
  const keys = await makeKeys(['ES256', 'HS256']);
  const other = await makeKeys(['ES256']);
  const keyFiles = await Promise.all([...keys.values()].map(async (key) => ({
    jwk_file: writePrivately(
      folder, `${key.algorithm}.jwk`, await key.publicJwk()) })));
  const server = await startServer(folder, {
    issuers: [
      { issuer: SIGNET, signing: { generate: ['ES256'] } },
      { issuer: JOSE, keys: keyFiles },
    ],
    policies: policiesFor([SIGNET, JOSE], AUDIENCE, { algorithms: [] }),
  }, atEnd);
  const client = new Client(server.address);
  atEnd(() => client.close());

  const answers = await refusals(
    keys.get('ES256'), keys.get('HS256'), other.get('ES256'));
  await testRefusals(test, client, answers);
  await testExplanations(test, client, answers);

  await test('what fulfils all demands is accepted', async () => {
    for (const kind of KINDS) {
      const claims = {
        ...claimsFor(kind, JOSE, AUDIENCE, nowInSeconds()),
        ...(kind === 'ID_TOKEN' ? { at_hash: hashOf('this') } : {}) };
      const demands = {
        ACCESS_TOKEN: { required_scopes: ['orders.write', 'orders.read'] },
        ID_TOKEN: { nonce: claims.nonce, access_token: 'this',
          max_authentication_age: { seconds: 3600 } },
        JWT: {},
      };
      assertAccepted(await client.verify({
        token: await keys.get('ES256').token(kind, claims), policy: kind,
        audience: AUDIENCE, max_token_age: { seconds: 3600 }, ...demands[kind],
      }), `TOKEN_KIND_${kind}`, claims);
    }
  });
});
