'use strict';
// What a server writes about calls, and what it never writes.

const assert = require('node:assert');
const { grpc, METHODS } = require('./contract');
const { noteToken } = require('./leak_check');
const { eventually, makeFolder, startServer } = require('./signet');
const { suite } = require('./suite');

const ISSUER = 'https://signet.example';
const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const GENERATED = /^[0-9a-f]{32}$/;

// Resolves with { code, response, trailer } of a call with this metadata.
function call(channel, name, request, metadata = {}) {
  const method = METHODS[name];
  const sent = new grpc.Metadata();
  for (const [key, value] of Object.entries(metadata)) sent.set(key, value);
  return new Promise((resolve) => {
    let response;
    channel.makeUnaryRequest(method.path, method.requestSerialize,
      method.responseDeserialize, request, sent,
      { deadline: Date.now() + 60_000 },
      (_, message) => { response = message; })
      .on('status', ({ code, metadata: ending }) => {
        // Is there where nothing but the status was sent.
        const { 'content-type': _, ...trailer } = ending.getMap();
        resolve({ code, response, trailer });
      });
  });
}

function linesOf(server) {
  return server.program.text.stderr.split('\n').filter((line) => line)
    .map((line) => JSON.parse(line));
}

// The line about the call of this id, as soon as it is there.
function lineAbout(server, id) {
  return eventually(() => linesOf(server).find(
    ({ request_id: its }) => its === id));
}

async function testIdentity(test, server, channel) {
  const wrong = { token: 'x', policy: 'none' };
  await test('a call that fails is logged by the id that it was given',
    async () => {
      const { code, trailer } = await call(channel, 'Verify', wrong,
        { 'x-request-id': 'shop-1', traceparent: TRACEPARENT });
      assert.strictEqual(code, grpc.status.INVALID_ARGUMENT);
      assert.deepStrictEqual(trailer,
        { 'x-request-id': 'shop-1', traceparent: TRACEPARENT });
      const { time, duration_us: duration, ...line } =
        await lineAbout(server, 'shop-1');
      assert.deepStrictEqual(line, {
        level: 'info', event: 'call.failed', method: 'Verify',
        code: 'INVALID_ARGUMENT', request_id: 'shop-1',
        traceparent: TRACEPARENT });
      assert(duration >= 0 && !Number.isNaN(Date.parse(time)));
    });

  await test('a call that fails without an id gets one', async () => {
    const { trailer } = await call(channel, 'Introspect', wrong);
    assert.match(trailer['x-request-id'], GENERATED);
    const line = await lineAbout(server, trailer['x-request-id']);
    assert.strictEqual(line.method, 'Introspect');
    assert(!('traceparent' in line));
  });

  await test('a call that ends well is told what it said', async () => {
    const { code, trailer } = await call(channel, 'Sign', {
      issuer: ISSUER, kind: 'TOKEN_KIND_ACCESS_TOKEN', subject: 'a',
      client_id: 'b', audiences: ['c'] }, { 'x-request-id': 'shop-2' });
    assert.strictEqual(code, grpc.status.OK);
    assert.deepStrictEqual(trailer, { 'x-request-id': 'shop-2' });
    const line = await lineAbout(server, 'shop-2');
    assert.deepStrictEqual([line.level, line.event], ['debug', 'call.ended']);
  });
}

async function testSecrets(test, server, channel) {
  const { response } = await call(channel, 'Sign', {
    issuer: ISSUER, kind: 'TOKEN_KIND_ACCESS_TOKEN', subject: 'alice',
    client_id: 'shop', audiences: ['https://orders.example'] });
  const { token } = response;
  noteToken(token);

  await test('a token is no id, and no part of a trace', async () => {
    const { trailer } = await call(channel, 'Verify',
      { token, policy: 'none' }, { 'x-request-id': token, traceparent: token });
    assert.match(trailer['x-request-id'], GENERATED);
    assert.deepStrictEqual(Object.keys(trailer), ['x-request-id']);
    await lineAbout(server, trailer['x-request-id']);
  });

  await test('no way to fail with a token writes it', async () => {
    const ids = [];
    const fail = async (name, request) => {
      const { code, trailer } = await call(channel, name, request);
      assert.notStrictEqual(code, grpc.status.OK);
      ids.push(trailer['x-request-id']);
    };
    await fail('Verify', { token: 'x', policy: token });
    await fail('Introspect', { token, policy: token });
    await fail('Sign', { issuer: token, kind: 'TOKEN_KIND_JWT' });
    await fail('Sign', { issuer: ISSUER, kind: 'TOKEN_KIND_JWT',
      custom_claims_json: token });
    await fail('BatchVerify',
      { requests: Array(2000).fill({ token, policy: 'orders' }) });
    for (const id of ids) await lineAbout(server, id);
    for (const part of token.split('.').slice(1)) {
      assert(!server.program.text.stderr.includes(part));
    }
  });
}

async function testBound(test, server, channel) {
  await test('lines about calls are bounded, and none is lost unsaid',
    async () => {
      const before = linesOf(server).length;
      const calls = 500;
      await Promise.all(Array.from({ length: calls }, () =>
        call(channel, 'Verify', { token: 'x', policy: 'none' })));
      // In a later second, there is a line again.
      const said = await eventually(async () => {
        await call(channel, 'Verify', { token: 'x', policy: 'none' });
        const lines = linesOf(server).slice(before);
        const leftOut = lines.reduce(
          (sum, { left_out: count = 0 }) => sum + count, 0);
        return leftOut + lines.length >= calls && { lines, leftOut };
      });
      assert(said.leftOut > 0 && said.lines.length < calls);
    });
}

const CONFIG = {
  issuers: [{ issuer: ISSUER, signing: { generate: ['ES256'] } }],
  policies: [{ name: 'orders', issuers: [ISSUER], kind: 'ACCESS_TOKEN',
    audiences: ['https://orders.example'] }],
};

suite(async (test, atEnd) => {
  const server = await startServer(
    makeFolder(), { ...CONFIG, log: { level: 'DEBUG' } }, atEnd);
  const channel = new grpc.Client(server.address,
    grpc.credentials.createInsecure(), { 'grpc.enable_http_proxy': 0 });
  atEnd(() => channel.close());
  await testIdentity(test, server, channel);
  await testSecrets(test, server, channel);
  await testBound(test, server, channel);
});
