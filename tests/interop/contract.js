'use strict';
// The contract, as an independent gRPC client reads it from the .proto files.

const assert = require('node:assert');
const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const protoLoader = require('@grpc/proto-loader');
const { noteOutput, noteToken } = require('./leak_check');

const PROTO_FOLDER = path.resolve(process.env.PROTO_FOLDER);
const LOADING = {
  keepCase: true, longs: Number, enums: String, defaults: true, oneofs: true };
const definition = protoLoader.loadSync(
  ['token_service', 'key_service', 'revocation_service'].map(
    (name) => `signet/v1/${name}.proto`),
  { ...LOADING, includeDirs: [PROTO_FOLDER] });
const METHODS = definition['signet.v1.TokenService'];
const KEY_METHODS = definition['signet.v1.KeyService'];
const REVOCATION_METHODS = definition['signet.v1.RevocationService'];

const status = grpc.status;

// What a status says is an output like any other.
function note(error) {
  if (error) noteOutput('a gRPC status', String(error.message));
}

// A connection to a server. Each RPC is a method that returns a promise of the
// response, or throws the status.
class Client {
  constructor(address, credentials = grpc.credentials.createInsecure(),
    options = {}) {
    // Not through a proxy, whatever the environment says.
    this.channel = new grpc.Client(
      address, credentials, { 'grpc.enable_http_proxy': 0, ...options });
  }

  close() {
    this.channel.close();
  }

  unary(method, request, deserialize = method.responseDeserialize,
    metadata = new grpc.Metadata()) {
    return new Promise((resolve, reject) => {
      this.channel.makeUnaryRequest(
        method.path, method.requestSerialize, deserialize, request, metadata,
        { deadline: Date.now() + 60_000 },
        (error, response) => {
          note(error);
          error ? reject(error) : resolve(response);
        });
    });
  }

  async sign(request) {
    const response = await this.unary(METHODS.Sign, request);
    noteToken(response.token);
    return response;
  }

  async verify(request) {
    const response = await this.unary(METHODS.Verify, request);
    if (response.rejection) {
      noteOutput('a rejection', JSON.stringify(response.rejection));
    }
    return response;
  }

  // The response, and the address of the server that gave it.
  verifyAtPeer(request) {
    const method = METHODS.Verify;
    return new Promise((resolve, reject) => {
      const call = this.channel.makeUnaryRequest(
        method.path, method.requestSerialize, method.responseDeserialize,
        request, { deadline: Date.now() + 60_000 },
        (error, response) => {
          note(error);
          error ? reject(error) : resolve({ response, peer: call.getPeer() });
        });
    });
  }

  async batchVerify(requests) {
    return (await this.unary(METHODS.BatchVerify, { requests })).results;
  }

  introspect(request) {
    return this.unary(METHODS.Introspect, request);
  }

  // As the holder of the token `bearer`; as nobody, if there is none.
  async exchange(request, bearer) {
    const method = METHODS.Exchange;
    const metadata = new grpc.Metadata();
    if (bearer) metadata.set('authorization', `Bearer ${bearer}`);
    const response = await this.unary(
      method, request, method.responseDeserialize, metadata);
    if (response.issued) noteToken(response.issued.token);
    return response;
  }

  async listKeys(request = {}) {
    return (await this.unary(KEY_METHODS.ListKeys, request)).keys;
  }

  async rotateKey(request) {
    return (await this.unary(KEY_METHODS.RotateKey, request)).steps;
  }

  async revokeKey(request) {
    return (await this.unary(KEY_METHODS.RevokeKey, request)).steps;
  }

  revoke(request) {
    return this.unary(REVOCATION_METHODS.Revoke, request);
  }

  // The stream of JWK Sets.
  watchJwks(issuer) {
    const method = KEY_METHODS.WatchJwks;
    return this.channel.makeServerStreamRequest(method.path,
      method.requestSerialize, method.responseDeserialize, { issuer });
  }

  // The bytes of the answer, as they came.
  introspectBytes(request) {
    return this.unary(METHODS.Introspect, request, (bytes) => bytes);
  }
}

function secondsOf(timestamp) {
  return timestamp.seconds + timestamp.nanos / 1e9;
}

// The claims set that a Claims message, or an IntrospectResponse, tells of,
// with `aud` always an array.
function claimsOf(message) {
  const claims = {
    iss: message.issuer,
    sub: message.subject,
    aud: message.audiences,
    exp: message.expires_at && secondsOf(message.expires_at),
    nbf: message.not_before && secondsOf(message.not_before),
    iat: message.issued_at && secondsOf(message.issued_at),
    jti: message.token_id,
    scope: message.scopes.join(' '),
    client_id: message.client_id,
    nonce: message.nonce,
    azp: message.authorized_party,
    auth_time: message.authenticated_at && secondsOf(message.authenticated_at),
    acr: message.authentication_context_class,
    amr: message.authentication_methods,
    username: message.username,
  };
  for (const [name, value] of Object.entries(claims)) {
    if (!value || value.length === 0) delete claims[name];
  }
  return { ...claims, ...JSON.parse(message.custom_claims_json) };
}

// A claims set with `aud` always an array.
function withAudienceArray(claims) {
  return { ...claims, aud: [claims.aud].flat() };
}

function assertAccepted(response, kind, claims) {
  assert(response.verified, JSON.stringify(response.rejection));
  assert.strictEqual(response.verified.kind, kind);
  assert.deepStrictEqual(
    claimsOf(response.verified.claims), withAudienceArray(claims));
}

// `reason` is written without its prefix.
function assertRejected(response, reason, claim, what = '') {
  assert(response.rejection, `${what} was accepted`);
  assert.deepStrictEqual(
    [response.rejection.reason, response.rejection.claim],
    [`REJECTION_REASON_${reason}`, claim], what);
  assert.match(response.rejection.detail, /^[ -~]+$/);
}

// Asserts that the call ends with the status, and returns its message.
async function assertStatus(call, code, message = /./) {
  const error = await call.then(
    () => { throw new Error('the call succeeded'); }, (e) => e);
  assert.strictEqual(status[error.code], code, String(error));
  assert.match(error.details, message);
  assert.match(error.details, /^[ -~]+$/);
  return error.details;
}

module.exports = {
  Client, KEY_METHODS, METHODS, PROTO_FOLDER, REVOCATION_METHODS, LOADING, assertAccepted, assertRejected,
  assertStatus, claimsOf, grpc, status, withAudienceArray };
