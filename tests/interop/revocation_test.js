'use strict';
// signet revoke: what is revoked is refused at once, by those who share the
// store too, and for good.

const assert = require('node:assert');
const path = require('node:path');
const {
  ACCEPTED, REJECTED, answer, assertFails, jsonAnswer } = require('./commands');
const { Client, assertRejected, assertStatus } = require('./contract');
const { Key, claimsFor, nowInSeconds, policiesFor, writePrivately } =
  require('./makers');
const { eventually, makeFolder, startServer } = require('./signet');
const { suite } = require('./suite');

const AUDIENCE = 'https://orders.example';
const ISSUER = 'https://signet.example';
// Also signs here, and is revoked as a whole.
const DOOMED = 'https://doomed.example';
// Signs elsewhere.
const FOREIGN = 'https://foreign.example';

function configFor(foreignKeyFile) {
  return {
    issuers: [
      ...[ISSUER, DOOMED].map((issuer) =>
        ({ issuer, signing: { generate: ['ES256'] } })),
      { issuer: FOREIGN, keys: [{ jwk_file: foreignKeyFile }] },
    ],
    policies: policiesFor([ISSUER, DOOMED, FOREIGN], AUDIENCE),
  };
}

class Conversation {
  constructor(server) {
    this.client = new Client(server.address);
    this.server = ['--server', server.address];
  }

  async sign(subject, issuer = ISSUER) {
    const { token, content } = await this.client.sign({
      kind: 'TOKEN_KIND_JWT', issuer, subject, audiences: [AUDIENCE] });
    return { token, id: content.claims.token_id };
  }

  verify(token) {
    return this.client.verify({ token, policy: 'JWT' });
  }

  async assertGood(token) {
    const response = await this.verify(token);
    assert(response.verified, JSON.stringify(response.rejection));
  }

  async assertRevoked(token, claim) {
    assertRejected(await this.verify(token), 'REVOKED', claim);
    const introspected = await this.client.introspect({ token, policy: 'JWT' });
    assert.strictEqual(introspected.active, false);
    assert.strictEqual(await answer(REJECTED,
      ['introspect', '--policy', 'JWT', token, ...this.server]),
    'not active\n');
  }

  revoke(args, options) {
    return answer(ACCEPTED, ['revoke', ...args, ...this.server], options);
  }
}

function inSeconds(seconds) {
  return new Date(Date.now() + seconds * 1000).toISOString();
}

// Revokes something of each kind. Returns rows of [token, claim] that are
// refused from then on.
async function testTargets(test, talk, foreign) {
  const revoked = [];
  const bystander = (await talk.sign('bob')).token;
  const target = (what, claim, makeArgs) =>
    test(`${what} is refused once it is revoked`, async () => {
      const { token, args, options } = await makeArgs();
      await talk.assertGood(token);
      assert.match(await talk.revoke(args, options),
        /^revoked\n  kept until +(\d{4}-[\d-]+T[\d:.]+Z|further notice)\n$/);
      await talk.assertRevoked(token, claim);
      await talk.assertGood(bystander);
      revoked.push([token, claim]);
    });
  const makeForeign = async (more = {}) => {
    const claims =
      claimsFor('JWT', FOREIGN, AUDIENCE, nowInSeconds());
    return foreign.token('JWT', { ...claims, ...more });
  };

  await target('a token', 'jti', async () => {
    const { token } = await talk.sign('alice');
    return { token, args: [token] };
  });
  await target('a token on standard input', 'jti', async () => {
    const { token } = await talk.sign('alice');
    return { token, args: [], options: { stdin: token } };
  });
  await target('a token without its signature', 'jti', async () => {
    const { token } = await talk.sign('alice');
    return { token, args: [`${token.slice(0, token.lastIndexOf('.') + 1)}AAAA`] };
  });
  await target('a token that has no id', '', async () => {
    const token = await makeForeign({ jti: undefined });
    return { token, args: [token] };
  });
  await target('the id of a token', 'jti', async () => {
    const { token, id } = await talk.sign('alice');
    return { token, args: ['--issuer', ISSUER, '--token-id', id] };
  });
  await target('a subject', 'sub', async () => ({
    token: (await talk.sign('mallory')).token,
    args: ['--issuer', ISSUER, '--subject', 'mallory'] }));
  await target('a subject of another maker', 'sub', async () => ({
    token: await makeForeign({ jti: 'four', sub: 'carol' }),
    args: ['--issuer', FOREIGN, '--subject', 'carol', '--expires',
      inSeconds(7200)] }));
  await target('a key of another maker', 'kid', async () => ({
    token: await makeForeign({ jti: 'five' }),
    args: ['--issuer', FOREIGN, '--key-id', foreign.kid] }));
  await target('all of an issuer', 'iss', async () => ({
    token: (await talk.sign('alice', DOOMED)).token,
    args: ['--issuer', DOOMED, '--issued-before', inSeconds(1)] }));

  await test('a moment divides what is revoked of a subject', async () => {
    const { token } = await talk.sign('dave');
    await talk.revoke(['--issuer', ISSUER, '--subject', 'dave',
      '--issued-before', inSeconds(-60)]);
    await talk.assertGood(token);
  });
  await test('a subject may come back', async () => {
    // Until the second is over in which it was revoked, its tokens are too.
    await eventually(async () =>
      (await talk.verify((await talk.sign('mallory')).token)).verified);
  });
  return { revoked, bystander };
}

