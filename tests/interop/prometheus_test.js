'use strict';
// A real Prometheus server reads what Signet tells it, and answers questions
// about it: those of the dashboard, too. promtool finds nothing wrong with it,
// nor with the alerts.

const assert = require('node:assert');
const crypto = require('node:crypto');
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const { Client } = require('./contract');
const { noteSecret } = require('./leak_check');
const { writePrivately } = require('./makers');
const { eventually, freePort, makeFolder, signet, start, startServer,
  waitForOutput, writeConfig } = require('./signet');
const { suite } = require('./suite');

const ISSUER = 'https://signet.example';
const SCRAPER = 'scraper-0123456789.abcdef~';
const DEPLOY = path.resolve('deploy');
const DASHBOARD = path.join(DEPLOY, 'grafana/signet.json');
// So often that a test need not wait, and so that rates have many samples.
const SCRAPE_INTERVAL = '200ms';

// Publishes a key, and resolves with where.
async function publishKeys(atEnd) {
  const { publicKey } =
    crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = { ...publicKey.export({ format: 'jwk' }), kid: '1', alg: 'ES256' };
  const server = http.createServer((_, response) => {
    response.setHeader('content-type', 'application/jwk-set+json');
    response.end(JSON.stringify({ keys: [key] }));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => server.close());
  return `http://127.0.0.1:${server.address().port}/`;
}

function configFor(folder, jwksUrl) {
  noteSecret(SCRAPER);
  writePrivately(folder, 'scraper.bearer', SCRAPER);
  return {
    issuers: [{ issuer: ISSUER, signing: { generate: ['ES256', 'EdDSA'] } },
      { issuer: 'https://elsewhere.example', remote: { jwks_url: jwksUrl } }],
    policies: [{ name: 'orders', issuers: [ISSUER], kind: 'ACCESS_TOKEN',
      audiences: ['https://orders.example'] }],
    http: { address: '127.0.0.1:0', clients: [{ client_id: 'prometheus',
      bearer_file: 'scraper.bearer', permissions: ['METRICS'] }] },
  };
}

// Prometheus, in a folder of its own, scraping `target`.
async function startPrometheus(folder, target, atEnd) {
  const config = writeConfig(folder, {
    global: { scrape_interval: SCRAPE_INTERVAL, scrape_timeout: SCRAPE_INTERVAL },
    scrape_configs: [{ job_name: 'signet',
      authorization: { credentials_file: 'scraper.bearer' },
      static_configs: [{ targets: [target] }] }],
  }, 'prometheus.yaml');
  const address = `127.0.0.1:${await freePort()}`;
  const program = start('prometheus', [`--config.file=${config}`,
    `--storage.tsdb.path=${path.join(folder, 'tsdb')}`,
    `--web.listen-address=${address}`], { patience: 300_000 });
  atEnd(() => {
    program.child.kill('SIGTERM');
    return program.ended;
  });
  await waitForOutput(program, 'stderr', /Server is ready to receive/);
  return `http://${address}`;
}

// Resolves with { labels, value } of each sample that answers a query.
async function query(prometheus, expression) {
  const response = await fetch(`${prometheus}/api/v1/query`, {
    method: 'POST', body: new URLSearchParams({ query: expression }) });
  const { status, error, data } = await response.json();
  assert.strictEqual(status, 'success', `${expression}: ${error}`);
  return data.result.map(
    ({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
}

// The value of a query that has one.
async function valueOf(prometheus, expression) {
  const [sample] = await query(prometheus, expression);
  return sample?.value;
}

function verifications(outcome, algorithm = 'ES256') {
  return `signet_verifications_total{issuer="${ISSUER}",` +
    `algorithm="${algorithm}",outcome="${outcome}"}`;
}

// Runs promtool; `stdin` is what it reads.
async function promtool(args, { stdin = '' } = {}) {
  const { child, ended } = start('promtool', args);
  child.stdin.end(stdin);
  const { code, stdout, stderr } = await ended;
  assert.strictEqual(code, 0, stdout + stderr);
  // It complains, and says that all is well.
  assert.strictEqual(stderr, '');
}

async function testTraffic(test, client, prometheus) {
  const { token } = await client.sign({ issuer: ISSUER, algorithm: 'ES256',
    kind: 'TOKEN_KIND_ACCESS_TOKEN', subject: 'alice', client_id: 'shop',
    audiences: ['https://orders.example'] });
  const forged = `${token.slice(0, -4)}AAAA`;
  const verify = async (times) => {
    for (let i = 0; i < 3 * times; ++i) {
      await client.verify({ token, policy: 'orders' });
    }
    for (let i = 0; i < times; ++i) {
      await client.verify({ token: forged, policy: 'orders' });
    }
  };

  await test('Prometheus counts as many tokens as there were', async () => {
    await verify(1);
    await eventually(async () => await valueOf(
      prometheus, verifications('SIGNATURE_INVALID')) === 1);
    assert.strictEqual(
      await valueOf(prometheus, verifications('ACCEPTED')), 3);
    assert.strictEqual(await valueOf(
      prometheus, `signet_signed_tokens_total{issuer="${ISSUER}"}`), 1);
    assert.strictEqual(await valueOf(prometheus, 'up{job="signet"}'), 1);
  });

  await test('rates are those of the traffic', async () => {
    await verify(20);
    await eventually(async () => await valueOf(
      prometheus, verifications('SIGNATURE_INVALID')) === 21);
    // From samples of the same moments, so that this is exact.
    const accepted = `rate(${verifications('ACCEPTED')}[5m])`;
    const all = `sum(rate(signet_verifications_total{issuer="${ISSUER}"}[5m]))`;
    assert.strictEqual(
      (await valueOf(prometheus, `sum(${accepted}) / ${all}`)).toFixed(9),
      '0.750000000');
    assert.strictEqual(await valueOf(prometheus,
      'signet_rpc_duration_seconds_count{method="Verify",code="OK"}'), 84);
    assert(await valueOf(prometheus, 'histogram_quantile(0.99, sum by (le) (' +
      'rate(signet_rpc_duration_seconds_bucket{method="Verify"}[5m])))') > 0);
    // Of 84 only the first of each token was not known.
    assert.strictEqual(await valueOf(prometheus,
      'signet_token_cache_hits_total'), 62);
  });

  await test('failures are counted by their code', async () => {
    await assert.rejects(client.verify({ token, policy: 'none' }));
    await eventually(async () => await valueOf(prometheus,
      'signet_rpc_duration_seconds_count{method="Verify",' +
      'code="INVALID_ARGUMENT"}') === 1);
  });
}

async function testTop(test, face, folder) {
  const top = ['top', '--once', '--url', `http://${face}/metrics`];
  await test('signet top shows calls, issuers and keys', async () => {
    const { code, stdout } = await signet(
      [...top, '--bearer-file', path.join(folder, 'scraper.bearer')]);
    assert.strictEqual(code, 0);
    // Calls a second, failed ones, running ones, median, 99 %.
    assert.match(stdout, /^Verify +[\d.]+ +[\d.]+ +0 +[\d.]+ ms +[\d.]+ ms$/m);
    assert.match(stdout, /^https:\/\/signet.example +[\d.]+ +75\.0 % /m);
    assert.match(stdout, /^https:\/\/signet.example +ES256 +\S/m);
    assert.match(stdout, /^https:\/\/elsewhere.example /m);
    assert.match(stdout, / MiB, 73\.8 % hits /);
  });

  await test('signet top is told why it may not look', async () => {
    const { code, stderr } = await signet(top);
    assert.strictEqual(code, 2);
    assert.match(stderr, /status 401/);
  });
}

async function testDashboard(test, prometheus, page) {
  const dashboard = JSON.parse(fs.readFileSync(DASHBOARD, 'utf8'));
  const names = new Set([...page.matchAll(/^# TYPE (\S+)/gm)].map(([, n]) => n));
  for (const panel of dashboard.panels.filter(({ type }) => type !== 'row')) {
    await test(`the dashboard can ask: ${panel.title}`, async () => {
      for (const { expr } of panel.targets) {
        await query(prometheus, expr.replaceAll('$__rate_interval', '1m')
          .replaceAll('$job', 'signet').replaceAll('$instance', '.+'));
        for (const [name] of expr.matchAll(/\b(signet|process)_\w+/g)) {
          const family = name.replace(/_(bucket|sum|count)$/, '');
          assert(names.has(family), `${name} is not in /metrics`);
        }
      }
    });
  }
}

suite(async (test, atEnd) => {
  const folder = makeFolder();
  const server = await startServer(
    folder, configFor(folder, await publishKeys(atEnd)), atEnd);
  const [, face] = await waitForOutput(server.program, 'stderr',
    /"event":"http.listening","address":"http:\/\/([^"]+)"/);
  const client = new Client(server.address);
  atEnd(() => client.close());
  const prometheus = await startPrometheus(folder, face, atEnd);
  await testTraffic(test, client, prometheus);

  await test('Prometheus sees that keys of another issuer were fetched',
    () => eventually(async () => await valueOf(prometheus,
      'signet_jwks_fetches_total{issuer="https://elsewhere.example",' +
      'outcome="ok"}') === 1));
  await testTop(test, face, folder);
  const response = await fetch(`http://${face}/metrics`,
    { headers: { authorization: `Bearer ${SCRAPER}` } });
  const page = await response.text();
  await test('promtool finds nothing wrong with the metrics', () =>
    promtool(['check', 'metrics'], { stdin: page }));
  await test('strangers do not see the metrics', async () =>
    assert.strictEqual((await fetch(`http://${face}/metrics`)).status, 401));
  await testDashboard(test, prometheus, page);

  const alerts = path.join(DEPLOY, 'prometheus');
  await test('promtool finds nothing wrong with the alerts', () =>
    promtool(['check', 'rules', path.join(alerts, 'alerts.yaml')]));
  await test('alerts fire when they should, and only then', () =>
    promtool(['test', 'rules', path.join(alerts, 'alerts_test.yaml')]));
});
