'use strict';
// Mutual TLS with certificates that the openssl command makes. gRPC's TLS is
// OpenSSL and our signatures are BoringSSL: both must work in one process.

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { Authority, CLIENT, SERVER } = require('./authority');
const { ACCEPTED, answer, assertFails } = require('./commands');
const { Client, grpc, status } = require('./contract');
const { ALGORITHMS, KINDS, policiesFor } = require('./makers');
const { makeFolder, startServer, writeConfig } = require('./signet');
const { suite } = require('./suite');

const ISSUER = 'https://signet.example';
const AUDIENCE = 'https://orders.example';

const CONFIG = {
  issuers: [{ issuer: ISSUER, signing: { generate: ALGORITHMS } }],
  policies: policiesFor([ISSUER], AUDIENCE),
};

function requestFor(kind, algorithm) {
  return {
    kind: `TOKEN_KIND_${kind}`, algorithm, audiences: [AUDIENCE],
    subject: 'alice', client_id: kind === 'ACCESS_TOKEN' ? 'shop' : '' };
}

// The same key material in the command's options and in a client of grpc-js.
function identity(ca, authority, name) {
  return {
    options: ['--ca-file', ca.path('pem'),
      ...(name ? ['--certificate-file', authority.path('pem', name),
        '--private-key-file', authority.path('key', name)] : [])],
    credentials: grpc.credentials.createSsl(ca.read('pem'),
      name ? authority.read('key', name) : null,
      name ? authority.read('pem', name) : null),
  };
}

async function testMutualTls(test, atEnd, folder, ca, other) {
  const server = await startServer(folder, { ...CONFIG, listen: { tls: {
    certificate_file: 'server.pem', private_key_file: 'server.key',
    client_ca_file: 'ca.pem' } } }, atEnd);
  const connect = ({ credentials }) => {
    const client = new Client(server.address, credentials);
    atEnd(() => client.close());
    return client;
  };
  const good = identity(ca, ca, 'client');
  const client = connect(good);

  for (const algorithm of ALGORITHMS) {
    await test(`Sign and Verify ${algorithm} over TLS`, async () => {
      for (const kind of KINDS) {
        const { token } = await client.sign(requestFor(kind, algorithm));
        const response = await client.verify({ token, policy: kind });
        assert.strictEqual(response.verified?.header.algorithm, algorithm);
      }
    });
  }

  await test('OpenSSL and BoringSSL work at the same time', async () => {
    // New handshakes while signatures are made and verified.
    const clients = Array.from({ length: 8 }, () => new Client(server.address,
      good.credentials, { 'grpc.use_local_subchannel_pool': 1 }));
    const calls = clients.flatMap((each) => ALGORITHMS.map(async (algorithm) => {
      const { token } = await each.sign(requestFor('JWT', algorithm));
      const [{ response }] =
        await each.batchVerify([{ token, policy: 'JWT' }]);
      assert(response.verified, algorithm);
    }));
    await Promise.all(calls);
    clients.forEach((each) => each.close());
  });

  const sign = ['sign', '--kind', 'jwt', '--audience', AUDIENCE, '--server',
    server.address];
  await test('the commands are served with a client certificate', async () => {
    const token =
      (await answer(ACCEPTED, [...sign, ...good.options])).trim();
    for (const command of ['verify', 'introspect']) {
      await answer(ACCEPTED, [command, '--policy', 'JWT', '--server',
        server.address, ...good.options, token]);
    }
  });

  const refused = [
    ['no certificate', identity(ca)],
    ['a certificate of another CA', identity(ca, other, 'stranger')],
    ['a self-signed certificate', identity(ca, other, 'other')],
    ['a certificate for servers', identity(ca, ca, 'server')],
    ['an expired certificate', identity(ca, ca, 'expired')],
    ['trust in another CA', identity(other, ca, 'client')],
    ['no TLS at all',
      { options: [], credentials: grpc.credentials.createInsecure() }],
  ];
  for (const [what, who] of refused) {
    await test(`refused: ${what}`, async () => {
      const error = await connect(who).sign(requestFor('JWT', 'ES256'))
        .then(() => ({}), (e) => e);
      assert.strictEqual(error.code, status.UNAVAILABLE);
      await assertFails([...sign, ...who.options, '--timeout', '60'],
        /cannot reach a server at/);
    });
  }
  await test('the server still serves', async () =>
    assert((await client.sign(requestFor('JWT', 'ES256'))).token));
  await test('it says nothing about those it refused', async () => {
    client.close();
    const { stderr } = await server.stop();
    assert.deepStrictEqual(
      stderr.trim().split('\n').map((line) => JSON.parse(line).event),
      ['server.listening', 'server.draining', 'server.stopped']);
  });
}

