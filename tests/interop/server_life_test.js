'use strict';
// A server keeps its keys when it is started again, and stops when it is told
// to, but not before it is done.

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const health = require('grpc-health-check');
const { Client, assertRejected, status } = require('./contract');
const {
  ALGORITHMS, Key, claimsFor, nowInSeconds, policiesFor, writePrivately,
} = require('./makers');
const { makeFolder, startServer } = require('./signet');
const { suite } = require('./suite');

const ISSUER = 'https://signet.example';
const AUDIENCE = 'https://orders.example';

const CONFIG = {
  issuers: [{ issuer: ISSUER, signing: { generate: ALGORITHMS } }],
  policies: policiesFor([ISSUER], AUDIENCE),
};

async function signAll(client) {
  return Promise.all(ALGORITHMS.map(async (algorithm) => (await client.sign({
    kind: 'TOKEN_KIND_JWT', audiences: [AUDIENCE], algorithm })).token));
}

async function testRestart(test, folder, atEnd) {
  await test('a restarted server keeps its keys', async () => {
    let server = await startServer(folder, CONFIG, atEnd);
    let client = new Client(server.address);
    const tokens = await signAll(client);
    client.close();
    assert.strictEqual((await server.stop('SIGTERM')).code, 0);
    const data = path.join(folder, 'data');
    assert.strictEqual(fs.statSync(data).mode & 0o777, 0o700);
    for (const file of [path.join(data, 'signet.db'), `${data}.key`]) {
      assert.strictEqual(fs.statSync(file).mode & 0o777, 0o600);
    }

    server = await startServer(folder, CONFIG, atEnd);
    client = new Client(server.address);
    for (const token of [...tokens, ...await signAll(client)]) {
      assert((await client.verify({ token, policy: 'JWT' })).verified);
    }
    client.close();
    assert.strictEqual((await server.stop('SIGTERM')).code, 0);
  });
  await test('a server with a new data folder has other keys', async () => {
    const server = await startServer(
      folder, { ...CONFIG, data_folder: 'other' }, atEnd);
    const client = new Client(server.address);
    const [token] = (await signAll(client)).slice(-1);
    client.close();
    await server.stop();
    const old = await startServer(folder, CONFIG, atEnd);
    const oldClient = new Client(old.address);
    assertRejected(await oldClient.verify({ token, policy: 'JWT' }),
      'KEY_NOT_FOUND', 'kid');
    oldClient.close();
  });
}

// The seconds of processor time that a process has used.
function processorTime(pid) {
  const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
    .split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

// Requests that keep the server busy for more than half a second, whatever
// this machine and this build make of the slowest of signatures. All but the
// last are for bad tokens, because what fails is never remembered, and no two
// for the same one, which would be verified once.
async function slowBatch(server, client, bad, good) {
  const bads = (count) => Array.from({ length: count }, (_, i) => ({
    token: bad.slice(0, -20) + String(i).padStart(8, '0') + bad.slice(-12),
    policy: 'JWT' }));
  const before = processorTime(server.pid);
  await client.batchVerify(bads(64));
  const each = Math.max(processorTime(server.pid) - before, 0.01) / 64;
  const count = Math.min(1023, Math.ceil(0.6 / each));
  return [...bads(count), { token: good, policy: 'JWT' }];
}

async function until(condition) {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

async function testStop(test, folder, atEnd) {
  const key = await Key.make('ES512');
  writePrivately(folder, 'slow.jwk', await key.publicJwk());
  const config = {
    limits: { key_table_bytes: 0 }, // A table would make them fast.
    issuers: [{ issuer: ISSUER, keys: [{ jwk_file: 'slow.jwk' }] }],
    policies: policiesFor([ISSUER], AUDIENCE) };
  const claims = claimsFor('JWT', ISSUER, AUDIENCE, nowInSeconds());
  const good = await key.token('JWT', claims);
  const bad = await (await Key.make('ES512')).token('JWT', claims);

  for (const signal of ['SIGTERM', 'SIGINT']) {
    await test(`${signal} lets a running call complete`, async () => {
      const server = await startServer(folder, config, atEnd);
      const client = new Client(server.address);
      const requests = await slowBatch(server, client, bad, good);
      const before = processorTime(server.pid);
      let ended = false;
      const call = client.batchVerify(requests).finally(() => { ended = true; });
      await until(() => processorTime(server.pid) - before > 0.1);
      assert(!ended, 'the call ended too soon to tell');

      const stopped = server.stop(signal);
      await server.event('server.draining');
      assert(!ended, 'the call ended too soon to tell');
      const results = await call;
      assert.strictEqual(results.length, requests.length);
      assertRejected(results[0].response, 'SIGNATURE_INVALID', '');
      assert(results.at(-1).response.verified);
      client.close();
      const { code, stdout, stderr } = await stopped;
      assert.deepStrictEqual([code, stdout], [0, '']);
      const events = stderr.trim().split('\n').map((line) => JSON.parse(line));
      assert.deepStrictEqual(events.map(({ event }) => event),
        ['server.listening', 'server.draining', 'server.stopped']);
    });
  }

  await test('a stopping server turns NOT_SERVING, then away, though it is watched', async () => {
    const server = await startServer(folder, config, atEnd);
    const client = new Client(server.address);
    const watch = client.channel.makeServerStreamRequest(
      health.service.Watch.path, health.service.Watch.requestSerialize,
      health.service.Watch.responseDeserialize,
      { service: 'signet.v1.TokenService' });
    const seen = [];
    const closed = new Promise((resolve) => watch.on('error', resolve));
    await new Promise((resolve) => watch.on('data', (answer) => {
      seen.push(answer.status);
      if (seen.length === 1) server.stop();
      if (seen.length === 2) resolve();
    }));
    assert.deepStrictEqual(seen, ['SERVING', 'NOT_SERVING']);
    const toldAt = Date.now();
    assert.strictEqual((await server.ended()).code, 0);
    // Far from the 10 s that it would wait for a call.
    assert(Date.now() - toldAt < 5_000);
    await closed;
    client.close();
    const late = new Client(server.address);
    const error = await late.verify({ token: good, policy: 'JWT' })
      .catch((e) => e);
    assert.strictEqual(error.code, status.UNAVAILABLE);
    late.close();
  });

  await test('an idle client does not hold up a stopping server', async () => {
    const server = await startServer(folder, config, atEnd);
    const client = new Client(server.address);
    assert((await client.verify({ token: good, policy: 'JWT' })).verified);
    assert.strictEqual((await server.stop()).code, 0);
    client.close();
  });
}

suite(async (test, atEnd) => {
  await testRestart(test, makeFolder(), atEnd);
  await testStop(test, makeFolder(), atEnd);
});
