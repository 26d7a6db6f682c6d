'use strict';
// Two replicas are restarted in turn, several times, while clients that spread
// their calls over both go on calling. Not one call fails.

const assert = require('node:assert');
const { Client } = require('./contract');
const { policiesFor } = require('./makers');
const { eventually, makeFolder, startServer } = require('./signet');
const { suite } = require('./suite');

const ISSUER = 'https://signet.example';
const AUDIENCE = 'https://orders.example';
const RESTARTS_OF_EACH = 3;
const CALLERS = 8;

// A pair of replicas with one store. One that is started again gets the port
// that it had.
class Replicas {
  constructor(folder, atEnd) {
    this.config = {
      issuers: [{ issuer: ISSUER, signing: { generate: ['ES256'] } }],
      policies: policiesFor([ISSUER], AUDIENCE),
    };
    this.folder = folder;
    this.atEnd = atEnd;
    this.servers = [];
  }

  async start(index) {
    const address = this.servers[index]?.address ?? '127.0.0.1:0';
    this.servers[index] = await startServer(
      this.folder, { ...this.config, listen: { address } }, this.atEnd);
  }

  get addresses() {
    return this.servers.map((server) => server.address);
  }
}

// Calls of one client, one after the other in each of several callers.
class Load {
  constructor(addresses, token) {
    this.client = new Client(`ipv4:${addresses.join(',')}`, undefined, {
      'grpc.service_config': JSON.stringify(
        { loadBalancingConfig: [{ round_robin: {} }] }),
      'grpc.initial_reconnect_backoff_ms': 100 });
    this.token = token;
    this.answered = new Map();
    this.failures = [];
    this.running = true;
    this.callers = Array.from({ length: CALLERS }, () => this.call());
  }

  async call() {
    while (this.running) {
      try {
        const { response, peer } = await this.client.verifyAtPeer(
          { token: this.token, policy: 'JWT' });
        assert(response.verified);
        this.answered.set(peer, (this.answered.get(peer) ?? 0) + 1);
      } catch (error) {
        this.failures.push(String(error));
      }
    }
  }

  // Resolves once a replica has answered calls that were made after this one.
  async answeredBy(address) {
    const before = this.answered.get(address) ?? 0;
    await eventually(
      () => (this.answered.get(address) ?? 0) > before + CALLERS);
  }

  async end() {
    this.running = false;
    await Promise.all(this.callers);
    this.client.close();
  }
}

suite(async (test, atEnd) => {
  const replicas = new Replicas(makeFolder(), atEnd);
  await replicas.start(0);
  await replicas.start(1);
  const signer = new Client(replicas.addresses[0]);
  const { token } = await signer.sign({
    kind: 'TOKEN_KIND_JWT', audiences: [AUDIENCE] });
  signer.close();
  await test('a rolling restart fails no call', async () => {
    const load = new Load(replicas.addresses, token);
    for (let i = 0; i < 2 * RESTARTS_OF_EACH; i++) {
      for (const address of replicas.addresses) await load.answeredBy(address);
      assert.strictEqual((await replicas.servers[i % 2].stop()).code, 0);
      await replicas.start(i % 2);
    }
    for (const address of replicas.addresses) await load.answeredBy(address);
    await load.end();
    const calls = [...load.answered.values()].reduce((a, b) => a + b);
    console.log(`${calls} calls over ${2 * RESTARTS_OF_EACH} restarts, ` +
      `${load.failures.length} failed`);
    assert.deepStrictEqual(load.failures, []);
  });
});
