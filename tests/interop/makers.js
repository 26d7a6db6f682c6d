'use strict';
// Keys and tokens made by the jose package, and nothing of ours.

const fs = require('node:fs');
const path = require('node:path');
const jose = require('jose');
const { noteToken } = require('./leak_check');

const HMAC = ['HS256', 'HS384', 'HS512'];
const RSA = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];
const ASYMMETRIC = [...RSA, 'ES256', 'ES384', 'ES512', 'EdDSA'];
const ALGORITHMS = [...HMAC, ...ASYMMETRIC];

// A key for one algorithm, in every form that Signet takes.
class Key {
  constructor(algorithm, privateKey, publicKey) {
    this.algorithm = algorithm;
    this.kid = `${algorithm}-key`;
    this.privateKey = privateKey;
    this.publicKey = publicKey;
  }

  static async make(algorithm) {
    if (HMAC.includes(algorithm)) {
      const secret = await jose.generateSecret(
        algorithm, { extractable: true });
      return new Key(algorithm, secret, secret);
    }
    const { privateKey, publicKey } = await jose.generateKeyPair(
      algorithm, { extractable: true });
    return new Key(algorithm, privateKey, publicKey);
  }

  async #jwk(key) {
    return { ...await jose.exportJWK(key), kid: this.kid,
      alg: this.algorithm, use: 'sig' };
  }

  publicJwk() { return this.#jwk(this.publicKey); }
  privateJwk() { return this.#jwk(this.privateKey); }
  spki() { return jose.exportSPKI(this.publicKey); }
  pkcs8() { return jose.exportPKCS8(this.privateKey); }

  // A token with these claims. `header` is added to alg, kid and typ, and
  // takes away what it has as undefined.
  async token(kind, claims, header = {}) {
    const typ = kind === 'ACCESS_TOKEN' ? 'at+jwt' : 'JWT';
    const parameters = { alg: this.algorithm, kid: this.kid, typ, ...header };
    const token = await new jose.SignJWT(claims)
      .setProtectedHeader(JSON.parse(JSON.stringify(parameters)))
      .sign(this.privateKey);
    noteToken(token);
    return token;
  }
}

async function makeKeys(algorithms = ALGORITHMS) {
  const keys = new Map();
  for (const algorithm of algorithms) {
    keys.set(algorithm, await Key.make(algorithm));
  }
  return keys;
}

// Writes a file that only we may read, and returns its name in the folder.
function writePrivately(folder, name, contents) {
  fs.writeFileSync(path.join(folder, name),
    typeof contents === 'string' ? contents : JSON.stringify(contents),
    { mode: 0o600 });
  return name;
}

// The claims that each kind of token needs, and a few more. `now` is in
// seconds.
function claimsFor(kind, issuer, audience, now) {
  const common = {
    iss: issuer, sub: 'alice', aud: audience, exp: now + 3600, iat: now - 60 };
  switch (kind) {
    case 'ACCESS_TOKEN':
      return { ...common, nbf: now - 60.5, jti: 'one', client_id: 'shop',
        scope: 'orders.read orders.write', acr: 'gold', amr: ['pwd', 'otp'],
        auth_time: now - 300, tenant: { id: 7, names: ['é', '\u{1f511}'] } };
    case 'ID_TOKEN':
      return { ...common, nonce: 'n-0S6_WzA2Mj', azp: audience,
        auth_time: now - 300, amr: ['pwd'], c_hash: 'LDktKdoQak3Pk0cnXxCltA',
        email: 'alice@example.com', email_verified: true };
    case 'JWT':
      return { ...common, aud: [audience, 'https://other.example'],
        exp: now + 3600.25, roles: ['reader', null, 1.5], jti: 'three' };
    default:
      throw new Error(kind);
  }
}

const KINDS = ['ACCESS_TOKEN', 'ID_TOKEN', 'JWT'];

// One policy for each kind, called like it.
function policiesFor(issuers, audience, more = {}) {
  return KINDS.map((kind) => ({
    name: kind, issuers, kind, audiences: [audience], algorithms: ALGORITHMS,
    ...more }));
}

function nowInSeconds() {
  return Math.floor(Date.now() / 1000);
}

module.exports = {
  ALGORITHMS, ASYMMETRIC, HMAC, KINDS, Key, RSA, claimsFor, jose, makeKeys,
  nowInSeconds, policiesFor, writePrivately };
