'use strict';
// Clients that mean harm, each kind for some seconds (SIGNET_FLOOD_SECONDS), and
// others meanwhile: their calls are answered, and new ones can connect. What it
// costs them is printed, and SECURITY.md tells of it.

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { Authority, CLIENT, SERVER } = require('./authority');
const { Client, grpc } = require('./contract');
const {
  eventually, freePort, makeFolder, start, startServer,
} = require('./signet');
const { suite } = require('./suite');

const SECONDS = Number(process.env.SIGNET_FLOOD_SECONDS ?? 1);
const ATTACKER = path.join(__dirname, 'flood.js');
const PROXY_CONFIG = path.resolve('deploy/haproxy/haproxy.cfg');
const MAX_GROWTH_MIB = 512;
// Clock ticks per second, as /proc counts.
const TICKS = 100;

const CONFIG = {
  issuers: [
    { issuer: 'https://a.example', signing: { generate: ['ES256'] } }],
  policies: [{ name: 'any', kind: 'JWT', issuers: ['https://a.example'],
    any_audience: true }],
};
// What Signet withstands by itself, and what it needs HAProxy for.
const HARMLESS = [
  'nothing', 'connections', 'handshakes', 'pings', 'settings', 'slow'];
const HARMFUL = ['resets', 'headers', 'unfolding', 'unread'];

// Memory in MiB, and seconds of processors, of a process so far.
function usage(pid) {
  const [, resident] = fs.readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ');
  const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
    .split(') ')[1].split(' ');
  return { memory: Number(resident) / 256,
    processor: (Number(fields[11]) + Number(fields[12])) / TICKS };
}

function quantile(sorted, q) {
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
}

// Calls one after the other for as long as `lasts`, each hundredth from a
// client that is new. Returns how long they took, in ms.
async function callOften(connect, token, lasts) {
  const took = [];
  const old = connect();
  while (lasts()) {
    const isNew = took.length % 100 === 99;
    const client = isNew ? connect() : old;
    const begin = process.hrtime.bigint();
    const answer = await client.verify({ token, policy: 'any' });
    took.push(Number(process.hrtime.bigint() - begin) / 1e6);
    assert(answer.verified, JSON.stringify(answer));
    if (isNew) client.close();
  }
  old.close();
  return took.sort((a, b) => a - b);
}

// Has the attacker flood `address` with `kind`, while others call the server by
// `connect`.
async function flood({ pid, address, connect, credentials = [] }, kind) {
  const client = connect();
  const { token } = await client.sign({
    kind: 'TOKEN_KIND_JWT', audiences: ['x'] });
  client.close();
  const before = usage(pid);
  const attacker = kind === 'nothing' ? null : start(process.execPath,
    [ATTACKER, kind, address, ...credentials], { stdio: 'ignore' });
  const end = Date.now() + SECONDS * 1000;
  const took = await callOften(connect, token, () => Date.now() < end);
  const after = usage(pid);
  if (attacker) {
    attacker.child.kill('SIGKILL');
    await attacker.ended;
  }
  const growth = after.memory - before.memory;
  const load = (after.processor - before.processor) / SECONDS;
  console.log(`${kind}: ${took.length} calls, ` +
    [0.5, 0.99, 1].map((q) => quantile(took, q).toFixed(1)).join(' / ') +
    ` ms; memory ${growth.toFixed(0)} MiB more; ` +
    `${load.toFixed(2)} processors`);
  assert(growth < MAX_GROWTH_MIB, `${growth} MiB`);
}

async function floodAll(test, where, target, kinds) {
  for (const kind of kinds) {
    await test(`a flood of ${kind}, ${where}`, () => flood(target, kind));
  }
}

// Starts HAProxy in front of a server, and resolves with its address.
async function startProxy(folder, ca, server, atEnd) {
  const both = (name) => {
    const file = path.join(folder, `${name}-both.pem`);
    fs.writeFileSync(file,
      Buffer.concat([ca.read('pem', name), ca.read('key', name)]),
      { mode: 0o600 });
    return file;
  };
  const address = `127.0.0.1:${await freePort()}`;
  const proxy = start('/usr/sbin/haproxy', ['-f', PROXY_CONFIG], { env: {
    ...process.env, SIGNET_BIND: address, SIGNET_SERVER: server.address,
    SIGNET_CERTIFICATE: both('server'), SIGNET_CLIENT: both('client'),
    SIGNET_CA: ca.path('pem') }, patience: 300_000 });
  atEnd(() => proxy.child.kill());
  // It says nothing when it is there.
  await eventually(async () => {
    const client = new Client(
      address, grpc.credentials.createSsl(ca.read('pem')));
    const answer = await client.verify({ policy: 'any' }).catch(() => null);
    client.close();
    return answer;
  });
  return address;
}

suite(async (test, atEnd) => {
  const open = await startServer(makeFolder(), CONFIG, atEnd);
  await floodAll(test, 'in the clear',
    { ...open, connect: () => new Client(open.address) }, HARMLESS);

  const folder = makeFolder();
  const ca = new Authority(folder, 'ca');
  ca.issue('server', SERVER);
  ca.issue('client', CLIENT);
  const server = await startServer(makeFolder(), { ...CONFIG, listen: { tls: {
    certificate_file: ca.path('pem', 'server'),
    private_key_file: ca.path('key', 'server'),
    client_ca_file: ca.path('pem') } } }, atEnd);
  const toServer = () => new Client(server.address, grpc.credentials.createSsl(
    ca.read('pem'), ca.read('key', 'client'), ca.read('pem', 'client')));
  await floodAll(test, 'with a certificate', { ...server, connect: toServer,
    credentials: ['pem', 'pem', 'key'].map(
      (extension, i) => ca.path(extension, i === 0 ? 'ca' : 'client')) },
  HARMLESS);
  // Whoever has no certificate never gets to speak.
  await floodAll(test, 'without a certificate', { ...server, connect: toServer,
    credentials: [ca.path('pem')] }, [...HARMLESS, ...HARMFUL]);

  // What HAProxy turns an address away for comes last.
  const address = await startProxy(folder, ca, server, atEnd);
  await floodAll(test, 'at HAProxy', { ...server, address,
    credentials: [ca.path('pem')],
    connect: () => new Client(
      address, grpc.credentials.createSsl(ca.read('pem'))) },
  [...HARMFUL, ...HARMLESS]);
});