async function testAnswers(test, talk) {
  await test('the answer for programs says until when it is kept', async () => {
    const { token } = await talk.sign('erin');
    const expires = inSeconds(86_400);
    const json = await jsonAnswer(ACCEPTED,
      ['revoke', token, '--expires', expires, ...talk.server]);
    assert.deepStrictEqual(Object.keys(json), ['expires']);
    assert.strictEqual(Date.parse(json.expires), Date.parse(expires));
    assert.deepStrictEqual(await jsonAnswer(ACCEPTED, ['revoke', '--issuer',
      ISSUER, '--key-id', 'of nobody', ...talk.server]), {});
  });
  await test('to revoke again changes nothing', async () => {
    const { token } = await talk.sign('erin');
    assert.strictEqual(await talk.revoke([token]), await talk.revoke([token]));
    await talk.assertRevoked(token, 'jti');
  });
  await test('a verdict and its explanation agree', async () => {
    const { token } = await talk.sign('erin');
    await talk.revoke([token]);
    assert.match(await answer(REJECTED, ['verify', '--policy', 'JWT',
      '--explain', token, ...talk.server]),
    /^rejected\n  reason +revoked\n[^]*revocation +failed: /);
  });
}

async function testBadArguments(test, talk) {
  const { token } = await talk.sign('frank');
  const of = ['--issuer', ISSUER];
  const rows = [
    ['an issuer and nothing of it', of, /--issuer: say what of it is revoked/],
    ['an id of no issuer', ['--token-id', 'x'], /--token-id requires --issuer/],
    ['a subject of no issuer', ['--subject', 'x'],
      /--subject requires --issuer/],
    ['a key of no issuer', ['--key-id', 'x'], /--key-id requires --issuer/],
    ['a moment of no issuer', ['--issued-before', inSeconds(0)],
      /--issued-before requires --issuer/],
    ['a token and an issuer', [token, ...of], /excludes/],
    ['a file and an issuer', ['--token-file', 'x', ...of], /excludes/],
    ['an id and a subject', [...of, '--token-id', 'x', '--subject', 'x'],
      /excludes/],
    ['an id and a moment',
      [...of, '--token-id', 'x', '--issued-before', inSeconds(0)], /excludes/],
    ['a key and a moment',
      [...of, '--key-id', 'x', '--issued-before', inSeconds(0)], /excludes/],
    ['a subject that is empty', [...of, '--subject', ''],
      /--subject: is empty/],
    ['a moment that is none', [...of, '--issued-before', 'now'],
      /--issued-before: write a time like 2026-/],
    ['the end of time', [...of, '--issued-before', 'infinite-future'],
      /--issued-before: write a time like 2026-/],
    ['a moment to come', [...of, '--issued-before', inSeconds(7200)],
      /issued_before: lies in the future/],
    ['an expiry that has passed', [token, '--expires', inSeconds(-60)],
      /expires: has passed/],
    ['an unknown issuer', ['--issuer', 'https://x.example', '--subject', 'x'],
      /issuer: this server does not know it/],
    ['another maker without an expiry',
      ['--issuer', FOREIGN, '--subject', 'x'], /expires: is required/],
    ['what is no token', ['abc'], /token: /],
  ];
  for (const [what, args, message] of rows) {
    await test(`revoke refuses ${what}`, () =>
      assertFails(['revoke', ...args, ...talk.server], message));
  }
  await test('nothing was revoked by all that', () => talk.assertGood(token));
  await test('a request must say what it is about', () =>
    assertStatus(talk.client.revoke({}), 'INVALID_ARGUMENT', /target: /));
}

async function testReplica(test, atEnd) {
  const folder = makeFolder();
  await answer(ACCEPTED, ['store', 'new-key', path.join(folder, 'kek')]);
  const config = {
    state: { store: 'sqlite:shared.db', key_encryption_key_file: 'kek' },
    issuers: [{ issuer: ISSUER, signing: { generate: ['ES256'] } }],
    policies: policiesFor([ISSUER], AUDIENCE),
  };
  const one = new Conversation(await startServer(folder, config, atEnd));
  const other = new Conversation(await startServer(folder, config, atEnd));

  await test('a server on the same store has the same keys', async () => {
    await other.assertGood((await one.sign('alice')).token);
    await one.assertGood((await other.sign('alice')).token);
  });
  await test('a server on the same store hears of a revocation', async () => {
    const { token } = await one.sign('alice');
    await other.assertGood(token);
    await one.revoke([token]);
    await eventually(async () => !(await other.verify(token)).verified);
    await other.assertRevoked(token, 'jti');
  });
  one.client.close();
  other.client.close();
}

suite(async (test, atEnd) => {
  const folder = makeFolder();
  const foreign = await Key.make('ES256');
  const config = configFor(
    writePrivately(folder, 'foreign.jwk', await foreign.publicJwk()));
  let server = await startServer(folder, config, atEnd);
  const talk = new Conversation(server);

  const { revoked, bystander } = await testTargets(test, talk, foreign);
  await testAnswers(test, talk);
  await testBadArguments(test, talk);
  talk.client.close();

  for (const signal of ['SIGTERM', 'SIGKILL']) {
    await server.stop(signal);
    server = await startServer(folder, config, atEnd);
    const again = new Conversation(server);
    await test(`what is revoked stays so after ${signal}`, async () => {
      for (const [token, claim] of revoked) {
        await again.assertRevoked(token, claim);
      }
      await again.assertGood(bystander);
    });
    again.client.close();
  }
  await testReplica(test, atEnd);
});
