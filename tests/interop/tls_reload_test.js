'use strict';
// Certificates and CAs that change under a server that runs, on gRPC and on
// HTTPS: real handshakes, and connections that stay.

const assert = require('node:assert');
const crypto = require('node:crypto');
const fs = require('node:fs');
const https = require('node:https');
const path = require('node:path');
const tls = require('node:tls');
const { Authority, CLIENT, SERVER } = require('./authority');
const { Client, grpc } = require('./contract');
const { policiesFor } = require('./makers');
const { eventually, makeFolder, startServer } = require('./signet');
const { suite } = require('./suite');

const ISSUER = 'https://signet.example';
const AUDIENCE = 'https://orders.example';
const REQUEST = {
  kind: 'TOKEN_KIND_JWT', algorithm: 'ES256', audiences: [AUDIENCE] };
const TLS = { certificate_file: 'server.pem', private_key_file: 'server.key',
  client_ca_file: 'clients.pem' };

function newAuthority() {
  const authority = new Authority(makeFolder(), 'ca');
  authority.issue('server', SERVER);
  authority.issue('client', CLIENT);
  return authority;
}

// Puts a file in the place of another, whole.
function install(folder, name, text) {
  const next = path.join(folder, `${name}.next`);
  fs.writeFileSync(next, text, { mode: 0o600 });
  fs.renameSync(next, path.join(folder, name));
}

function installServer(folder, authority) {
  install(folder, 'server.key', authority.read('key', 'server'));
  install(folder, 'server.pem', authority.read('pem', 'server'));
}

// Resolves with the SHA-256 of the certificate that the server shows, if the
// handshake comes to its end: in TLS 1.3 a client learns that it is refused
// with the first answer.
function shown(port, who, alpn) {
  return new Promise((resolve) => {
    const socket = tls.connect({ host: '127.0.0.1', port, ALPNProtocols: alpn,
      rejectUnauthorized: false, maxVersion: 'TLSv1.2',
      key: who.read('key', 'client'), cert: who.read('pem', 'client') }, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
    socket.on('error', () => resolve('refused'));
  });
}

function fingerprint(authority) {
  const pem = authority.read('pem', 'server');
  return new crypto.X509Certificate(pem).fingerprint256;
}

// A connection for HTTPS that is kept.
class KeptConnection {
  constructor(port, authority) {
    this.sockets = new Set();
    this.options = { host: '127.0.0.1', port, path: '/healthz',
      ca: authority.read('pem'), key: authority.read('key', 'client'),
      cert: authority.read('pem', 'client'),
      agent: new https.Agent({ keepAlive: true, maxSockets: 1 }) };
  }

  ask() {
    return new Promise((resolve, reject) => {
      https.get(this.options, (response) => {
        this.sockets.add(response.socket);
        let text = '';
        response.setEncoding('utf8').on('data', (data) => { text += data; })
          .on('end', () => resolve(text));
      }).on('error', reject);
    });
  }
}

suite(async (test, atEnd) => {
  const folder = makeFolder();
  const [first, second] = [newAuthority(), newAuthority()];
  installServer(folder, first);
  install(folder, 'clients.pem', first.read('pem'));
  const server = await startServer(folder, {
    issuers: [{ issuer: ISSUER, signing: { generate: ['ES256'] } }],
    policies: policiesFor([ISSUER], AUDIENCE),
    listen: { tls: TLS },
    http: { address: '127.0.0.1:0', tls: TLS,
      limits: { keep_alive_timeout: '60s' } },
  }, atEnd);
  const ports = {
    grpc: [Number(server.address.split(':')[1]), ['h2']],
    https: [Number(/https:\/\/127.0.0.1:(\d+)/.exec(
      server.program.text.stderr)[1]), undefined],
  };
  const client = new Client(server.address, grpc.credentials.createSsl(
    first.read('pem'), first.read('key', 'client'),
    first.read('pem', 'client')));
  atEnd(() => client.close());
  const kept = new KeptConnection(ports.https[0], first);
  const askBoth = async () => {
    assert((await client.sign(REQUEST)).token);
    assert.strictEqual(await kept.ask(), 'alive\n');
  };
  const both = async (who) => Promise.all(
    Object.values(ports).map(([port, alpn]) => shown(port, who, alpn)));
  const eventuallyBoth = (who, what) => eventually(async () =>
    (await both(who)).every((each) => each === what));
  const complaints = () =>
    [...server.program.text.stderr.matchAll(/config\.not_reloaded/g)].length;

  await test('it begins with the first certificate', async () => {
    await askBoth();
    assert.deepStrictEqual(
      await both(first), [fingerprint(first), fingerprint(first)]);
  });

  await test('broken files change nothing, and are logged once', async () => {
    install(folder, 'server.pem', second.read('pem', 'server'));
    await eventually(() => complaints() === 1);
    install(folder, 'server.pem', 'x');
    await eventually(() => complaints() === 2);
    await askBoth();
    assert.deepStrictEqual(
      await both(first), [fingerprint(first), fingerprint(first)]);
    assert.strictEqual(complaints(), 2);
  });

  await test('new connections see the new certificate', async () => {
    installServer(folder, second);
    await eventuallyBoth(first, fingerprint(second));
    await askBoth();
  });

  await test('another client CA refuses the clients of the old', async () => {
    assert.deepStrictEqual(await both(second), ['refused', 'refused']);
    install(folder, 'clients.pem', second.read('pem'));
    await eventuallyBoth(second, fingerprint(second));
    await eventuallyBoth(first, 'refused');
  });

  await test('the old connections live on', async () => {
    await askBoth();
    assert.strictEqual(kept.sockets.size, 1);
    kept.options.agent.destroy();
  });
});
