'use strict';
// What every gRPC server should offer beside its service: health, reflection
// and, if it is wanted, channelz.

const assert = require('node:assert');
const path = require('node:path');
const protoLoader = require('@grpc/proto-loader');
const health = require('grpc-health-check');
const { FileDescriptorProto } = require('protobufjs/ext/descriptor');
const { Client, LOADING, METHODS, status } = require('./contract');
const { makeFolder, startServer } = require('./signet');
const { suite } = require('./suite');

const SERVICE = 'signet.v1.TokenService';

const REFLECTION = protoLoader.loadSync(
  path.join(__dirname, 'reflection.proto'), LOADING)[
  'grpc.reflection.v1alpha.ServerReflection'].ServerReflectionInfo;

const CHANNELZ = protoLoader.loadSync(
  path.join(path.dirname(require.resolve('@grpc/grpc-js/package.json')),
    'proto/channelz.proto'), LOADING)['grpc.channelz.v1.Channelz'];

// Sends the requests over one stream, and resolves with the responses.
function reflect(client, requests) {
  return new Promise((resolve, reject) => {
    const responses = [];
    const call = client.channel.makeBidiStreamRequest(
      REFLECTION.path, REFLECTION.requestSerialize,
      REFLECTION.responseDeserialize);
    call.on('data', (response) => responses.push(response));
    call.on('error', reject);
    call.on('end', () => resolve(responses));
    requests.forEach((request) => call.write(request));
    call.end();
  });
}

async function testHealth(test, client) {
  for (const service of ['', SERVICE]) {
    await test(`health of "${service}" is SERVING`, async () => {
      const answer = await client.unary(health.service.Check, { service });
      assert.strictEqual(answer.status, 'SERVING');
    });
  }
  await test('health of an unknown service is NOT_FOUND', async () => {
    const call = client.unary(health.service.Check, { service: 'unknown' });
    assert.strictEqual(await call.catch(({ code }) => code), status.NOT_FOUND);
  });
}

async function testReflection(test, client) {
  await test('reflection lists the services', async () => {
    const [response] = await reflect(client, [{ list_services: '' }]);
    assert.deepStrictEqual(
      response.list_services_response.service.map(({ name }) => name).sort(),
      ['grpc.health.v1.Health', 'grpc.reflection.v1alpha.ServerReflection',
        'signet.v1.KeyService', 'signet.v1.RevocationService', SERVICE]);
  });

  await test('reflection describes every message of the contract', async () => {
    const [response] = await reflect(
      client, [{ file_containing_symbol: SERVICE }]);
    const files = new Map();
    for (const bytes of
      response.file_descriptor_response.file_descriptor_proto) {
      const file = FileDescriptorProto.toObject(
        FileDescriptorProto.decode(bytes));
      files.set(file.name, file);
    }
    assert.deepStrictEqual(
      [...files.keys()].filter((name) => name.startsWith('signet/')).sort(),
      ['signet/v1/rejection.proto', 'signet/v1/token.proto',
        'signet/v1/token_service.proto']);
    const [service] = files.get('signet/v1/token_service.proto').service;
    assert.deepStrictEqual(
      service.method.map(({ name, inputType, outputType }) =>
        [name, inputType, outputType]),
      Object.keys(METHODS).map((name) =>
        [name, `.signet.v1.${name}Request`, `.signet.v1.${name}Response`]));
  });
}

async function testChannelz(test, closed, open) {
  const ask = (client) => client.unary(CHANNELZ.GetServers, {});
  await test('connections are shown to nobody', async () => {
    assert.strictEqual(
      await ask(closed).catch(({ code }) => code), status.UNIMPLEMENTED);
  });

  await test('unless the configuration says so', async () => {
    await open.unary(health.service.Check, { service: '' });
    const { server: [{ ref, data }] } = await ask(open);
    assert(data.calls_succeeded > 0);
    const { socket_ref: sockets } = await open.unary(
      CHANNELZ.GetServerSockets, { server_id: ref.server_id });
    assert.strictEqual(sockets.length, 1);
  });
}

const CONFIG = { issuers: [
  { issuer: 'https://signet.example', signing: { generate: ['ES256'] } }] };

suite(async (test, atEnd) => {
  const connect = async (listen) => {
    const server = await startServer(
      makeFolder(), { ...CONFIG, listen }, atEnd);
    const client = new Client(server.address);
    atEnd(() => client.close());
    return client;
  };
  const client = await connect({});
  await testHealth(test, client);
  await testReflection(test, client);
  await testChannelz(test, client, await connect({ channelz: true }));
});
