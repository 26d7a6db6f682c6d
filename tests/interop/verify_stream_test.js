'use strict';
// StreamVerify, as an independent client of another language sees it.

const assert = require('node:assert');
const { Client, METHODS, assertRejected, status } = require('./contract');
const { noteOutput } = require('./leak_check');
const { policiesFor } = require('./makers');
const { makeFolder, startServer } = require('./signet');
const { suite } = require('./suite');

const ISSUER = 'https://signet.example';
const AUDIENCE = 'https://orders.example';
const CONFIG = {
  issuers: [{ issuer: ISSUER, signing: { generate: ['ES256'] } }],
  policies: policiesFor([ISSUER], AUDIENCE),
};

// A stream. `answers` grows as long as it is not paused; `ended` is the status.
class Stream {
  constructor(client, serialize = METHODS.StreamVerify.requestSerialize) {
    const method = METHODS.StreamVerify;
    this.call = client.channel.makeBidiStreamRequest(
      method.path, serialize, method.responseDeserialize,
      { deadline: Date.now() + 60_000 });
    this.answers = [];
    this.call.on('data', (answer) => {
      this.answers.push(answer);
      this.call.emit('answered');
    });
    this.call.on('error', (error) => noteOutput('a gRPC status', error.message));
    this.ended = new Promise((resolve) => this.call.on('status', resolve));
  }

  async awaitAnswers(count) {
    while (this.answers.length < count) {
      await new Promise((resolve) => this.call.once('answered', resolve));
    }
  }

  // Resolves when the transport has taken the request.
  send(id, request) {
    return new Promise((resolve) => this.call.write({ id, request }, resolve));
  }

  async assertEnds(code, message = /./) {
    const { code: actual, details } = await this.ended;
    assert.strictEqual(status[actual], code, details);
    if (code !== 'OK') assert.match(details, message);
  }
}

async function testAnswers(test, client, one) {
  await test('each request gets one answer, with its id', async () => {
    const stream = new Stream(client);
    const ids = Array.from({ length: 3000 }, (_, i) => 2 * i + 1);
    for (const id of ids) {
      stream.send(id, id % 3 === 0 ? { ...one, policy: 'ID_TOKEN' } : one);
    }
    stream.call.end();
    await stream.assertEnds('OK');
    const byId = new Map(stream.answers.map((answer) => [answer.id, answer]));
    assert.strictEqual(stream.answers.length, ids.length);
    assert.deepStrictEqual([...byId.keys()].sort((a, b) => a - b), ids);
    for (const [id, answer] of byId) {
      if (id % 3 === 0) {
        assertRejected(answer.response, 'WRONG_TOKEN_KIND', '');
      } else {
        assert(answer.response.verified);
      }
    }
  });
  await test('a bad request does not end the stream', async () => {
    const stream = new Stream(client);
    stream.send(1, { ...one, policy: 'nobody' });
    stream.send(2, null);
    stream.send(1, { ...one, explain: true });
    await stream.awaitAnswers(3);
    const [first, second, third] = stream.answers;
    assert.deepStrictEqual([first.id, first.failure.code],
      [1, status.INVALID_ARGUMENT]);
    assert.match(first.failure.message, /^policy: /);
    assert.deepStrictEqual(second, { id: 2, result: 'failure', failure: {
      code: status.INVALID_ARGUMENT, message: 'policy: is required' } });
    assert.strictEqual(third.id, 1);
    assert(third.response.checks.length > 0);
    stream.call.end();
    await stream.assertEnds('OK');
  });
  await test('a stream without requests ends with its client', async () => {
    const stream = new Stream(client);
    stream.call.end();
    await stream.assertEnds('OK');
    assert.deepStrictEqual(stream.answers, []);
  });
}

async function testBadMessages(test, client, one) {
  for (const [what, bytes] of [
    ['is no protobuf', [0xff, 0xff]],
    ['has a string that is not UTF-8', [0x12, 0x03, 0x0a, 0x01, 0xff]],
  ]) {
    await test(`a message that ${what} ends the stream`, async () => {
      const { requestSerialize } = METHODS.StreamVerify;
      const stream = new Stream(client, (request) =>
        request.id ? requestSerialize(request) : Buffer.from(bytes));
      for (const id of [1, 2, 0, 3]) stream.send(id, one);
      await stream.assertEnds('INVALID_ARGUMENT', /signet.v1.StreamVerifyReq/);
      // What came before is answered first.
      assert.deepStrictEqual(stream.answers.map(({ id }) => id), [1, 2]);
      assert(stream.answers.every(({ response }) => response.verified));
    });
  }
  await test('a message over the limit ends the stream', async () => {
    const stream = new Stream(client);
    stream.send(1, { token: 'A'.repeat(4 * 1024 * 1024), policy: 'JWT' });
    await stream.assertEnds('RESOURCE_EXHAUSTED');
  });
}

async function testBackPressure(test, client, one) {
  await test('a client that does not read is made to wait', async () => {
    const stream = new Stream(client);
    stream.call.pause();
    const count = 2000;
    let taken = 0;
    // So large that what is on the way is little against it.
    const large = { token: 'A'.repeat(16 * 1024), policy: 'JWT', nonce: 'n'.repeat(16 * 1024) };
    const sending = (async () => {
      for (let id = 1; id <= count; ++id) {
        // With answers that are as large as can be.
        await stream.send(id, id % 2 ? one : large);
        taken = id;
      }
      stream.call.end();
    })();
    // Time in which a server without bounds would take everything.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert(taken < count, `${taken} were taken`);
    stream.call.resume();
    await sending;
    await stream.assertEnds('OK');
    assert.strictEqual(new Set(stream.answers.map(({ id }) => id)).size, count);
    assert.strictEqual(stream.answers.length, count);
  });
}

async function testEnds(test, server, client, one) {
  await test('a client may cancel in the middle', async () => {
    const stream = new Stream(client);
    for (let id = 1; id <= 500; ++id) stream.send(id, one);
    await stream.awaitAnswers(1);
    stream.call.cancel();
    await stream.assertEnds('CANCELLED');
    assert((await client.verify(one)).verified, 'the server goes on');
  });
  await test('a stopping server ends the stream with UNAVAILABLE', async () => {
    const idle = new Stream(client);
    idle.send(1, one);
    await idle.awaitAnswers(1);
    const busy = new Stream(client);
    for (let id = 1; id <= 500; ++id) busy.send(id, one);
    await busy.awaitAnswers(1);
    const { code } = await server.stop();
    assert.strictEqual(code, 0);
    for (const stream of [idle, busy]) {
      // What the busy client still has on its way when the server closes the
      // connection resets it, at times before the reason has been read.
      await stream.assertEnds('UNAVAILABLE',
        /^the server is stopping|^Connection dropped$/);
    }
    // Without gaps: what was read was answered.
    assert.deepStrictEqual(busy.answers.map(({ id }) => id),
      busy.answers.map((_, i) => i + 1));
  });
}

suite(async (test, atEnd) => {
  const server = await startServer(makeFolder(), CONFIG, atEnd);
  const client = new Client(server.address);
  atEnd(() => client.close());
  const { token } = await client.sign({
    kind: 'TOKEN_KIND_JWT', audiences: [AUDIENCE] });
  const one = { token, policy: 'JWT' };
  await testAnswers(test, client, one);
  await testBadMessages(test, client, one);
  await testBackPressure(test, client, one);
  await testEnds(test, server, client, one);
});
