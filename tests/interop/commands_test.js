'use strict';
// The commands that ask a server: exit codes, output, and one line for
// everything that goes wrong.

const assert = require('node:assert');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const {
  ACCEPTED, REJECTED, UNDECIDED, answer, assertFails, jsonAnswer,
} = require('./commands');
const { Client } = require('./contract');
const { noteToken } = require('./leak_check');
const { policiesFor } = require('./makers');
const { makeFolder, signet, startServer } = require('./signet');
const { suite } = require('./suite');

const ISSUER = 'https://signet.example';
const AUDIENCE = 'https://orders.example';
const SIGN = {
  access: ['sign', '--kind', 'access', '--subject', 'alice', '--client-id',
    'shop', '--audience', AUDIENCE, '--scope', 'a', '--scope', 'b'],
  id: ['sign', '--kind', 'id', '--subject', 'alice', '--audience', AUDIENCE,
    '--nonce', 'n-1', '--access-token', 'x', '--acr', 'gold', '--amr', 'pwd',
    '--amr', 'otp', '--authenticated-at', '2020-09-13T12:26:40Z'],
  jwt: ['sign', '--kind', 'jwt', '--audience', AUDIENCE, '--audience',
    'https://b.example', '--claims', '{"role":"reader"}', '--lifetime', '90s',
    '--algorithm', 'EdDSA', '--issuer', ISSUER],
};
const POLICY = { access: 'ACCESS_TOKEN', id: 'ID_TOKEN', jwt: 'JWT' };

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

async function testVerify(test, server, folder, tokens) {
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
    assert.strictEqual(checks.trim().split('\n').length, 16);
    assert.match(checks, /signature +failed: /);
    const { checks: rows } = await jsonAnswer(
      ACCEPTED, verify('access', '--explain', tokens.access));
    assert.strictEqual(rows.length, 16);
  });
}

// Commands that take a token take it in the same ways.
async function testTokenInput(test, server, folder, token) {
  const file = path.join(folder, 'token');
  fs.writeFileSync(file, `\n${token}\r\n`);
  const commands = {
    verify: ['verify', '--policy', 'ACCESS_TOKEN', ...server],
    introspect: ['introspect', '--policy', 'ACCESS_TOKEN', ...server],
    inspect: ['inspect'],
  };
  fs.writeFileSync(path.join(folder, 'empty'), ' \n');
  fs.writeFileSync(path.join(folder, 'huge'), 'A'.repeat(1024 * 1024 + 1));
  for (const [name, command] of Object.entries(commands)) {
    await test(`${name} takes the token from a file and standard input`,
      async () => {
        const [first, second, third] = [
          await answer(ACCEPTED, [...command, token]),
          await answer(ACCEPTED, [...command, '--token-file', file]),
          await answer(ACCEPTED, command, { stdin: `  ${token}\n` })];
        // Inspect tells how long ago things were.
        const stable = (text) => text.replace(/\(.*\)/g, '');
        assert.strictEqual(stable(second), stable(first));
        assert.strictEqual(stable(third), stable(first));
      });
    const bad = [
      ['no token', [], /there is no token/],
      ['an empty argument', [''], /there is no token/, { stdin: token }],
      ['an empty file', ['--token-file', path.join(folder, 'empty')],
        /there is no token/],
      ['a missing file', ['--token-file', '/nonexistent'],
        /\/nonexistent: cannot be opened: No such file/],
      ['a folder', ['--token-file', folder], /cannot be read/],
      ['a huge file', ['--token-file', path.join(folder, 'huge')],
        /larger than 1 MiB/],
      ['huge input', [], /larger than 1 MiB/,
        { stdin: 'A'.repeat(1024 * 1024 + 1) }],
      ['a token and a file', [token, '--token-file', file], /excludes/],
      ['an unknown option', ['--trust-me', token], /--trust-me/],
      ['an unknown format', ['--output=xml', token],
        /--output: must be one of text, json/],
    ];
    for (const [what, args, message, options] of bad) {
      await test(`${name} refuses ${what}`, () =>
        assertFails([...command, ...args], message, options));
    }
  }
}

