'use strict';
// Token exchange (RFC 8693) as a service uses it that is called with a user's
// token, and calls another one. The user's token, and that of the service, come
// from the jose package.

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const {
  Client, assertRejected, assertStatus, claimsOf,
} = require('./contract');
const { Key } = require('./makers');
const { makeFolder, startServer } = require('./signet');
const { suite } = require('./suite');

const ISSUER = 'https://signet.example';
const USERS = 'https://users.example';
const ORDERS = 'https://orders.example';
const STOCK = 'https://stock.example';

function configWith(auditFile) {
  return {
    audit: { file: auditFile },
    issuers: [
      { issuer: ISSUER, signing: { generate: ['EdDSA'] } },
      { issuer: USERS, keys: [{ jwk_file: 'users.jwk' }] },
    ],
    policies: [
      { name: 'callers', kind: 'ACCESS_TOKEN', issuers: [USERS],
        audiences: [ISSUER] },
      { name: 'orders', kind: 'ACCESS_TOKEN', issuers: [USERS],
        audiences: [ORDERS] },
      { name: 'stock', kind: 'ACCESS_TOKEN', issuers: [ISSUER],
        audiences: [STOCK] },
    ],
    authorization: {
      bearer_policy: 'callers',
      grants: [
        { roles: ['VERIFY'], callers: [{ anonymous: true }] },
        { roles: ['EXCHANGE'],
          callers: [{ token: { issuer: USERS, subject: 'orders' } }],
          exchange: { subject_policies: ['orders'], tokens: {
            issuers: [ISSUER], kinds: ['ACCESS_TOKEN'], subjects: ['user:*'],
            audiences: [STOCK], client_ids: ['orders'],
            scopes: ['stock.*'] } } },
      ],
    },
  };
}

function claims(subject, audience, others = {}) {
  const now = Math.floor(Date.now() / 1000);
  return { iss: USERS, sub: subject, aud: audience, client_id: subject,
    jti: `jti of ${subject}`, iat: now, exp: now + 60, ...others };
}

async function connect(auditFile, key, atEnd) {
  const folder = makeFolder();
  fs.writeFileSync(path.join(folder, 'users.jwk'),
    JSON.stringify(await key.publicJwk()));
  const server = await startServer(folder, configWith(auditFile), atEnd);
  const client = new Client(server.address);
  atEnd(() => client.close());
  return { client, folder };
}

suite(async (test, atEnd) => {
  const key = await Key.make('ES256');
  const caller = await key.token('ACCESS_TOKEN', claims('orders', ISSUER));
  const userClaims = claims('user:7', ORDERS, { scope: 'stock.read pay' });
  const user = await key.token('ACCESS_TOKEN', userClaims);
  const request = { subject_token: user, subject_policy: 'orders',
    kind: 'TOKEN_KIND_ACCESS_TOKEN', audiences: [STOCK],
    scopes: ['stock.read'], client_id: 'orders', lifetime: { seconds: 3600 } };
  const { client, folder } = await connect('audit.log', key, atEnd);
  const auditLines = () =>
    fs.readFileSync(path.join(folder, 'audit.log'), 'utf8')
      .trim().split('\n').map((line) => JSON.parse(line));
  const actor = { iss: USERS, sub: 'orders', client_id: 'orders' };

  await test('a user\'s token becomes one for the next service', async () => {
    const { issued } = await client.exchange(request, caller);
    const { sub, act, scope, aud, exp, jti } =
      claimsOf(issued.content.claims);
    assert.deepStrictEqual({ sub, act, scope, aud, exp },
      { sub: 'user:7', act: actor, scope: 'stock.read', aud: [STOCK],
        exp: userClaims.exp });
    const { verified } =
      await client.verify({ token: issued.token, policy: 'stock' });
    assert.deepStrictEqual(claimsOf(verified.claims).act, actor);
    const line = auditLines().at(-1);
    assert.deepStrictEqual(
      [line.action, line.outcome, line.caller, line.subject, line.jti],
      ['Exchange', 'OK',
        `token:${JSON.stringify([USERS, 'orders', 'orders'])}`, 'user:7', jti]);
  });

  await test('a token that is not good is refused with the reason', async () => {
    assertRejected(
      await client.exchange({ ...request, subject_token: caller }, caller),
      'AUDIENCE_MISMATCH', 'aud');
    assertRejected(
      await client.exchange({ ...request, scopes: ['stock.write'] }, caller),
      'SCOPE_INSUFFICIENT', 'scope');
    assert.strictEqual(
      auditLines().at(-1).action, 'Exchange of a refused token');
  });

  await test('whoever has no right to it is denied', async () => {
    const denied = /^the caller may not do this$/;
    await assertStatus(client.exchange(request), 'PERMISSION_DENIED', denied);
    await assertStatus(
      client.exchange({ ...request, subject_policy: 'callers' }, caller),
      'PERMISSION_DENIED', denied);
    await assertStatus(
      client.exchange({ ...request, audiences: [ORDERS] }, caller),
      'PERMISSION_DENIED', denied);
    await assertStatus(client.exchange(request, user), 'UNAUTHENTICATED');
    assert.deepStrictEqual(
      auditLines().slice(-4).map(({ action, outcome }) => [action, outcome]),
      [...Array(3).fill(['Exchange', 'PERMISSION_DENIED']),
        ['Exchange', 'UNAUTHENTICATED']]);
  });

  await test('no token is handed out that cannot be written down', async () => {
    const full = await connect('/dev/full', key, atEnd);
    await assertStatus(full.client.exchange(request, caller), 'UNAVAILABLE',
      /^the audit log cannot be written$/);
  });
});
