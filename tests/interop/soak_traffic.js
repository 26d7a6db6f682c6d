'use strict';
// Mixed traffic for a server, every answer of which is known in advance.

const assert = require('node:assert');
const http = require('node:http');
const { METHODS } = require('./contract');

const POLICY = 'ACCESS_TOKEN';
const AUDIENCE = 'https://orders.example';
const SCOPE = 'orders.read';
const RING = 512;
const BATCH = 32;

// What is good, being revoked, or revoked. While it is being revoked, either
// answer about it is right.
class Revocable {
  state = 'good';

  async revokedBy(revoke) {
    this.state = 'changing';
    await revoke();
    this.state = 'revoked';
  }
}

// A token that was signed, by a key that may be revoked, too.
class SignedToken extends Revocable {
  constructor(token, key) {
    super();
    this.token = token;
    this.key = key;
  }

  // How it stands with both.
  get outcome() {
    const states = [this.state, this.key.state];
    return ['revoked', 'changing'].find((s) => states.includes(s)) ?? 'good';
  }

  // The token with another signature.
  forged() {
    const at = this.token.lastIndexOf('.') + 10;
    const other = this.token[at] === 'A' ? 'B' : 'A';
    return this.token.slice(0, at) + other + this.token.slice(at + 1);
  }
}

function keyIdOf(token) {
  return JSON.parse(Buffer.from(token.split('.')[0], 'base64url')).kid;
}

// Asserts that an answer to a request about a token is right: `before` is how
// it stood with it when the request was made.
function assertOutcome(signed, before, outcome) {
  if (before !== signed.outcome || before === 'changing') return;
  assert.strictEqual(outcome, before);
}

// A key that is revoked is gone.
const OUTCOMES = {
  REJECTION_REASON_KEY_NOT_FOUND: 'revoked',
  REJECTION_REASON_REVOKED: 'revoked',
};

function outcomeOf({ verified, rejection }) {
  return verified ? 'good' : OUTCOMES[rejection.reason] ?? rejection.reason;
}

class Traffic {
  // `http_` is the address of the HTTP face, and `credentials` are its client's
  // ("name:secret").
  constructor(client, http_, credentials) {
    this.client = client;
    this.http = http_;
    this.authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
    this.agent = new http.Agent({ keepAlive: true, maxSockets: 2 });
    this.keys = new Map();
    this.ring = [];
    this.next = 0;
    this.counts = {};
    this.failures = [];
    this.running = true;
  }

  // Runs each kind of call, one after the other, until the end.
  start() {
    const kinds = {
      sign: () => this.sign(),
      'verify what is known': () => this.verify(this.any()),
      'verify what is new': async () => this.verify(await this.sign()),
      'verify what is forged': () => this.verifyForged(),
      'batch': () => this.batch(),
      introspect: () => this.introspect(),
      'HTTP introspect': () => this.httpIntrospect(),
      'HTTP documents': () => this.documents(),
    };
    this.callers = Object.entries(kinds).map(
      ([kind, call]) => this.repeat(kind, call));
    this.callers.push(this.stream());
  }

  async end() {
    this.running = false;
    await Promise.all(this.callers);
    this.agent.destroy();
  }

  async repeat(kind, call) {
    while (this.running) await this.attempt(kind, call);
  }

  // Counts a call, or what went wrong with it.
  async attempt(kind, call) {
    try {
      await call();
      this.counts[kind] = (this.counts[kind] ?? 0) + 1;
    } catch (error) {
      this.failures.push(`${kind}: ${error}`);
      // Enough to know that it is bad, and not so many that memory runs out.
      if (this.failures.length > 100) this.running = false;
    }
  }

  any() {
    return this.ring[Math.floor(Math.random() * this.ring.length)];
  }

  keyOf(keyId) {
    if (!this.keys.has(keyId)) this.keys.set(keyId, new Revocable());
    return this.keys.get(keyId);
  }