async function testConfigurations(test, folder) {
  const tls = { certificate_file: 'server.pem', private_key_file: 'server.key' };
  const mutual = { ...tls, client_ca_file: 'ca.pem' };
  const BEYOND = '0.0.0.0:7410';
  fs.writeFileSync(path.join(folder, 'nonsense.pem'), 'x');
  fs.copyFileSync(
    path.join(folder, 'server.key'), path.join(folder, 'open.key'));
  fs.chmodSync(path.join(folder, 'open.key'), 0o644);
  // Rows of [what, listen, message], or without message if it is good.
  const rows = [
    ['beyond loopback with TLS alone', { address: BEYOND, tls },
      /listen.tls.client_ca_file: is required beyond loopback/],
    ['beyond loopback with mutual TLS', { address: BEYOND, tls: mutual }],
    ['beyond loopback with TLS alone, said aloud',
      { address: BEYOND, tls, allow_anonymous_beyond_loopback: true }],
    ['on loopback with TLS alone', { address: '127.0.0.1:0', tls }],
    ['no key', { tls: { certificate_file: 'server.pem' } },
      /listen.tls.private_key_file: is required/],
    ['no certificate', { tls: { private_key_file: 'server.key' } },
      /listen.tls.certificate_file: is required/],
    ['the key of another', { tls: { ...tls, private_key_file: 'client.key' } },
      /listen.tls.private_key_file: does not belong to the certificate/],
    ['a key that others can read', { tls: { ...tls, private_key_file: 'open.key' } },
      /listen.tls.private_key_file: .*chmod 600/],
    ['a certificate that is none',
      { tls: { ...tls, certificate_file: 'nonsense.pem' } },
      /listen.tls.certificate_file: does not begin with a PEM certificate/],
    ['a CA that is none', { tls: { ...tls, client_ca_file: 'nonsense.pem' } },
      /listen.tls.client_ca_file: does not begin with a PEM certificate/],
    ['a CA that is not there', { tls: { ...tls, client_ca_file: 'none.pem' } },
      /listen.tls.client_ca_file: .*none.pem: cannot be opened/],
  ];
  for (const [what, listen, message] of rows) {
    await test(`${what} is ${message ? 'refused' : 'good'}`, async () => {
      const file = writeConfig(
        folder, { ...CONFIG, listen, authorization: {} }, 'listen.yaml');
      const check = ['serve', '--check-config', '--config', file];
      if (!message) {
        await answer(ACCEPTED, check);
        return;
      }
      await assertFails(check, message);
      await assertFails(['serve', '--config', file], message);
    });
  }
}

suite(async (test, atEnd) => {
  const folder = makeFolder();
  const ca = new Authority(folder, 'ca');
  ca.issue('server', SERVER);
  ca.issue('client', CLIENT);
  ca.openssl('req', '-new', '-key', 'client.key', '-subj', '/CN=expired',
    '-out', 'expired.csr');
  ca.openssl('x509', '-req', '-in', 'expired.csr', '-CA', 'ca.pem', '-CAkey',
    'ca.key', '-CAcreateserial', '-days', '-1', '-extfile', 'client.ext',
    '-out', 'expired.pem');
  fs.copyFileSync(ca.path('key', 'client'), ca.path('key', 'expired'));
  const other = new Authority(folder, 'other');
  other.issue('stranger', CLIENT);

  await testMutualTls(test, atEnd, folder, ca, other);
  await testConfigurations(test, folder);

  await test('an RSA certificate serves as well', async () => {
    const rsa = new Authority(makeFolder(), 'rsa', ['-newkey', 'rsa:2048']);
    rsa.issue('server', SERVER);
    const server = await startServer(rsa.folder, { ...CONFIG, listen: { tls: {
      certificate_file: 'server.pem', private_key_file: 'server.key' } } },
    atEnd);
    await answer(ACCEPTED, ['sign', '--kind', 'jwt', '--audience', AUDIENCE,
      '--server', server.address, '--ca-file', rsa.path('pem')]);
  });
});
