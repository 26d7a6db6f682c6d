'use strict';
// HTTPS, while the same process signs: TLS is OpenSSL's, signatures are
// BoringSSL's.

const assert = require('node:assert');
const https = require('node:https');
const net = require('node:net');
const tls = require('node:tls');
const { Authority, CLIENT, SERVER } = require('./authority');
const { assertFails } = require('./commands');
const { Client } = require('./contract');
const { noteOutput, noteSecret } = require('./leak_check');
const { ALGORITHMS, policiesFor, writePrivately } = require('./makers');
const { makeFolder, startServer, writeConfig } = require('./signet');
const { suite } = require('./suite');

const ISSUER = 'https://signet.example';
const AUDIENCE = 'https://orders.example';
const SECRET = 'shop-secret-0123456789';
const TLS = { certificate_file: 'server.pem', private_key_file: 'server.key' };

function configFor(folder, tlsFiles) {
  noteSecret(SECRET);
  writePrivately(folder, 'shop.secret', SECRET);
  return {
    issuers: [{ issuer: ISSUER, signing: { generate: ALGORITHMS } }],
    policies: policiesFor([ISSUER], AUDIENCE),
    http: { address: 'localhost:0', tls: tlsFiles, clients: [{
      client_id: 'shop', secret_file: 'shop.secret', policy: 'JWT',
      permissions: ['INTROSPECT'] }] },
  };
}

// Starts a server; resolves with it and with where it speaks HTTPS.
async function startHttps(folder, tlsFiles, atEnd) {
  const server = await startServer(folder, configFor(folder, tlsFiles), atEnd);
  const [, port] = /"address":"https:\/\/localhost:(\d+)"/.exec(
    server.program.text.stderr);
  return { server, port };
}

function ask(port, options, body) {
  return new Promise((resolve, reject) => {
    const request = https.request(
      { host: '127.0.0.1', port, agent: false, ...options }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (data) => { text += data; })
          .on('end', () => {
            noteOutput('an HTTPS response', text);
            resolve(text);
          });
      });
    request.on('error', reject);
    request.end(body);
  });
}

function introspect(port, ca, token) {
  return ask(port, { ca, path: '/oauth2/introspect', method: 'POST',
    auth: `shop:${SECRET}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' } },
  `token=${token}`);
}

suite(async (test, atEnd) => {
  const folder = makeFolder();
  const ca = new Authority(folder, 'ca');
  ca.issue('server', SERVER);
  ca.issue('client', CLIENT);
  const other = new Authority(folder, 'other');
  other.issue('stranger', CLIENT);
  const good = { ca: ca.read('pem'), path: '/healthz' };

  const { server, port } = await startHttps(folder, TLS, atEnd);
  const client = new Client(server.address);
  atEnd(() => client.close());

  await test('handshakes and signatures at the same time', async () => {
    await Promise.all(ALGORITHMS.flatMap((algorithm) => [1, 2].map(async () => {
      const { token } = await client.sign({ kind: 'TOKEN_KIND_JWT', algorithm,
        audiences: [AUDIENCE] });
      const answer = JSON.parse(await introspect(port, good.ca, token));
      assert.deepStrictEqual(
        [answer.active, answer.iss], [true, ISSUER], algorithm);
    })));
  });

  await test('TLS 1.2 and 1.3 are spoken', async () => {
    for (const version of ['TLSv1.2', 'TLSv1.3']) {
      assert.strictEqual(await ask(port,
        { ...good, minVersion: version, maxVersion: version }), 'alive\n');
    }
  });

  await test('older versions are not', () => new Promise((resolve, reject) => {
    const socket = tls.connect({ port, host: '127.0.0.1', ca: good.ca,
      minVersion: 'TLSv1', maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0' },
    () => reject(new Error(socket.getProtocol())));
    socket.on('error', () => resolve());
  }));

  await test('who trusts another CA does not connect', () => assert.rejects(
    ask(port, { ...good, ca: other.read('pem') }), /certificate|issuer/));

  await test('who speaks no TLS gets no answer', async () => {
    const text = await new Promise((resolve) => {
      let got = '';
      net.connect(port, '127.0.0.1', function sendPlainly() {
        this.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
      }).on('data', (data) => { got += data; }).on('error', () => {})
        .on('close', () => resolve(got));
    });
    assert(!text.includes('HTTP'), text);
    assert.strictEqual(await ask(port, good), 'alive\n');
  });

  await test('clients may have to show a certificate', async () => {
    const mutual = await startHttps(
      makeMutualFolder(ca), { ...TLS, client_ca_file: 'ca.pem' }, atEnd);
    await assert.rejects(ask(mutual.port, good));
    await assert.rejects(ask(mutual.port, { ...good,
      key: other.read('key', 'stranger'), cert: other.read('pem', 'stranger') }));
    assert.strictEqual(await ask(mutual.port, { ...good,
      key: ca.read('key', 'client'), cert: ca.read('pem', 'client') }),
    'alive\n');
  });

  await test('the key of another certificate is refused', async () => {
    const file = writeConfig(folder, configFor(folder,
      { ...TLS, private_key_file: 'client.key' }), 'bad.yaml');
    await assertFails(['serve', '--config', file],
      /http.tls.private_key_file: does not belong to the certificate/);
  });
});

// A folder with what a server needs, and a data folder of its own.
function makeMutualFolder(ca) {
  const folder = makeFolder();
  for (const [name, extension] of [
    ['server', 'pem'], ['server', 'key'], ['ca', 'pem']]) {
    writePrivately(folder, `${name}.${extension}`,
      ca.read(extension, name).toString());
  }
  return folder;
}