// A port of loopback that nobody listens on: one that somebody just left.
function freePort() {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function testUndecided(test, server, folder, token) {
  const asking = {
    sign: SIGN.access,
    verify: ['verify', '--policy', 'ACCESS_TOKEN', token],
    introspect: ['introspect', '--policy', 'ACCESS_TOKEN', token],
  };
  const nobody = `127.0.0.1:${await freePort()}`;
  // Takes connections, and never says a word.
  const silent = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => silent.on('listening', resolve));
  const connections = [];
  silent.on('connection', (socket) => connections.push(socket));
  const mute = `127.0.0.1:${silent.address().port}`;

  const empty = path.join(folder, 'empty');
  for (const [name, args] of Object.entries(asking)) {
    const bad = [
      ['nobody listens', ['--server', nobody],
        new RegExp(`cannot reach a server at ${nobody}: .*refused`)],
      ['the server is silent', ['--server', mute, '--timeout', '0.3'],
        new RegExp(`${mute}`)],
      ['the socket is not there', ['--server', 'unix:none'],
        /cannot reach a server at unix:/],
      ['the address is none', ['--server', 'localhost'],
        /--server: "localhost": the port is missing/],
      ['the path is too long', ['--server', `unix:/${'x'.repeat(200)}`],
        /--server: .* longer than/],
      ['the CA file has no name', [...server, '--ca-file', ''],
        /--ca-file: is empty/],
      ['the CA file is empty', [...server, '--ca-file', empty], /not a PEM file/],
      ['the CA file is not there', [...server, '--ca-file', '/nonexistent'],
        /\/nonexistent: cannot be opened: No such file/],
      ['the CA file is a folder', [...server, '--ca-file', folder],
        /is not a regular file/],
      ['a certificate has no key', [...server, '--ca-file', 'x',
        '--certificate-file', 'x'], /requires --private-key-file/],
      ['the timeout is nothing', [...server, '--timeout', '0'], /--timeout: /],
      ['the server is named twice', [...server, ...server], /--server: /],
    ];
    for (const [what, more, message] of bad) {
      await test(`${name} cannot decide: ${what}`, () =>
        assertFails([...args, ...more], message));
    }
    await test(`${name} ignores proxies in the environment`, async () => {
      const proxy = `http://${nobody}`;
      const env = { ...process.env, http_proxy: proxy, https_proxy: proxy,
        grpc_proxy: proxy, no_proxy: '' };
      await answer(ACCEPTED, [...args, ...server], { env });
    });
    await test(`${name} takes the server from the environment`, async () => {
      const env = { ...process.env, SIGNET_SERVER: server[1] };
      await answer(ACCEPTED, args, { env });
    });
  }
  connections.forEach((socket) => socket.destroy());
  silent.close();

  for (const name of ['verify', 'introspect']) {
    await test(`${name} needs a policy`, () =>
      assertFails([name, token, ...server], /--policy is required/));
    await test(`${name} does not know the policy`, () => assertFails(
      [name, '--policy', 'nobody', token, ...server], /^signet: policy: /));
  }
  for (const [option, value] of
    [['--max-age', '5'], ['--max-authentication-age', '-1h']]) {
    await test(`verify refuses ${option}=${value}`, () => assertFails(
      [...asking.verify, `${option}=${value}`, ...server],
      new RegExp(`${option}: write a duration`)));
  }
}

suite(async (test, atEnd) => {
  const folder = makeFolder();
  const running = await startServer(folder, {
    issuers: [{ issuer: ISSUER, signing: { generate: ['ES256', 'EdDSA'] } }],
    policies: policiesFor([ISSUER], AUDIENCE),
  }, atEnd);
  const server = ['--server', running.address];
  const tokens = {};
  for (const [kind, args] of Object.entries(SIGN)) {
    tokens[kind] = (await answer(ACCEPTED, [...args, ...server])).trim();
  }

  await testSign(test, server);
  await testVerify(test, server, folder, tokens);
  await testTokenInput(test, server, folder, tokens.access);
  await testUndecided(test, server, folder, tokens.access);

  for (const [args, message] of [
    [[], /subcommand is required/],
    [['trust'], /./],
    [['--version-of-nothing'], /./],
  ]) {
    await test(`signet ${args.join(' ')} fails`, () =>
      assertFails(args, message));
  }
  for (const command of [[], ['serve'], ['sign'], ['verify'], ['introspect'],
    ['inspect'], ['keys'], ['keys', 'generate'], ['keys', 'list'],
    ['keys', 'export']]) {
    await test(`signet ${[...command, '--help'].join(' ')} succeeds`,
      async () => assert.match(
        await answer(ACCEPTED, [...command, '--help']), /Usage: /));
  }
  await test('an answer that cannot be written is a failure', async () => {
    const full = fs.openSync('/dev/full', 'w');
    const { code, stderr } = await signet(['inspect', tokens.access],
      { stdio: ['pipe', full, 'pipe'] });
    fs.closeSync(full);
    assert.strictEqual(code, UNDECIDED);
    assert.match(stderr, /^signet: standard output: cannot be written\n$/);
  });
  await test('a Unix socket serves as well', async () => {
    // Its path must be short.
    const socket = path.join(makeFolder(os.tmpdir()), 's');
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
