'use strict';
// An identity provider that is not ours: the package oidc-provider, on loopback,
// with keys that the test changes.

const http = require('node:http');
const https = require('node:https');
const { createHash, randomBytes } = require('node:crypto');
const { pathToFileURL } = require('node:url');
const { noteToken } = require('./leak_check');
const { Key } = require('./makers');

const CLIENT_ID = 'shop';
const CLIENT_SECRET = randomBytes(24).toString('base64url');
const REDIRECT_URI = 'https://shop.example/callback';
const RESOURCE = 'https://orders.example';
const SCOPE = 'orders.read';
const SUBJECT = 'alice';
// With which the provider signs ID tokens, and access tokens.
const ID_ALGORITHM = 'RS256';
const ACCESS_ALGORITHM = 'ES256';

const METADATA_PATH = '/.well-known/openid-configuration';
const JWKS_PATH = '/jwks';
const MAX_REDIRECTS = 8;

// The package is an ES module, which NODE_PATH does not lead to.
const loading = import(pathToFileURL(require.resolve('oidc-provider')).href);

let generations = 0;

// New private keys of the provider, with ids that it never had before.
async function makeProviderKeys() {
  const generation = ++generations;
  return Promise.all([ID_ALGORITHM, ACCESS_ALGORITHM].map(async (algorithm) => {
    const key = await Key.make(algorithm);
    key.kid = `${algorithm}-${generation}`;
    return key.privateJwk();
  }));
}

function configuration(keys) {
  const resourceServer = {
    scope: SCOPE, accessTokenFormat: 'jwt', accessTokenTTL: 3600,
    jwt: { sign: { alg: ACCESS_ALGORITHM } } };
  return {
    jwks: { keys },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    clients: [{
      client_id: CLIENT_ID, client_secret: CLIENT_SECRET,
      grant_types: ['authorization_code', 'client_credentials'],
      redirect_uris: [REDIRECT_URI], response_types: ['code'],
      id_token_signed_response_alg: ID_ALGORITHM }],
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true, getResourceServerInfo: () => resourceServer } },
    ttl: { AccessToken: 3600, AuthorizationCode: 60, ClientCredentials: 3600,
      Grant: 3600, IdToken: 3600, Interaction: 60, Session: 3600 },
    findAccount: (_, accountId) => (
      { accountId, claims: () => ({ sub: accountId }) }),
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    // Whoever has logged in has agreed.
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({
        clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope('openid');
      grant.addResourceScope(RESOURCE, SCOPE);
      await grant.save();
      return grant;
    },
  };
}

class IdentityProvider {
  // With `tls` ({ key, cert, ca }), the provider speaks https.
  static async start(atEnd, tls) {
    const provider = new IdentityProvider(tls);
    await provider.listen();
    await provider.changeKeys();
    atEnd(() => provider.stop());
    return provider;
  }

  constructor(tls) {
    this.tls = tls;
    this.port = 0;
    // How often each path was asked for.
    this.requests = new Map();
    this.held = new Map();
  }

  // The provider's name. It stays the same whatever happens to the provider.
  get issuer() {
    return `${this.tls ? 'https' : 'http'}://127.0.0.1:${this.port}`;
  }

  get keyRequests() {
    return this.requests.get(JWKS_PATH) ?? 0;
  }

  async listen() {
    const answer = (request, response) => this.#answer(request, response);
    this.server = this.tls
      ? https.createServer(this.tls, answer) : http.createServer(answer);
    await new Promise((resolve, reject) => this.server.on('error', reject)
      .listen(this.port, '127.0.0.1', resolve));
    this.port = this.server.address().port;
  }

  async stop() {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  // Has the provider sign with new keys, and publish no others.
  async changeKeys() {
    const { Provider } = await loading;
    const keys = await makeProviderKeys();
    this.provider = new Provider(this.issuer, configuration(keys));
  }

  // Has whoever asks for the path wait until the function that is returned is
  // called.
  hold(path) {
    let release;
    this.held.set(path, new Promise((resolve) => { release = resolve; }));
    return () => {
      this.held.delete(path);
      release();
    };
  }

  async #answer(request, response) {
    const [path] = request.url.split('?');
    this.requests.set(path, (this.requests.get(path) ?? 0) + 1);
    await this.held.get(path);
    if (path.startsWith('/interaction/')) {
      await this.provider.interactionFinished(
        request, response, { login: { accountId: SUBJECT } });
    } else {
      await this.provider.callback()(request, response);
    }
  }

  // Sends a request to the provider. Returns { status, headers, text }.
  #ask(path, { body, ...options } = {}) {
    const { request } = this.tls ? https : http;
    const url = new URL(path, this.issuer);
    return new Promise((resolve, reject) => {
      const asked = request(
        url, { ca: this.tls?.ca, agent: false, ...options }, (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (data) => { text += data; });
          response.on('end', () => resolve({
            status: response.statusCode, headers: response.headers, text }));
        });
      asked.on('error', reject).end(body);
    });
  }

  async #askForTokens(parameters) {
    const secret = Buffer.from(`${CLIENT_ID}:${CLIENT_SECRET}`);
    const { status, text } = await this.#ask('/token', {
      method: 'POST', body: new URLSearchParams(parameters).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded',
        authorization: `Basic ${secret.toString('base64')}` } });
    if (status !== 200) throw new Error(`${status}: ${text}`);
    const tokens = JSON.parse(text);
    noteToken(tokens.access_token);
    if (tokens.id_token) noteToken(tokens.id_token);
    return tokens;
  }

  // A JWT access token for the client itself (RFC 9068).
  async clientToken() {
    const tokens = await this.#askForTokens({
      grant_type: 'client_credentials', resource: RESOURCE, scope: SCOPE });
    return tokens.access_token;
  }

  // What a browser does: follows redirects with cookies until the provider
  // sends it back to the client.
  async #authorize(parameters) {
    const cookies = new Map();
    let url = `/auth?${new URLSearchParams(parameters)}`;
    for (let i = 0; i < MAX_REDIRECTS; ++i) {
      const cookie = [...cookies.values()].join('; ');
      const { status, headers, text } =
        await this.#ask(url, { headers: { cookie } });
      for (const line of headers['set-cookie'] ?? []) {
        const [pair] = line.split(';');
        cookies.set(pair.split('=')[0], pair);
      }
      url = headers.location;
      if (!url) throw new Error(`${status}: ${text}`);
      if (url.startsWith(REDIRECT_URI)) return new URL(url).searchParams;
    }
    throw new Error('too many redirects');
  }

  // { id_token, access_token } of a person who logs in (OpenID Connect Core
  // 1.0 section 3.1, with RFC 7636 and RFC 8707).
  async logIn(nonce) {
    const verifier = randomBytes(32).toString('base64url');
    const answer = await this.#authorize({
      client_id: CLIENT_ID, redirect_uri: REDIRECT_URI, response_type: 'code',
      scope: `openid ${SCOPE}`, resource: RESOURCE, nonce,
      code_challenge_method: 'S256', code_challenge:
        createHash('sha256').update(verifier).digest('base64url') });
    return this.#askForTokens({
      grant_type: 'authorization_code', code: answer.get('code'),
      redirect_uri: REDIRECT_URI, code_verifier: verifier,
      resource: RESOURCE });
  }
}

module.exports = {
  ACCESS_ALGORITHM, CLIENT_ID, IdentityProvider, JWKS_PATH, METADATA_PATH,
  RESOURCE, SCOPE, SUBJECT };
