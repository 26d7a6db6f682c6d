'use strict';
// A Signet that trusts an identity provider, and nobody else.

const assert = require('node:assert');
const { Client } = require('./contract');
const { CLIENT_ID, RESOURCE, SCOPE } = require('./identity_provider');
const { makeFolder, startServer } = require('./signet');

// `remote` is added to the field of that name.
function configFor(issuer, remote = {}) {
  return {
    issuers: [{ issuer, remote: { discovery_url: issuer, ...remote } }],
    policies: [
      { name: 'ID_TOKEN', kind: 'ID_TOKEN', issuers: [issuer],
        audiences: [CLIENT_ID] },
      { name: 'ACCESS_TOKEN', kind: 'ACCESS_TOKEN', issuers: [issuer],
        audiences: [RESOURCE], required_scopes: [SCOPE] },
    ],
  };
}

// Starts a server with the configuration. Returns { server, client }.
async function serve(config, atEnd, folder = makeFolder()) {
  const server = await startServer(folder, config, atEnd);
  const client = new Client(server.address);
  atEnd(() => client.close());
  return { server, client };
}

function accessRequest(token) {
  return { token, policy: 'ACCESS_TOKEN' };
}

async function assertVerified(client, ...tokens) {
  for (const token of tokens) {
    const { verified, rejection } = await client.verify(accessRequest(token));
    assert(verified, JSON.stringify(rejection));
  }
}

module.exports = { accessRequest, assertVerified, configFor, serve };
