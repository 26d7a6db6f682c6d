'use strict';
// A run in which callers use their tokens, keys and secrets rightly, wrongly and
// in every place where they do not belong. Nothing that the server writes, to
// its log, its audit log or Prometheus, has a part of one.

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { Client, KEY_METHODS, METHODS, REVOCATION_METHODS, grpc } =
  require('./contract');
const { noteOutput, noteSecret, noteToken } = require('./leak_check');
const { writePrivately } = require('./makers');
const { freePort, makeFolder, startServer } = require('./signet');
const { suite } = require('./suite');

const ISSUER = 'https://signet.example';
const AUDIENCE = 'https://orders.example';
const SECRET = 'shop-secret-0123456789-abcdefghijklmno';
const BEARER = 'gate-bearer-0123456789-abcdefghijklmno';

function configFor(folder, port) {
  for (const [file, secret] of [['shop', SECRET], ['gate', BEARER]]) {
    noteSecret(secret);
    writePrivately(folder, file, secret);
  }
  return {
    log: { level: 'DEBUG' },
    audit: { file: 'audit.log' },
    issuers: [{ issuer: ISSUER, signing: {
      generate: ['ES256', 'EdDSA'],
      rotation: { publish_ahead: '1s', jwks_max_age: '1s' } } }],
    policies: [{ name: 'orders', issuers: [ISSUER], kind: 'ACCESS_TOKEN',
      audiences: [AUDIENCE] }],
    authorization: {
      bearer_policy: 'orders',
      grants: [
        { roles: ['VERIFY', 'INTROSPECT', 'REVOKE', 'ADMIN'],
          callers: [{ anonymous: true },
            { token: { issuer: ISSUER, subject: 'alice' } }] },
        { roles: ['SIGN'], callers: [{ anonymous: true }], sign: {
          issuers: [ISSUER], kinds: ['ACCESS_TOKEN'], subjects: ['*'],
          audiences: ['*'], client_ids: ['*'], custom_claims: true } },
      ],
    },
    http: {
      address: `127.0.0.1:${port}`,
      clients: [
        { client_id: 'shop', secret_file: 'shop', policy: 'orders',
          permissions: ['INTROSPECT', 'REVOKE_OWN'] },
        { client_id: 'gate', bearer_file: 'gate', policy: 'orders',
          permissions: ['INTROSPECT', 'REVOKE_ANY', 'METRICS'] },
      ],
    },
  };
}

// Resolves when the call has ended, however it did.
function call(channel, method, request, metadata = {}) {
  const sent = new grpc.Metadata();
  for (const [key, value] of Object.entries(metadata)) sent.set(key, value);
  return new Promise((resolve) => {
    channel.makeUnaryRequest(method.path, method.requestSerialize,
      method.responseDeserialize, request, sent,
      { deadline: Date.now() + 60_000 },
      (error) => {
        if (error) noteOutput('a status', error.details);
        resolve(error?.code ?? grpc.status.OK);
      });
  });
}

// Puts the text into every field that takes text, of every method.
async function misplace(channel, text) {
  const wrong = [
    [METHODS.Sign, { issuer: text, kind: 'TOKEN_KIND_JWT' }],
    [METHODS.Sign, { issuer: ISSUER, kind: 'TOKEN_KIND_ACCESS_TOKEN',
      subject: text, client_id: text, audiences: [text], nonce: text }],
    [METHODS.Sign, { issuer: ISSUER, kind: 'TOKEN_KIND_ACCESS_TOKEN',
      scopes: [text], custom_claims_json: text, algorithm: text }],
    [METHODS.Verify, { token: text, policy: text }],
    [METHODS.Verify, { token: `${text}x`, policy: 'orders', explain: true }],
    [METHODS.Introspect, { token: text, policy: text }],
    [METHODS.Exchange, { subject_token: text, subject_policy: text,
      issuer: text, kind: 'TOKEN_KIND_JWT', audiences: [text],
      client_id: text, algorithm: text }],
    [METHODS.BatchVerify, { requests: [{ token: text, policy: text }] }],
    [REVOCATION_METHODS.Revoke, { token: `${text}x` }],
    [KEY_METHODS.ListKeys, { issuer: text }],
    [KEY_METHODS.RotateKey, { issuer: text, algorithm: text }],
    [KEY_METHODS.RevokeKey, { issuer: text, key_id: text }],
  ];
  for (const [method, request] of wrong) {
    await call(channel, method, request);
    await call(channel, method, request,
      { 'x-request-id': text, traceparent: text });
    await call(channel, method, request, { authorization: `Bearer ${text}` });
    await call(channel, method, request, { authorization: `Basic ${text}` });
  }
}

