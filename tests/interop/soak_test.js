'use strict';
// Signet under mixed traffic for as many minutes as SIGNET_SOAK_MINUTES says,
// while keys are rotated and revoked, and tokens revoked: its memory stays flat,
// and every answer is the one that is known in advance. "./dev soak" runs it.

const assert = require('node:assert');
const fs = require('node:fs');
const { Client } = require('./contract');
const { noteSecret, noteToken } = require('./leak_check');
const { writePrivately } = require('./makers');
const { freePort, makeFolder, startServer } = require('./signet');
const { AUDIENCE, POLICY, SCOPE, Traffic } = require('./soak_traffic');
const { suite } = require('./suite');

const MINUTES = Number(process.env.SIGNET_SOAK_MINUTES ?? 10);
const ISSUER = 'https://signet.example';
const ALGORITHMS = ['ES256', 'EdDSA'];
const SECRET = 'soak-secret-0123456789.abcdef~';
// Memory is compared from when caches are full and keys have tables, and in
// windows, because an allocator breathes.
const WARM_UP = 0.2;
const WINDOW = 0.1;
const MOST_GROWTH = 0.05;

function configFor(folder, httpPort) {
  noteSecret(SECRET);
  writePrivately(folder, 'shop.secret', SECRET);
  return {
    // Small, so that they are full soon.
    limits: { token_cache_bytes: 4 << 20, key_table_bytes: 1 << 20 },
    issuers: [{ issuer: ISSUER, signing: {
      generate: ALGORITHMS,
      rotation: { publish_ahead: '1s', jwks_max_age: '1s' } } }],
    policies: [{ name: POLICY, issuers: [ISSUER], kind: POLICY,
      audiences: [AUDIENCE], required_scopes: [SCOPE] }],
    http: { address: `127.0.0.1:${httpPort}`, anonymous_metrics: true, clients: [{
      client_id: 'shop', secret_file: 'shop.secret', policy: POLICY,
      permissions: ['INTROSPECT'] }] },
  };
}

function sleep(seconds) {
  return new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
}

// Resident memory, in MiB.
function memoryOf(pid) {
  const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)[1]) / 1024;
}

// What an operator does in a second: something to tokens in each, to keys in
// some. A key that is rotated has been published for long enough to sign, and
// so has the one that takes over from one that is revoked.
async function operate(second, client, traffic) {
  await traffic.attempt('revoke a token', async () => {
    const signed = await traffic.sign();
    await signed.revokedBy(() => client.revoke({ token: signed.token }));
    await traffic.verify(signed);
  });
  if (second % 20 === 0) {
    await traffic.attempt('rotate', () => client.rotateKey({
      issuer: ISSUER, algorithm: ALGORITHMS[second / 20 % 2] }));
  }
  if (second % 60 === 30) {
    await traffic.attempt('revoke a key', async () => {
      const { key_id: keyId } = (await client.listKeys()).find((key) =>
        key.algorithm === 'EdDSA' && key.state === 'KEY_STATE_ACTIVE');
      await traffic.keyOf(keyId).revokedBy(
        () => client.revokeKey({ issuer: ISSUER, key_id: keyId }));
    });
  }
}

// Memory over the minutes, in MiB, each a tenth of a second apart.
async function watch(pid, traffic, seconds) {
  const samples = [];
  const end = Date.now() + 1000 * seconds;
  while (Date.now() < end && traffic.running) {
    samples.push(memoryOf(pid));
    if (samples.length % 600 === 0) {
      console.log(`${samples.length / 600} min: ${samples.at(-1).toFixed(1)} MiB`);
    }
    await sleep(0.1);
  }
  return samples;
}

function mean(values) {
  return values.reduce((a, b) => a + b) / values.length;
}

function growthIn(samples) {
  const window = Math.ceil(samples.length * WINDOW);
  const warm = Math.ceil(samples.length * WARM_UP);
  const first = mean(samples.slice(warm, warm + window));
  const last = mean(samples.slice(-window));
  console.log(`memory: ${first.toFixed(1)} MiB after the warm-up, ` +
    `${last.toFixed(1)} MiB at the end`);
  return last / first - 1;
}

suite(async (test, atEnd) => {
  const folder = makeFolder();
  const port = await freePort();
  const server = await startServer(
    folder, configFor(folder, port), atEnd, (MINUTES + 5) * 60_000);
  const client = new Client(server.address);
  const traffic = new Traffic(client, `http://127.0.0.1:${port}`, `shop:${SECRET}`);
  for (let i = 0; i < 64; i++) noteToken((await traffic.sign()).token);
  traffic.start();
  const operator = (async () => {
    for (let second = 1; traffic.running; second++) {
      await operate(second, client, traffic);
      await sleep(1);
    }
  })();
  const samples = await watch(server.pid, traffic, 60 * MINUTES);
  await traffic.end();
  await operator;
  client.close();
  console.log(traffic.counts);

  await test('no answer was another than the one that was due', () =>
    assert.deepStrictEqual(traffic.failures, []));
  await test(`memory grew by less than ${100 * MOST_GROWTH} %`, () =>
    assert(growthIn(samples) < MOST_GROWTH));
  await test('the server logged nothing but its life', async () => {
    const { code, stderr } = await server.stop();
    assert.strictEqual(code, 0);
    for (const line of stderr.trim().split('\n')) {
      assert.strictEqual(JSON.parse(line).level, 'info', line);
    }
  });
});
