'use strict';
// Signet's HTTP face, as independent clients see it: openid-client, and the
// remote JWK Set of jose.

const assert = require('node:assert');
const http = require('node:http');
const net = require('node:net');
const { custom, Issuer } = require('openid-client');
const { ACCEPTED, answer, assertFails } = require('./commands');
const { Client } = require('./contract');
const { noteOutput, noteSecret } = require('./leak_check');
const { ASYMMETRIC, jose, writePrivately } = require('./makers');
const { freePort, makeFolder, startServer, writeConfig } =
  require('./signet');
const { suite } = require('./suite');

const AUDIENCE = 'https://orders.example';
const SECRET = 'shop-secret-0123456789.abcdef~';
const BEARER = 'gate-bearer-0123456789.abcdef~';
const REQUEST_TIMEOUT_MS = 1000;

function configFor(origin, folder) {
  noteSecret(SECRET);
  noteSecret(BEARER);
  writePrivately(folder, 'shop.secret', `${SECRET}\n`);
  writePrivately(folder, 'gate.bearer', BEARER);
  const issuers = [`${origin}/tenant`, origin];
  return {
    issuers: issuers.map((issuer) => ({
      issuer, signing: { generate: ASYMMETRIC } })),
    policies: [{
      name: 'orders', issuers, kind: 'ACCESS_TOKEN', audiences: [AUDIENCE] }],
    http: {
      address: new URL(origin).host,
      introspection_issuer: origin,
      limits: { request_timeout: `${REQUEST_TIMEOUT_MS}ms` },
      clients: [
        { client_id: 'shop', secret_file: 'shop.secret', policy: 'orders',
          permissions: ['INTROSPECT', 'REVOKE_OWN'] },
        { client_id: 'gate', bearer_file: 'gate.bearer', policy: 'orders',
          permissions: ['INTROSPECT', 'REVOKE_ANY'] },
      ],
    },
  };
}

// Resolves with { status, headers, body } of one request.
function ask(origin, target, { method = 'GET', headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const request = http.request(
      new URL(target, origin), { method, headers, agent: false }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (data) => { text += data; })
          .on('end', () => {
            noteOutput('an HTTP response',
              JSON.stringify(response.headers) + text);
            resolve({ status: response.statusCode, headers: response.headers,
              body: text });
          });
      });
    request.on('error', reject);
    request.end(body);
  });
}

// The same for an endpoint for clients.
function post(origin, target, parameters, authorization, headers = {}) {
  return ask(origin, target, {
    method: 'POST', body: new URLSearchParams(parameters).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded',
      ...(authorization && { authorization }), ...headers } });
}