// Does the same over HTTP.
async function misplaceOverHttp(origin, text) {
  const basic = (id, secret) =>
    `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
  const authorizations = [basic('shop', SECRET), basic('shop', text),
    basic(text, SECRET), `Bearer ${BEARER}`, `Bearer ${text}`, text, ''];
  for (const target of ['/oauth2/introspect', '/oauth2/revoke',
    `/oauth2/introspect?token=${text}`, `/${text}`, '/metrics']) {
    for (const authorization of authorizations) {
      for (const method of ['GET', 'POST']) {
        const response = await fetch(new URL(target, origin), {
          method,
          headers: { 'x-request-id': text,
            ...(authorization && { authorization }) },
          ...(method === 'POST' && {
            body: new URLSearchParams({ token: text, token_type_hint: text }) }),
        });
        noteOutput('an HTTP response', await response.text());
      }
    }
  }
}

suite(async (test, atEnd) => {
  const folder = makeFolder();
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const server = await startServer(folder, configFor(folder, port), atEnd);
  const client = new Client(server.address);
  const channel = new grpc.Client(server.address,
    grpc.credentials.createInsecure(), { 'grpc.enable_http_proxy': 0 });
  atEnd(() => { client.close(); channel.close(); });
  const tokens = [];
  for (const algorithm of ['ES256', 'EdDSA']) {
    for (const subject of ['alice', 'bob']) {
      const { token } = await client.sign({ issuer: ISSUER, algorithm, subject,
        kind: 'TOKEN_KIND_ACCESS_TOKEN', client_id: 'shop',
        audiences: [AUDIENCE] });
      tokens.push(token);
      noteToken(token);
    }
  }

  await test('a run uses them in every way', async () => {
    for (const token of tokens) {
      const bearer = { authorization: `Bearer ${token}` };
      await client.verify({ token, policy: 'orders' });
      assert.strictEqual(await call(
        channel, METHODS.Introspect, { token, policy: 'orders' }, bearer),
      token === tokens[0] || token === tokens[2]
        ? grpc.status.OK : grpc.status.PERMISSION_DENIED);
      await misplace(channel, token);
      await misplaceOverHttp(origin, token);
    }
    await client.revoke({ token: tokens[0] });
    await misplace(channel, tokens[0]);
  });

  const audit = () => fs.readFileSync(path.join(folder, 'audit.log'), 'utf8');
  await test('and none of it is written anywhere', async () => {
    const metrics = await fetch(new URL('/metrics', origin),
      { headers: { authorization: `Bearer ${BEARER}` } });
    const { stderr } = await server.stop();
    const written = { log: stderr, audit: audit(), metrics: await metrics.text() };
    assert.strictEqual(metrics.status, 200);
    assert.match(written.log, /"event":"call.failed"/);
    assert.match(written.log, /"event":"call.ended"/);
    assert.match(written.audit, /"outcome":"PERMISSION_DENIED"/);
    assert.match(written.audit, /"outcome":"UNAUTHENTICATED"/);
    for (const [where, text] of Object.entries(written)) {
      noteOutput(where, text);
      for (const token of tokens) {
        for (const part of token.split('.').slice(1)) {
          assert(!text.includes(part), `${where} has a part of a token`);
        }
      }
    }
  });
});
