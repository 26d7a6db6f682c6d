'use strict';
// signet keys: generates, lists and exports keys, and never shows a secret.

const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { ACCEPTED, answer, assertFails, jsonAnswer } = require('./commands');
const {
  ALGORITHMS, HMAC, Key, jose, writePrivately } = require('./makers');
const { makeFolder } = require('./signet');
const { suite } = require('./suite');

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

async function testGenerated(test, folder, algorithm) {
  const file = path.join(folder, `${algorithm}.jwk`);
  const generate = ['keys', 'generate', '--algorithm', algorithm, file];
  const isHmac = HMAC.includes(algorithm);
  let kid;

  await test(`generate ${algorithm}`, async () => {
    kid = (await answer(ACCEPTED, generate)).trim();
    assert.strictEqual(fs.statSync(file).mode & 0o777, 0o600);
    const jwk = JSON.parse(fs.readFileSync(file));
    assert.deepStrictEqual([jwk.kid, jwk.alg, jwk.use], [kid, algorithm, 'sig']);
    assert.strictEqual(await jose.calculateJwkThumbprint(jwk), kid);
    // jose takes it to sign with.
    await new jose.SignJWT({}).setProtectedHeader({ alg: algorithm })
      .sign(await jose.importJWK(jwk));
  });

  await test(`generate ${algorithm} does not overwrite`, async () => {
    const before = fs.readFileSync(file);
    await assertFails(generate, /cannot be created: File exists/);
    assert.deepStrictEqual(fs.readFileSync(file), before);
    // Nothing half-made is left behind either.
    assert.deepStrictEqual(
      fs.readdirSync(folder).filter((name) => name.startsWith(algorithm)),
      [`${algorithm}.jwk`]);
  });

  await test(`list ${algorithm}`, async () => {
    const text = await answer(ACCEPTED, ['keys', 'list', file]);
    assert.strictEqual(text, `${algorithm.padEnd(6)} private  ${kid}\n`);
    assert.deepStrictEqual(await jsonAnswer(ACCEPTED, ['keys', 'list', file]),
      { keys: [{ kid, alg: algorithm, private: true }] });
  });

  if (isHmac) {
    await test(`export ${algorithm} is refused`, () => assertFails(
      ['keys', 'export', file], /an HMAC secret has no public half/));
    return;
  }
  await test(`export ${algorithm}`, async () => {
    const text = await answer(ACCEPTED, ['keys', 'export', file]);
    const { keys: [jwk, ...others] } = JSON.parse(text);
    assert.deepStrictEqual(others, []);
    assert.deepStrictEqual([jwk.kid, jwk.alg, jwk.use], [kid, algorithm, 'sig']);
    assert.deepStrictEqual(
      PRIVATE_MEMBERS.filter((name) => name in jwk), []);
    // What was exported can be exported again, and is public.
    const exported = path.join(folder, `${algorithm}.jwks`);
    fs.writeFileSync(exported, text);
    assert.strictEqual(await answer(ACCEPTED, ['keys', 'export', exported]), text);
    assert.match(await answer(ACCEPTED, ['keys', 'list', exported]), / public /);
  });
}

