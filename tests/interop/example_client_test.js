'use strict';
// The Node client that README shows.

const assert = require('node:assert');
const grpc = require('@grpc/grpc-js');
const { authorize, connect } = require('../../examples/clients/authorize');
const { ACCEPTED, answer } = require('./commands');
const { policiesFor } = require('./makers');
const { makeFolder, startServer } = require('./signet');
const { suite } = require('./suite');

const ISSUER = 'https://signet.example';
const AUDIENCE = 'https://orders.example';

suite(async (test, atEnd) => {
  const server = await startServer(makeFolder(), {
    issuers: [{ issuer: ISSUER, signing: { generate: ['ES256'] } }],
    policies: policiesFor([ISSUER], AUDIENCE) }, atEnd);
  const token = (await answer(ACCEPTED, ['sign', '--server', server.address,
    '--kind', 'jwt', '--audience', AUDIENCE, '--subject', 'alice'])).trim();
  const client = connect(server.address, grpc.credentials.createInsecure());
  atEnd(() => client.close());

  await test('a good token has claims', async () => {
    assert.strictEqual((await authorize(client, token, 'JWT')).subject, 'alice');
  });
  await test('all else has none', async () => {
    assert.strictEqual(await authorize(client, token, 'ID_TOKEN'), null);
    assert.strictEqual(await authorize(client, 'x', 'JWT'), null);
    assert.strictEqual(await authorize(client, token, 'no such policy'), null);
    await server.stop();
    assert.strictEqual(await authorize(client, token, 'JWT'), null);
  });
});
