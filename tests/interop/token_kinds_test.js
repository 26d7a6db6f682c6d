'use strict';
// A token of one kind is never accepted as another.

const assert = require('node:assert');
const { Client, assertRejected } = require('./contract');
const {
  ALGORITHMS, KINDS, claimsFor, makeKeys, nowInSeconds, policiesFor,
  writePrivately } = require('./makers');
const { makeFolder, startServer } = require('./signet');
const { suite } = require('./suite');

const AUDIENCE = 'https://orders.example';
const SIGNET = 'https://signet.example';
const JOSE = 'https://jose.example';

// Which check refuses a token of one kind where another is wanted, by the
// claim at fault.
const FAULT = {
  ACCESS_TOKEN: { ID_TOKEN: 'typ', JWT: 'typ' },
  ID_TOKEN: { ACCESS_TOKEN: 'typ', JWT: 'nonce' },
  JWT: { ACCESS_TOKEN: 'typ', ID_TOKEN: '' },
};

function requestFor(kind, algorithm) {
  const request = {
    issuer: SIGNET, kind: `TOKEN_KIND_${kind}`, algorithm, subject: 'alice',
    audiences: [AUDIENCE] };
  if (kind === 'ACCESS_TOKEN') return { ...request, client_id: 'shop' };
  if (kind === 'ID_TOKEN') return { ...request, nonce: 'n-1' };
  return request;
}

async function assertOnlyAs(client, kind, policy, token) {
  const response = await client.verify({ token, policy });
  const { active } = await client.introspect({ token, policy });
  assert.strictEqual(active, kind === policy);
  if (kind === policy) {
    assert.strictEqual(response.verified?.kind, `TOKEN_KIND_${kind}`);
  } else {
    assertRejected(response, 'WRONG_TOKEN_KIND', FAULT[kind][policy]);
  }
}

suite(async (test, atEnd) => {
  const folder = makeFolder();
  const keys = await makeKeys(['ES256']);
  const jwk_file = writePrivately(
    folder, 'keys.jwk', await keys.get('ES256').publicJwk());
  const server = await startServer(folder, {
    issuers: [
      { issuer: SIGNET, signing: { generate: ALGORITHMS } },
      { issuer: JOSE, keys: [{ jwk_file }] },
    ],
    policies: policiesFor([SIGNET, JOSE], AUDIENCE),
  }, atEnd);
  const client = new Client(server.address);
  atEnd(() => client.close());

  for (const kind of KINDS) {
    for (const policy of KINDS) {
      const verb = kind === policy ? 'accepts' : 'refuses';
      await test(`policy ${policy} ${verb} ${kind} of Signet`, async () => {
        for (const algorithm of ALGORITHMS) {
          const { token } = await client.sign(requestFor(kind, algorithm));
          await assertOnlyAs(client, kind, policy, token);
        }
      });
      await test(`policy ${policy} ${verb} ${kind} of jose`, async () => {
        const token = await keys.get('ES256').token(
          kind, claimsFor(kind, JOSE, AUDIENCE, nowInSeconds()));
        await assertOnlyAs(client, kind, policy, token);
      });
    }
  }
});