// Keys as the openssl command writes them.
async function testPem(test, folder) {
  const openssl = (...args) =>
    execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  openssl('ecparam', '-name', 'secp384r1', '-genkey', '-noout', '-out', 'ec.pem');
  openssl('genpkey', '-algorithm', 'ed25519', '-out', 'ed.pem');
  openssl('genrsa', '-out', 'rsa.pem', '2048');
  openssl('ecparam', '-name', 'secp256k1', '-genkey', '-noout', '-out', 'k1.pem');
  openssl('genrsa', '-out', 'small.pem', '1024');
  openssl('pkcs8', '-topk8', '-in', 'ec.pem', '-out', 'locked.pem',
    '-passout', 'pass:x');
  openssl('req', '-x509', '-key', 'ec.pem', '-subj', '/CN=x', '-out', 'cert.pem');
  for (const name of fs.readdirSync(folder)) {
    fs.chmodSync(path.join(folder, name), 0o600);
  }
  for (const [name, algorithm] of
    [['ec', 'ES384'], ['ed', 'EdDSA'], ['rsa', 'PS256']]) {
    await test(`export ${name}.pem as ${algorithm}`, async () => {
      const args = algorithm === 'PS256' ? ['--algorithm', algorithm] : [];
      const { keys: [jwk] } = JSON.parse(await answer(
        ACCEPTED, ['keys', 'export', path.join(folder, `${name}.pem`), ...args]));
      const { kid, alg, use, ...material } = jwk;
      assert.deepStrictEqual(material, crypto.createPublicKey(
        fs.readFileSync(path.join(folder, `${name}.pem`)))
        .export({ format: 'jwk' }));
      assert.strictEqual(alg, algorithm);
      assert.strictEqual(kid, await jose.calculateJwkThumbprint(jwk));
    });
  }
  await test('a PEM file needs no name of its own', async () => {
    fs.copyFileSync(path.join(folder, 'ed.pem'), path.join(folder, 'ed.key'));
    assert.match(await answer(ACCEPTED, ['keys', 'list', path.join(folder, 'ed.key')]),
      /^EdDSA  private  /);
    openssl('pkey', '-in', 'ed.pem', '-pubout', '-out', 'ed.pub');
    assert.match(await answer(ACCEPTED, ['keys', 'list', path.join(folder, 'ed.pub')]),
      /^EdDSA  public   /);
  });
  for (const [name, message] of [
    ['rsa', /does not say which algorithm/],
    ['k1', /P-256, P-384, P-521 or Ed25519/],
    ['small', /RSA/],
    ['locked', /is encrypted/],
    ['cert', /is a certificate/],
  ]) {
    for (const command of ['list', 'export']) {
      await test(`${command} refuses ${name}.pem`, () => assertFails(
        ['keys', command, path.join(folder, `${name}.pem`)], message));
    }
  }
}

async function testBadFiles(test, folder) {
  const rsa = await (await Key.make('RS256')).publicJwk();
  const ec = await (await Key.make('ES256')).privateJwk();
  const { d, ...ecPublic } = ec;
  const set = (...keys) => ({ keys });
  // Rows of [what, contents, mode, message].
  const rows = [
    ['nothing', '', 0o644, /not valid JSON/],
    ['no JSON', '{', 0o644, /not valid JSON/],
    ['no key', {}, 0o644, /neither a JWK .* nor a JWK Set/],
    ['keys that are no list', { keys: {} }, 0o644, /JWK Set/],
    ['a list of no keys', { keys: [1] }, 0o644, /key 1: not a JSON object/],
    ['an RSA key for no algorithm', { ...rsa, alg: undefined }, 0o644,
      /name the algorithm/],
    ['an RSA key for ES256', { ...rsa, alg: 'ES256' }, 0o644, /ES256/],
    ['alg none', { ...rsa, alg: 'none' }, 0o644, /alg is not/],
    ['an even exponent', { ...rsa, e: 'AQAA' }, 0o644, /RSA .*exponent/],
    ['a point off the curve', { ...ecPublic, y: ecPublic.x }, 0o644,
      /not a point on the curve/],
    ['a second key that is bad', set(ecPublic, { ...ecPublic, x: 1 }), 0o644,
      /key 2: x is not a string/],
    ['a private key that others can read', ec, 0o644, /chmod 600/],
    ['a private key that others can change', ec, 0o620, /chmod 600/],
    ['an HMAC secret that others can read',
      { kty: 'oct', alg: 'HS256', k: 'A'.repeat(43) }, 0o644, /chmod 600/],
    ['a short HMAC secret', { kty: 'oct', alg: 'HS256', k: 'c2VjcmV0' }, 0o600,
      /6 bytes; HS256 needs at least 32/],
    ['a private key beside a public one', set(ec, ecPublic), 0o600,
      /key 2: the key has no d/],
    ['a private key that does not fit', { ...ec, d: ecPublic.x }, 0o600,
      /halves do not match/],
  ];
  for (const [i, [what, contents, mode, message]] of rows.entries()) {
    const file = path.join(folder, writePrivately(folder, `bad-${i}`, contents));
    fs.chmodSync(file, mode);
    for (const command of ['list', 'export']) {
      await test(`${command} refuses ${what}`, () => assertFails(
        ['keys', command, file],
        new RegExp(`^signet: ${file}: .*${message.source}`)));
    }
  }
  for (const command of ['list', 'export']) {
    await test(`${command} refuses what is no file`, async () => {
      await assertFails(['keys', command], /file is required/);
      await assertFails(['keys', command, folder], /is not a regular file/);
      await assertFails(['keys', command, '/nonexistent'], /No such file/);
      await assertFails(['keys', command, '/dev/zero'], /not a regular file/);
      await assertFails(['keys', command, '--secret', 'x'], /--secret/);
      await assertFails(['keys', command, '--algorithm', 'none', 'x'],
        /--algorithm: must be one of HS256/);
    });
  }
}