  async sign(algorithm = Math.random() < 0.5 ? 'ES256' : 'EdDSA') {
    const { token } = await this.client.unary(METHODS.Sign, {
      kind: `TOKEN_KIND_${POLICY}`, subject: 'alice', client_id: 'shop',
      audiences: [AUDIENCE], scopes: [SCOPE], algorithm });
    const signed = new SignedToken(token, this.keyOf(keyIdOf(token)));
    this.ring[this.next++ % RING] = signed;
    return signed;
  }

  async verify(signed) {
    const before = signed.outcome;
    assertOutcome(signed, before, outcomeOf(await this.client.unary(
      METHODS.Verify, { token: signed.token, policy: POLICY })));
  }

  async verifyForged() {
    const signed = this.any();
    const { rejection } = await this.client.unary(
      METHODS.Verify, { token: signed.forged(), policy: POLICY });
    if (signed.key.state !== 'good') return; // It is gone, or going.
    assert.strictEqual(rejection.reason, 'REJECTION_REASON_SIGNATURE_INVALID');
  }

  async batch() {
    const tokens = Array.from({ length: BATCH }, () => this.any());
    const before = tokens.map(({ outcome }) => outcome);
    const { results } = await this.client.unary(METHODS.BatchVerify, {
      requests: tokens.map(({ token }) => ({ token, policy: POLICY })) });
    tokens.forEach((signed, i) =>
      assertOutcome(signed, before[i], outcomeOf(results[i].response)));
  }

  // Streams of a thousand requests each, with up to 32 in flight.
  async stream() {
    while (this.running) {
      await this.attempt('stream of 1000', () => this.streamOnce(1000));
    }
  }

  streamOnce(count) {
    const method = METHODS.StreamVerify;
    const call = this.client.channel.makeBidiStreamRequest(
      method.path, method.requestSerialize, method.responseDeserialize,
      { deadline: Date.now() + 60_000 });
    const waiting = new Map();
    let sent = 0;
    const send = () => {
      if (++sent > count) return;
      const signed = this.any();
      waiting.set(sent, [signed, signed.outcome]);
      call.write({ id: sent, request: { token: signed.token, policy: POLICY } });
      if (sent === count) call.end();
    };
    return new Promise((resolve, reject) => {
      call.on('data', ({ id, response }) => {
        try {
          assertOutcome(...waiting.get(id), outcomeOf(response));
          waiting.delete(id);
          send();
        } catch (error) {
          call.cancel();
          reject(error);
        }
      });
      call.on('error', reject);
      call.on('status', () => waiting.size === 0 ? resolve()
        : reject(new Error(`${waiting.size} requests without an answer`)));
      for (let i = 0; i < BATCH; i++) send();
    });
  }

  async introspect() {
    const signed = this.any();
    const before = signed.outcome;
    const { active } = await this.client.unary(
      METHODS.Introspect, { token: signed.token, policy: POLICY });
    assertOutcome(signed, before, active ? 'good' : 'revoked');
  }

  async httpIntrospect() {
    const signed = this.any();
    const before = signed.outcome;
    const body = await this.ask('/oauth2/introspect', {
      method: 'POST', headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: this.authorization } }, `token=${signed.token}`);
    assertOutcome(
      signed, before, JSON.parse(body).active ? 'good' : 'revoked');
  }

  async documents() {
    assert(JSON.parse(await this.ask('/jwks.json')).keys.length >= 2);
    assert.strictEqual(await this.ask('/readyz'), 'ready\n');
    assert.match(await this.ask('/metrics'), /^signet_verifications_total\{/m);
  }

  // The body of an answer that is 200.
  ask(path, options = {}, body = undefined) {
    return new Promise((resolve, reject) => {
      const request = http.request(
        new URL(path, this.http), { agent: this.agent, ...options },
        (response) => {
          let text = '';
          response.setEncoding('utf8')
            .on('data', (data) => { text += data; })
            .on('end', () => response.statusCode === 200 ? resolve(text)
              : reject(new Error(`${path}: ${response.statusCode} ${text}`)));
        });
      request.on('error', reject);
      request.end(body);
    });
  }
}

module.exports = { AUDIENCE, POLICY, SCOPE, Traffic };
