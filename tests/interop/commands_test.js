'use strict';
// The commands that ask a server: exit codes, and what they print.

const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const {
  ACCEPTED, REJECTED, UNDECIDED, answer, assertFails, jsonAnswer,
} = require('./commands');
const { AUDIENCE, ISSUER, POLICY, SIGN, startExample } = require('./example');
const { Client } = require('./contract');
const { noteToken } = require('./leak_check');
const { policiesFor } = require('./makers');
const { makeFolder, signet, startServer } = require('./signet');
const { suite } = require('./suite');

async function testSign(test, server) {
  for (const [kind, args] of Object.entries(SIGN)) {
    await test(`sign --kind ${kind} prints the token`, async () => {
      const text = await answer(ACCEPTED, [...args, ...server]);
      assert.match(text, /^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    });
  }
  await test('sign --output=json prints what was signed', async () => {
    const { token, content } =
      await jsonAnswer(ACCEPTED, [...SIGN.jwt, ...server]);
    assert.match(token, /^[\w-]+\.[\w-]+\.[\w-]+$/);
    assert.strictEqual(content.kind, 'TOKEN_KIND_JWT');
    assert.strictEqual(content.header.algorithm, 'EdDSA');
    assert.deepStrictEqual(
      content.claims.audiences, [AUDIENCE, 'https://b.example']);
    assert.strictEqual(content.claims.custom_claims_json, '{"role":"reader"}');
    assert.strictEqual(Date.parse(content.claims.expires_at) -
      Date.parse(content.claims.issued_at), 90_000);
  });

  const bad = [
    [['--kind', 'refresh'], /--kind: must be one of access, id, jwt/],
    [['--kind', '1'], /--kind: must be one of/],
    [[], /--kind is required/],
    [['--kind', 'access'], /subject: required/],
    [['--kind', 'jwt'], /audiences: name at least one/],
    [['--kind', 'jwt', '--audience', 'a', '--lifetime', '25h'], /lifetime: /],
    [['--kind', 'jwt', '--lifetime', '5'], /--lifetime: write a duration/],
    [['--kind', 'jwt', '--lifetime=-5s'], /--lifetime: write a duration/],
    [['--kind', 'jwt', '--lifetime', 'inf'], /--lifetime: write a duration/],
    [['--kind', 'jwt', '--audience', 'a', '--claims', '{'],
      /custom_claims_json: /],
    [['--kind', 'jwt', '--audience', 'a', '--algorithm', 'none'],
      /algorithm: /],
    [['--kind', 'id', '--authenticated-at', 'noon'], /--authenticated-at: /],
    [['--kind', 'jwt', '--audience', 'a', '--issuer', 'x'], /issuer: /],
  ];
  for (const [args, message] of bad) {
    await test(`sign ${args.join(' ')} fails`, () =>
      assertFails(['sign', ...args, ...server], message));
  }
}

async function testVerify(test, server, tokens) {
  const verify = (kind, ...more) =>
    ['verify', '--policy', POLICY[kind], ...more, ...server];
  for (const [kind, token] of Object.entries(tokens)) {
    await test(`verify accepts ${kind}`, async () => {
      const text = await answer(ACCEPTED, verify(kind, token));
      assert.match(text, /^accepted\n(  [a-z ]{18} .+\n)+$/);
      assert.match(text, new RegExp(`issuer +${ISSUER}`));
    });
    await test(`verify accepts ${kind} as JSON`, async () => {
      const { verified } = await jsonAnswer(ACCEPTED, verify(kind, token));
      assert.strictEqual(verified.kind, `TOKEN_KIND_${POLICY[kind]}`);
    });
    await test(`introspect calls ${kind} active`, async () => {
      const args = ['introspect', '--policy', POLICY[kind], token, ...server];
      assert.match(await answer(ACCEPTED, args), /^active\n/);
      assert.strictEqual((await jsonAnswer(ACCEPTED, args)).active, true);
    });
  }

  const tampered = `${tokens.access.slice(0, -4)}AAAA`;
  noteToken(tampered);
  await test('verify rejects', async () => {
    assert.match(await answer(REJECTED, verify('access', tampered)),
      /^rejected\n  reason +signature invalid\n  detail +.+\n$/);
    const { rejection } =
      await jsonAnswer(REJECTED, verify('access', tampered));
    assert.strictEqual(
      rejection.reason, 'REJECTION_REASON_SIGNATURE_INVALID');
  });
  await test('introspect calls it not active, and no more', async () => {
    const args = ['introspect', '--policy', 'ACCESS_TOKEN', tampered,
      ...server];
    assert.strictEqual(await answer(REJECTED, args), 'not active\n');
    assert.deepStrictEqual(await jsonAnswer(REJECTED, args), { active: false });
  });

  const demands = [
    [['--audience', AUDIENCE], ACCEPTED],
    [['--audience', 'https://b.example'], REJECTED, 'AUDIENCE_MISMATCH'],
    [['--scope', 'a', '--scope', 'b'], ACCEPTED],
    [['--scope', 'a', '--scope', 'c'], REJECTED, 'SCOPE_INSUFFICIENT'],
    [['--nonce', 'n-1'], REJECTED, 'CLAIM_MISSING'],
    [['--access-token', 'x'], REJECTED, 'CLAIM_MISSING'],
    [['--max-age', '1h'], ACCEPTED],
    [['--max-authentication-age', '1h'], REJECTED, 'CLAIM_MISSING'],
  ];
  for (const [args, code, reason] of demands) {
    await test(`verify ${args.join(' ')} exits with ${code}`, async () => {
      const response =
        await jsonAnswer(code, verify('access', ...args, tokens.access));
      assert.strictEqual(response.rejection?.reason,
        reason && `REJECTION_REASON_${reason}`);
    });
  }
  await test('verify takes the demands of an ID token', () =>
    answer(ACCEPTED, verify('id', '--nonce', 'n-1', '--access-token', 'x',
      '--max-authentication-age', '500000h', tokens.id)));
  await test('verify --explain shows all checks', async () => {
    const text = await answer(REJECTED, verify('access', '--explain', tampered));
    const [, checks] = text.split('checks\n');
    assert.strictEqual(checks.trim().split('\n').length, 17);
    assert.match(checks, /signature +failed: /);
    const { checks: rows } = await jsonAnswer(
      ACCEPTED, verify('access', '--explain', tokens.access));
    assert.strictEqual(rows.length, 17);
  });
}

suite(async (test, atEnd) => {
  const folder = makeFolder();
  const { server, tokens } = await startExample(folder, atEnd);

  await testSign(test, server);
  await testVerify(test, server, tokens);

  for (const [args, message] of [
    [[], /subcommand is required/],
    [['trust'], /./],
    [['--version-of-nothing'], /./],
  ]) {
    await test(`signet ${args.join(' ')} fails`, () =>
      assertFails(args, message));
  }
  for (const command of [[], ['serve'], ['sign'], ['verify'], ['introspect'],
    ['inspect'], ['revoke'], ['keys'], ['keys', 'generate'], ['keys', 'list'],
    ['keys', 'export'], ['keys', 'status'], ['keys', 'rotate'],
    ['keys', 'revoke'], ['keys', 'watch'], ['store'], ['store', 'new-key'],
    ['store', 'check'], ['store', 'migrate'], ['store', 'rewrap']]) {
    await test(`signet ${[...command, '--help'].join(' ')} succeeds`,
      async () => assert.match(
        await answer(ACCEPTED, [...command, '--help']), /Usage: /));
  }
  const key = path.join(folder, 'signing-key.jwk');
  await answer(ACCEPTED, ['keys', 'generate', '--algorithm', 'EdDSA', key]);
  const policy = ['--policy', 'ACCESS_TOKEN', ...server, tokens.access];
  for (const [what, ...args] of [
    ['help', '--help'],
    ['help for a command', 'keys', 'export', '--help'],
    ['a signed token', ...SIGN.access, ...server],
    ['a verdict', 'verify', ...policy],
    ['a verdict as JSON', 'verify', '--output=json', ...policy],
    ['an introspection', 'introspect', ...policy],
    ['an inspection', 'inspect', tokens.access],
    ['a list of keys', 'keys', 'list', key],
    ['an exported key', 'keys', 'export', key],
    ['the state of keys', 'keys', 'status', ...server],
    ['a watched JWK Set', 'keys', 'watch', '--issuer', ISSUER, ...server],
    ['a new key-encryption key', 'store', 'new-key',
      path.join(folder, 'new.key')],
    ['what is in a store', 'store', 'check',
      `sqlite:${path.join(folder, 'data', 'signet.db')}`],
    ['a revocation', 'revoke', '--issuer', ISSUER, '--token-id', 'of nobody',
      ...server],
    ['what was found of a configuration', 'serve', '--check-config',
      '--config', path.join(folder, 'signet.yaml')],
  ]) {
    await test(`${what} that cannot be written is a failure`,
      async () => {
        const full = fs.openSync('/dev/full', 'w');
        const { code, stderr } =
          await signet(args, { stdio: ['pipe', full, 'pipe'] });
        fs.closeSync(full);
        assert.strictEqual(code, UNDECIDED);
        assert.strictEqual(
          stderr, 'signet: standard output: cannot be written\n');
      });
  }
  await test('a Unix socket serves as well', async () => {
    // Its path must be short.
    const socket = path.join(makeFolder(os.tmpdir()), '100%.s');
    const other = await startServer(folder, {
      listen: { address: `unix:${socket}` },
      issuers: [{ issuer: ISSUER, signing: { generate: ['ES256'] } }],
      policies: policiesFor([ISSUER], AUDIENCE),
    }, atEnd);
    assert.strictEqual(other.address, `unix:${socket}`);
    const client = new Client(other.address);
    assert((await client.verify(
      { token: tokens.access, policy: 'ACCESS_TOKEN' })).verified);
    client.close();
    await answer(ACCEPTED, ['verify', '--policy', 'ACCESS_TOKEN',
      '--server', other.address, tokens.access]);
  });
});