suite(async (test) => {
  const folder = makeFolder();
  for (const algorithm of ALGORITHMS) {
    await testGenerated(test, folder, algorithm);
  }

  await test('generate takes a kid', async () => {
    const file = path.join(folder, 'named.jwk');
    assert.strictEqual(await answer(ACCEPTED, ['keys', 'generate', '--algorithm',
      'ES256', '--key-id', '2026-01', file]), '2026-01\n');
    assert.strictEqual(JSON.parse(fs.readFileSync(file)).kid, '2026-01');
  });
  await test('generate makes a new key each time', async () => {
    const generate = (name) => answer(ACCEPTED, ['keys', 'generate',
      '--algorithm', 'EdDSA', path.join(folder, name)]);
    assert.notStrictEqual(await generate('first'), await generate('second'));
  });
  await test('list and export take a whole set', async () => {
    const file = path.join(folder, 'set.jwks');
    const asymmetric = ALGORITHMS.filter((name) => !HMAC.includes(name));
    const keys = asymmetric.map((name) =>
      JSON.parse(fs.readFileSync(path.join(folder, `${name}.jwk`))));
    writePrivately(folder, 'set.jwks', { keys });
    const listed = await jsonAnswer(ACCEPTED, ['keys', 'list', file]);
    assert.deepStrictEqual(listed.keys,
      keys.map(({ kid, alg }) => ({ kid, alg, private: true })));
    const exported = JSON.parse(await answer(ACCEPTED, ['keys', 'export', file]));
    assert.deepStrictEqual(
      exported.keys.map(({ alg }) => alg), asymmetric);
  });
  await test('export refuses a set with an HMAC secret in it', async () => {
    const keys = ['ES256', 'HS256'].map((name) =>
      JSON.parse(fs.readFileSync(path.join(folder, `${name}.jwk`))));
    writePrivately(folder, 'mixed.jwks', { keys });
    await assertFails(['keys', 'export', path.join(folder, 'mixed.jwks')],
      /an HMAC secret has no public half/);
  });
  for (const [what, args, message] of [
    ['no algorithm', [path.join(folder, 'x')], /--algorithm is required/],
    ['alg none', ['--algorithm', 'none', path.join(folder, 'x')],
      /--algorithm: must be one of HS256/],
    ['no file', ['--algorithm', 'ES256'], /file is required/],
    ['a folder that is not there', ['--algorithm', 'ES256', '/nonexistent/x'],
      /\/nonexistent\/x: cannot be created: No such file/],
    ['a folder', ['--algorithm', 'ES256', folder], /cannot be created/],
    ['a kid too long', ['--algorithm', 'ES256', '--key-id', 'x'.repeat(257),
      path.join(folder, 'x')], /key id is longer than 256 bytes/],
  ]) {
    await test(`generate refuses ${what}`, () =>
      assertFails(['keys', 'generate', ...args], message));
  }
  await testPem(test, makeFolder());
  await testBadFiles(test, makeFolder());
});
