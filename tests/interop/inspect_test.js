'use strict';
// inspect shows what is in a token without a key, and without trusting it.

const assert = require('node:assert');
const {
  ACCEPTED, REJECTED, answer, assertFails, jsonAnswer } = require('./commands');
const { Key, claimsFor, nowInSeconds } = require('./makers');
const { suite } = require('./suite');

const ISSUER = 'https://jose.example';

const encode = (text) => Buffer.from(text).toString('base64url');
const of = (header, claims) => `${encode(header)}.${encode(claims)}.AAAA`;
const HEADER = '{"alg":"ES256"}';

suite(async (test) => {
  const key = await Key.make('ES256');
  const token = await key.token('ACCESS_TOKEN',
    claimsFor('ACCESS_TOKEN', ISSUER, 'https://a.example', nowInSeconds()));

  await test('inspect shows a good token, and that it proves nothing',
    async () => {
      const text = await answer(ACCEPTED, ['inspect', token]);
      assert.match(text, /^not verified: anyone can write this\n/);
      assert.match(text, /header +\{"alg":"ES256","kid":"ES256-key"/);
      assert.match(text, /expires at +20.* \(in (59m\d+s|1h)\)/);
      const json = await jsonAnswer(ACCEPTED, ['inspect', token]);
      assert.deepStrictEqual(
        [json.verified, json.well_formed, json.claims.iss],
        [false, true, ISSUER]);
    });

  const malformed = [
    ['nonsense', 'x', 'three parts'],
    ['two parts', `${encode(HEADER)}.e30`, 'three parts'],
    ['four parts', `${of(HEADER, '{}')}.x`, 'three parts'],
    ['alg none', of('{"alg":"none"}', '{"sub":"a"}'), '"none"'],
    ['no alg', of('{}', '{}'), 'no alg'],
    ['crit', of('{"alg":"ES256","crit":["exp"]}', '{}'), 'not supported'],
    ['padding', `${of(HEADER, '{}')}=`, 'base64url'],
    ['an array', of(HEADER, '[]'), 'JSON object'],
    ['a member twice', of(HEADER, '{"a":1,"a":2}'), 'duplicates'],
    ['a claim of the wrong type', of(HEADER, '{"exp":"now"}'), 'type'],
    ['deep nesting', of(HEADER, `{"a":${'['.repeat(64)}${']'.repeat(64)}}`),
      'JSON object'],
    ['17 KiB', 'A'.repeat(17 * 1024), 'longer than'],
  ];
  for (const [what, bad, detail] of malformed) {
    await test(`inspect tells what is wrong: ${what}`, async () => {
      const text = await answer(REJECTED, ['inspect', bad]);
      assert.match(text, /\nwould be rejected\n/);
      assert(text.includes(detail), text);
      const json = await jsonAnswer(REJECTED, ['inspect', bad]);
      assert.deepStrictEqual(
        [json.verified, json.well_formed], [false, false]);
      assert(json.detail.includes(detail));
    });
  }
  await test('inspect shows the claims of a token with alg none', async () => {
    const { header, claims } = await jsonAnswer(
      REJECTED, ['inspect', of('{"alg":"none"}', '{"sub":"a"}')]);
    assert.deepStrictEqual([header, claims], [{ alg: 'none' }, { sub: 'a' }]);
  });

  // ESC, BEL, DEL, CSI as C1, a direction override, a line separator.
  const hostile = '\x1b]0;x\x07\x1b[2J\x7f\x9b31m\u202e\u2028\u{1f511}é';
  const DANGEROUS = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e]/;
  await test('inspect prints nothing that a terminal obeys', async () => {
    const bad = of(JSON.stringify({ alg: 'ES256', typ: hostile }),
      JSON.stringify({ sub: hostile, [hostile]: 1 }));
    const text = await answer(ACCEPTED, ['inspect', bad]);
    assert.doesNotMatch(text, DANGEROUS);
    assert(text.includes('\u{1f511}é'), 'what is harmless stays as it is');
    const json = await answer(ACCEPTED, ['inspect', '--output=json', bad]);
    assert.doesNotMatch(json, DANGEROUS);
    // As data, it is what it was.
    assert.strictEqual(JSON.parse(json).claims.sub, hostile);
  });
  await test('errors show no argument that may be a token', async () => {
    await assertFails(['inspect', 'a.b.c', 'd.e.f'],
      /^signet: an argument was not expected; try --help\n$/);
    await assertFails(['inspect', '--tokn=a.b.c'],
      /^signet: --tokn: the option was not expected; try --help\n$/);
  });
  await test('errors print nothing that a terminal obeys', async () => {
    await assertFails(['inspect', '--token-file', hostile], /cannot be opened/);
    await assertFails(['inspect', `--${hostile}`], /not expected/);
    await assertFails([hostile], /./);
    await assertFails(
      ['verify', '--policy', 'x', '--server', hostile, 'x'], /--server/);
  });
});