function basic(id, secret) {
  return `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
}

// Sends bytes, and resolves with all that comes until the server closes.
function talk(port, send) {
  return new Promise((resolve) => {
    let text = '';
    const socket = net.connect(port, '127.0.0.1', () => send(socket));
    socket.setEncoding('utf8').on('data', (data) => { text += data; })
      .on('error', () => {}).on('close', () => resolve(text));
  });
}

function requestFor(issuer, algorithm, clientId = 'shop') {
  return { issuer, kind: 'TOKEN_KIND_ACCESS_TOKEN', subject: 'alice', algorithm,
    audiences: [AUDIENCE], scopes: ['a', 'b'], client_id: clientId };
}

async function testDocuments(test, origin, client) {
  for (const issuer of [origin, `${origin}/tenant`]) {
    await test(`openid-client discovers ${new URL(issuer).pathname}`,
      async () => {
        const { metadata } = await Issuer.discover(issuer);
        assert.strictEqual(metadata.issuer, issuer);
        assert.strictEqual(metadata.jwks_uri, `${issuer}/jwks.json`);
        const { pathname } = new URL(issuer);
        const place = '/.well-known/oauth-authorization-server' +
          (pathname === '/' ? '' : pathname);
        const oauth = await ask(origin, place);
        assert.deepStrictEqual(JSON.parse(oauth.body), {
          issuer, jwks_uri: `${issuer}/jwks.json`,
          response_types_supported: [], grant_types_supported: [],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ASYMMETRIC,
          introspection_endpoint: `${origin}/oauth2/introspect`,
          introspection_endpoint_auth_methods_supported:
            ['client_secret_basic', 'Bearer'],
          introspection_signing_alg_values_supported: ['RS256'],
          revocation_endpoint: `${origin}/oauth2/revoke`,
          revocation_endpoint_auth_methods_supported:
            ['client_secret_basic', 'Bearer'],
        });
      });

    await test(`jose verifies with the published set of ${issuer.slice(21)}`,
      async () => {
        const keys = jose.createRemoteJWKSet(
          new URL(`${issuer}/jwks.json`), { timeoutDuration: 30_000 });
        for (const algorithm of ASYMMETRIC) {
          const { token } = await client.sign(requestFor(issuer, algorithm));
          const { payload, protectedHeader } = await jose.jwtVerify(
            token, keys, { issuer, audience: AUDIENCE, typ: 'at+jwt' });
          assert.strictEqual(protectedHeader.alg, algorithm);
          assert.strictEqual(payload.sub, 'alice');
        }
      });
  }

  await test('a set is kept until its keys change', async () => {
    const before = await ask(origin, '/jwks.json');
    assert.strictEqual(before.headers['cache-control'], 'public, max-age=300');
    assert.match(before.headers.etag, /^"[\w-]{43}"$/);
    const known = { 'if-none-match': `"x", W/${before.headers.etag}` };
    const same = await ask(origin, '/jwks.json', { headers: known });
    assert.deepStrictEqual([same.status, same.body], [304, '']);
    assert.strictEqual(same.headers.etag, before.headers.etag);
    const head = await ask(origin, '/jwks.json', { method: 'HEAD' });
    assert.deepStrictEqual([head.status, head.body], [200, '']);
    assert.strictEqual(
      Number(head.headers['content-length']), before.body.length);

    const { kid } = JSON.parse(before.body).keys.at(-1);
    await client.revokeKey({ issuer: origin, key_id: kid });
    const after = await ask(origin, '/jwks.json', { headers: known });
    assert.strictEqual(after.status, 200);
    assert(!after.body.includes(kid));
  });
}

async function testIntrospection(test, origin, client) {
  const issuer = await Issuer.discover(`${origin}/tenant`);
  const shop = new issuer.Client({
    client_id: 'shop', client_secret: SECRET, response_types: [] });
  const { token } = await client.sign(requestFor(`${origin}/tenant`, 'ES256'));

  await test('openid-client introspects', async () => {
    const { exp, iat, nbf, jti, ...said } = await shop.introspect(token);
    assert.deepStrictEqual(said, {
      active: true, iss: `${origin}/tenant`, sub: 'alice', aud: AUDIENCE,
      scope: 'a b', client_id: 'shop', token_type: 'Bearer' });
    assert.deepStrictEqual([iat, exp], [nbf, nbf + 300]);
    assert.match(jti, /^[\w-]{22}$/);
    assert.deepStrictEqual(
      await shop.introspect(`${token.slice(0, -4)}AAAA`), { active: false });
  });

  await test('jose verifies an answer that is signed', async () => {
    const keys = jose.createRemoteJWKSet(new URL(`${origin}/jwks.json`));
    for (const [asked, active] of [[token, true], ['x', false]]) {
      const { body, headers } = await post(origin, '/oauth2/introspect',
        { token: asked, token_type_hint: 'access_token' }, `Bearer ${BEARER}`,
        { accept: 'application/token-introspection+jwt' });
      assert.strictEqual(
        headers['content-type'], 'application/token-introspection+jwt');
      const { payload } = await jose.jwtVerify(body, keys, {
        issuer: origin, audience: 'gate', typ: 'token-introspection+jwt' });
      const { iat, token_introspection: said, ...others } = payload;
      assert.deepStrictEqual(others, { iss: origin, aud: 'gate' });
      assert.strictEqual(said.active, active);
      if (!active) assert.deepStrictEqual(said, { active: false });
    }
  });

  await test('openid-client revokes its own tokens, and no others',
    async () => {
      const theirs =
        await client.sign(requestFor(`${origin}/tenant`, 'ES256', 'other'));
      await assert.rejects(
        shop.revoke(theirs.token), { error: 'unauthorized_client' });
      assert((await shop.introspect(theirs.token)).active);
      await shop.revoke(token);
      assert.deepStrictEqual(await shop.introspect(token), { active: false });
      await shop.revoke(token);
      await shop.revoke('not a token', 'refresh_token');
    });

  await test('who may revoke any token may', async () => {
    const theirs =
      await client.sign(requestFor(`${origin}/tenant`, 'ES256', 'other'));
    const { status } = await post(origin, '/oauth2/revoke',
      { token: theirs.token }, `Bearer ${BEARER}`);
    assert.strictEqual(status, 200);
    assert(!(await client.introspect(
      { token: theirs.token, policy: 'orders' })).active);
  });
}

async function testRefusals(test, origin) {
  const rows = [
    ['nothing', undefined, /^Basic .*, Bearer /],
    ['another secret', basic('shop', `${SECRET}x`), /^Basic /],
    ['another name', basic('gate', SECRET), /^Basic /],
    ['a token as a secret', basic('gate', BEARER), /^Basic /],
    ['a secret as a token', `Bearer ${SECRET}`, /^Bearer .*invalid_token/],
    ['an empty token', 'Bearer ', /^Bea|^Bas/],
    ['no base64', 'Basic %%%', /^Basic /],
    ['another scheme', `Digest ${BEARER}`, /^Basic /],
  ];
  for (const target of ['/oauth2/introspect', '/oauth2/revoke']) {
    for (const [what, authorization, challenge] of rows) {
      await test(`${target} is not for ${what}`, async () => {
        const { status, headers, body } =
          await post(origin, target, { token: 'x' }, authorization);
        assert.strictEqual(status, 401);
        assert.match(headers['www-authenticate'], challenge);
        assert.match(JSON.parse(body).error, /^invalid_(client|token)$/);
        assert.strictEqual(headers['cache-control'], 'no-store');
      });
    }
  }

  await test('what is not there is not found', async () => {
    for (const target of ['/', '/x', '/jwks.json/', '/tenant', '/tenant/jwks',
      '/tenant/../jwks.json', '/%6awks.json', '//jwks.json', '/Jwks.json',
      '/.well-known/openid-configuration/tenant', '/etc/passwd']) {
      const socketText = await talk(new URL(origin).port, (socket) =>
        socket.end(`GET ${target} HTTP/1.1\r\nHost: x\r\n` +
          'Connection: close\r\n\r\n'));
      assert.match(socketText, /^HTTP\/1\.1 404 Not Found\r\n/, target);
      assert.match(socketText, /"error":"not_found"/);
    }
  });

  await test('other methods are not allowed', async () => {
    for (const [target, allowed, methods] of [
      ['/jwks.json', 'GET, HEAD', ['POST', 'PUT', 'DELETE', 'OPTIONS']],
      ['/healthz', 'GET, HEAD', ['POST']],
      ['/oauth2/introspect', 'POST', ['GET', 'HEAD', 'PUT', 'OPTIONS']],
      ['/oauth2/revoke', 'POST', ['GET', 'DELETE']]]) {
      for (const method of methods) {
        const { status, headers } = await ask(origin, target, { method });
        assert.deepStrictEqual(
          [status, headers.allow], [405, allowed], `${method} ${target}`);
      }
    }
  });

  const good = `Bearer ${BEARER}`;
  await test('a form is read strictly', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    for (const [body, headers, target = '/oauth2/introspect'] of [
      ['', form], ['token=', form], ['tok=x', form],
      ['token=x&token=x', form], ['token=x&a=1&a=2', form],
      ['token=%zz', form], ['token=%0', form], ['token=%00', form],
      ['token=\u00e9', form], ['token=x&=y', form],
      ['token=x', { 'content-type': 'text/plain' }], ['token=x', {}],
      ['{"token":"x"}', { 'content-type': 'application/json' }],
      ['token=x', form, '/oauth2/introspect?token=x']]) {
      const { status, body: text } = await ask(origin, target, {
        method: 'POST', body, headers: { ...headers, authorization: good } });
      assert.strictEqual(status, 400, body);
      assert.strictEqual(JSON.parse(text).error, 'invalid_request');
    }
  });
}

async function testLimits(test, origin) {
  const { port } = new URL(origin);
  const head = (more) => 'POST /oauth2/introspect HTTP/1.1\r\nHost: x\r\n' +
    'Content-Type: application/x-www-form-urlencoded\r\n' +
    `Authorization: Bearer ${BEARER}\r\n${more}\r\n`;
  for (const [what, text, status] of [
    ['a body that is too large', head('Content-Length: 65537\r\n'), 413],
    ['a body that is out of all proportion',
      head('Content-Length: 99999999999999999\r\n'), 413],
    ['a body in chunks',
      head('Transfer-Encoding: chunked\r\n') + '1\r\nx\r\n0\r\n\r\n', 411],
    ['two lengths that differ',
      head('Content-Length: 7\r\nContent-Length: 8\r\n') + 'token=x', 400],
    ['a length that is none', head('Content-Length: 7x\r\n') + 'token=x', 400],
    ['two hosts', head('Host: y\r\nContent-Length: 7\r\n') + 'token=x', 400],
    ['no host', 'GET /healthz HTTP/1.1\r\n\r\n', 400],
    ['many fields', `GET /healthz HTTP/1.1\r\nHost: x\r\n${
      'a: b\r\n'.repeat(100)}\r\n`, 431],
    ['a header that does not end', `GET /healthz HTTP/1.1\r\nHost: x\r\na: ${
      'b'.repeat(16 << 10)}`, 400],
    ['what is not HTTP', 'hello\r\n\r\n', 400],
  ]) {
    await test(`refused: ${what}`, async () => {
      const response = await talk(port, (socket) => socket.write(text));
      assert.match(response, new RegExp(`^HTTP/1\\.1 ${status} `));
      assert.match(response, /\r\nConnection: close\r\n/);
      assert.match(response, /\{"error":"invalid_request",/);
    });
  }

  await test('slow clients are not waited for', async () => {
    for (const text of ['', 'GET /he', head('Content-Length: 10\r\n')]) {
      const start = Date.now();
      let timer;
      const response = await talk(port, (socket) => {
        socket.write(text);
        // Never silent for as long as the timeout, and never done.
        timer = text && setInterval(() => socket.write('x'), 200);
        socket.on('close', () => clearInterval(timer));
      });
      assert.match(response, /^$|^HTTP\/1\.1 (400|408) /);
      // Never before; and the suite would end if it took for ever.
      assert(Date.now() - start >= REQUEST_TIMEOUT_MS * 0.9);
    }
    assert.strictEqual((await ask(origin, '/healthz')).body, 'alive\n');
  });

  await test('a connection serves one request after the other', async () => {
    const response = await talk(port, (socket) => socket.write(
      `${head('Content-Length: 7\r\n')}token=xGET /readyz HTTP/1.1\r\n` +
      'Host: x\r\nConnection: close\r\n\r\n'));
    assert.match(response, /\{"active":false\}HTTP\/1\.1 200 OK/);
    assert.match(response, /ready\n$/);
  });
}

async function testConfigurations(test, origin, folder) {
  const good = configFor(origin, folder);
  const withClient = (change) => ({ ...good.http,
    clients: [{ ...good.http.clients[0], ...change }] });
  writePrivately(folder, 'short', 'x'.repeat(15));
  writePrivately(folder, 'odd', `${'x'.repeat(16)}+`);
  for (const [what, config, message] of [
    ['without an address', { http: {} }, /http.address: is required/],
    ['beyond loopback', { http: { address: '0.0.0.0:0' } },
      /http.tls: is required beyond loopback/],
    ['on a Unix socket', { http: { address: 'unix:x' } }, /over TCP only/],
    ['with half of TLS', { http: { address: '127.0.0.1:0',
      tls: { certificate_file: 'x' } } }, /http.tls.certificate_file: /],
    ['with a short secret', { http: withClient({ secret_file: 'short' }) },
      /http.clients\[0\].secret_file: .*must hold 16 to 512/],
    ['with an odd secret', { http: withClient({ secret_file: 'odd' }) },
      /http.clients\[0\].secret_file: .*must hold 16 to 512/],
    ['with two credentials',
      { http: withClient({ bearer_file: 'gate.bearer' }) }, /and not both/],
    ['without permissions', { http: withClient({ permissions: [] }) },
      /http.clients\[0\].permissions: name at least one/],
    ['without a policy', { http: withClient({ policy: '' }) },
      /http.clients\[0\].policy: is required/],
    ['with another policy', { http: withClient({ policy: 'x' }) },
      /http.clients\[0\].policy: is not configured/],
    ['with the same client twice', { http: { ...good.http,
      clients: [good.http.clients[0], good.http.clients[0]] } },
    /http.clients\[1\].client_id: is another client's/],
    ['signed by nobody',
      { http: { ...good.http, introspection_issuer: 'x' } },
      /http.introspection_issuer: Signet does not sign as it/],
    ['with a limit that is none', { http: { ...good.http,
      limits: { max_body_bytes: 1 } } }, /http.limits.max_body_bytes: must be/],
    ['with two issuers in one place', { issuers: [
      ...good.issuers, { issuer: `${origin}/`, signing: good.issuers[0].signing },
    ] }, /http.issuers: .* would both have a document at/],
  ]) {
    await test(`a configuration ${what} is refused`, async () => {
      const file = writeConfig(folder, { ...good, ...config }, 'bad.yaml');
      await assertFails(['serve', '--check-config', '--config', file], message);
    });
  }
  await test('one beyond loopback, said aloud, is good', async () => {
    const file = writeConfig(folder, { ...good, http: { ...good.http,
      address: '0.0.0.0:0', allow_plaintext_beyond_loopback: true } }, 'b.yaml');
    await answer(ACCEPTED, ['serve', '--check-config', '--config', file]);
  });
}

suite(async (test, atEnd) => {
  custom.setHttpOptionsDefaults({ timeout: 60_000 });
  const folder = makeFolder();
  const origin = `http://127.0.0.1:${await freePort()}`;
  const server = await startServer(folder, configFor(origin, folder), atEnd);
  const client = new Client(server.address);
  atEnd(() => client.close());

  await test('it says where it listens', async () =>
    assert(server.program.text.stderr.includes(
      `"event":"http.listening","address":"${origin}"`)));
  await testDocuments(test, origin, client);
  await testIntrospection(test, origin, client);
  await testRefusals(test, origin);
  await testLimits(test, origin);
  await testConfigurations(test, origin, makeFolder());

  await test('it lives and is ready until it stops', async () => {
    for (const [target, body] of [['/healthz', 'alive\n'],
      ['/readyz', 'ready\n']]) {
      const response = await ask(origin, target);
      assert.deepStrictEqual([response.status, response.body], [200, body]);
    }
    assert.strictEqual((await server.stop()).code, 0);
    await assert.rejects(ask(origin, '/healthz'), { code: 'ECONNREFUSED' });
  });
});
