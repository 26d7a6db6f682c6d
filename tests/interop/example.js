'use strict';
// A server that signs tokens of each kind, for the commands to ask.

const { ACCEPTED, answer } = require('./commands');
const { policiesFor } = require('./makers');
const { startServer } = require('./signet');

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

// Starts the server. Returns the options that name it, and a token of each
// kind that it signed.
async function startExample(folder, atEnd) {
  const running = await startServer(folder, {
    issuers: [{ issuer: ISSUER, signing: { generate: ['ES256', 'EdDSA'] } }],
    policies: policiesFor([ISSUER], AUDIENCE),
  }, atEnd);
  const server = ['--server', running.address];
  const tokens = {};
  for (const [kind, args] of Object.entries(SIGN)) {
    tokens[kind] = (await answer(ACCEPTED, [...args, ...server])).trim();
  }
  return { server, tokens };
}

module.exports = { AUDIENCE, ISSUER, POLICY, SIGN, startExample };
