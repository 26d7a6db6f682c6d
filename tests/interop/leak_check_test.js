'use strict';
// The check that ends every suite does find what it looks for.

const assert = require('node:assert');
const { Key, writePrivately } = require('./makers');
const { makeFolder, signet } = require('./signet');
const { suite } = require('./suite');

// The check without anything it remembers.
function freshCheck() {
  const name = require.resolve('./leak_check');
  const kept = require.cache[name];
  delete require.cache[name];
  const check = require(name);
  require.cache[name] = kept;
  return check;
}

suite(async (test) => {
  const folder = makeFolder();
  const keys = await Promise.all(['RS256', 'ES256', 'HS256'].map((name) => Key.make(name)));
  const jwks = await Promise.all(keys.map((key) => key.privateJwk()));
  writePrivately(folder, 'keys.jwks', { keys: jwks });
  writePrivately(folder, 'kek', `${'Kek-'.repeat(10)}abc\n`);
  const pem = await keys[0].pkcs8();
  writePrivately(folder, 'key.pem', pem);
  const token = await keys[1].token('JWT', { sub: 'alice' });

  const leaks = [
    ...jwks.flatMap((jwk) => ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']
      .filter((name) => name in jwk)
      .map((name) => [`${name} of ${jwk.alg}`, jwk[name], /a private key/])),
    ['a key-encryption key', `${'Kek-'.repeat(10)}abc`, /a private key/],
    ['a line of PEM', pem.split('\n')[3], /a private key/],
    ['a token', token, /a token/],
    ['the signature of a token', token.split('.')[2], /a token/],
  ];
  for (const [what, secret, message] of leaks) {
    await test(`it finds ${what}`, () => {
      const check = freshCheck();
      check.noteFolder(folder);
      check.noteToken(token);
      check.noteOutput('it', `before ${secret} behind`);
      assert.throws(check.assertNothingLeaked, message);
    });
  }
  await test('it finds a secret that is in no file', () => {
    const check = freshCheck();
    check.noteSecret('only in a store');
    check.noteOutput('it', 'what is only in a store');
    assert.throws(check.assertNothingLeaked, /a private key/);
  });
  await test('it lets the answer of sign have a token, but no key', () => {
    const check = freshCheck();
    check.noteFolder(folder);
    check.noteToken(token);
    check.noteOutput('sign', token, /* mayCarryTokens= */ true);
    check.assertNothingLeaked();
    check.noteOutput('sign', jwks[1].d, /* mayCarryTokens= */ true);
    assert.throws(check.assertNothingLeaked, /a private key/);
  });
  await test('it fails when there is nothing to look at', () =>
    assert.throws(freshCheck().assertNothingLeaked, /no output/));

  // So that the check at the end has something to look at.
  await signet(['--help']);
});
