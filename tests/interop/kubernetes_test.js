'use strict';
// The Kubernetes manifests hold together, and with the server: what one names,
// another has, and the configuration in them is good.

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const YAML = require('yaml');
const { Authority, SERVER } = require('./authority');
const { ACCEPTED, answer } = require('./commands');
const { noteFolder } = require('./leak_check');
const { writePrivately } = require('./makers');
const { makeFolder } = require('./signet');
const { suite } = require('./suite');

const MANIFESTS = 'deploy/kubernetes';
const SECRETS = ['signet', 'signet-tls'];

// All objects of all files, by "Kind/name".
function readManifests() {
  const objects = new Map();
  for (const file of fs.readdirSync(MANIFESTS)) {
    const text = fs.readFileSync(path.join(MANIFESTS, file), 'utf8');
    for (const document of YAML.parseAllDocuments(text, { strict: true })) {
      assert.deepStrictEqual([...document.errors, ...document.warnings], [], file);
      const object = document.toJS();
      const name = `${object.kind}/${object.metadata.name}`;
      assert(!objects.has(name), `${name} is there twice`);
      objects.set(name, object);
    }
  }
  return objects;
}

// The secrets' files where the configuration looks for them, but in `folder`;
// links to what only owner and group may read, as Kubernetes mounts them.
function makeSecrets(folder) {
  for (const secret of SECRETS) {
    fs.mkdirSync(path.join(folder, secret, '..data'), { recursive: true });
  }
  const authority = new Authority(folder, 'ca');
  authority.issue('server', SERVER);
  for (const [from, to] of [
    ['ca.pem', 'signet-tls/..data/ca.crt'],
    ['ca.pem', 'signet/..data/postgres-ca.pem'],
    ['server.pem', 'signet-tls/..data/tls.crt'],
    ['server.key', 'signet-tls/..data/tls.key'],
  ]) {
    fs.copyFileSync(path.join(folder, from), path.join(folder, to));
  }
  writePrivately(folder, 'signet/..data/metrics.bearer', 'a'.repeat(64));
  writePrivately(folder, 'signet/..data/store.key', 'A'.repeat(43));
  for (const secret of SECRETS) {
    const at = path.join(folder, secret);
    for (const file of fs.readdirSync(path.join(at, '..data'))) {
      fs.chmodSync(path.join(at, '..data', file), 0o440);
      fs.symlinkSync(path.join('..data', file), path.join(at, file));
    }
  }
  noteFolder(folder);
}

async function testConfiguration(test, objects) {
  const text = objects.get('ConfigMap/signet').data['signet.yaml'];
  const config = YAML.parse(text);
  const pod = objects.get('Deployment/signet').spec.template.spec;
  const [container] = pod.containers;

  await test('the configuration is good with secrets as Kubernetes mounts them', async () => {
    const folder = makeFolder();
    makeSecrets(folder);
    const file = path.join(folder, 'signet.yaml');
    fs.writeFileSync(file, text.replaceAll('/run/secrets', folder));
    await answer(ACCEPTED, ['serve', '--check-config', '--config', file]);
  });
  await test('every file that it names is in a secret that is mounted', () => {
    const mounts = container.volumeMounts.map(({ mountPath }) => mountPath);
    const files = [...text.matchAll(/\/run\/secrets\/[\w./-]+/g)].map(([f]) => f);
    assert(files.length >= 8);
    for (const file of files) assert(mounts.includes(path.dirname(file)), file);
    for (const { name } of container.volumeMounts) {
      assert(pod.volumes.some((volume) => volume.name === name), name);
    }
    assert(pod.volumes.filter(({ secret }) => secret)
      .every(({ secret }) => secret.defaultMode === 0o440));
  });
  await test('the container exposes the ports that it listens on', () => {
    const ports = Object.fromEntries(
      container.ports.map(({ name, containerPort }) => [name, containerPort]));
    assert.deepStrictEqual(ports, {
      grpc: Number(config.listen.address.split(':')[1]),
      http: Number(config.http.address.split(':')[1]) });
  });
}

async function testDeployment(test, objects) {
  const { spec } = objects.get('Deployment/signet');
  const pod = spec.template.spec;
  const [container] = pod.containers;

  await test('probes ask the HTTP face what it answers', () => {
    const probe = (kind) => container[`${kind}Probe`].httpGet;
    const get = (at) => ({ path: at, port: 'http', scheme: 'HTTPS' });
    assert.deepStrictEqual(probe('readiness'), get('/readyz'));
    assert.deepStrictEqual(probe('liveness'), get('/healthz'));
    assert.deepStrictEqual(probe('startup'), get('/healthz'));
  });
  await test('a pod has time to leave', () => {
    const [program, seconds] = container.lifecycle.preStop.exec.command;
    assert.strictEqual(program, 'sleep');
    // The server drains for at most 10 s.
    assert(pod.terminationGracePeriodSeconds > Number(seconds) + 10);
    assert.deepStrictEqual(spec.strategy.rollingUpdate,
      { maxUnavailable: 0, maxSurge: 1 });
  });
  await test('it runs with no rights', () => {
    assert.strictEqual(pod.automountServiceAccountToken, false);
    assert.strictEqual(pod.securityContext.runAsNonRoot, true);
    assert.notStrictEqual(pod.securityContext.runAsUser, 0);
    assert.deepStrictEqual(container.securityContext, {
      allowPrivilegeEscalation: false, readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] } });
  });
}

async function testReferences(test, objects) {
  const labels =
    objects.get('Deployment/signet').spec.template.metadata.labels;
  await test('everything selects the pods', () => {
    const selectors = [
      objects.get('Deployment/signet').spec.selector.matchLabels,
      objects.get('Service/signet').spec.selector,
      objects.get('Service/signet-http').spec.selector,
      objects.get('PodDisruptionBudget/signet').spec.selector.matchLabels,
      objects.get('NetworkPolicy/signet').spec.podSelector.matchLabels,
    ];
    for (const selector of selectors) assert.deepStrictEqual(selector, labels);
  });
  await test('gRPC has the addresses of all replicas, of which there are several', () => {
    assert.strictEqual(objects.get('Service/signet').spec.clusterIP, 'None');
    const { spec } = objects.get('HorizontalPodAutoscaler/signet');
    assert(spec.minReplicas >= 2);
    assert.deepStrictEqual(spec.scaleTargetRef,
      { apiVersion: 'apps/v1', kind: 'Deployment', name: 'signet' });
    // Or each change would undo what the autoscaler did.
    assert(!('replicas' in objects.get('Deployment/signet').spec));
  });
  await test('services and policies name ports that the container has', () => {
    const names = ['grpc', 'http'];
    for (const name of ['signet', 'signet-http']) {
      for (const { targetPort } of objects.get(`Service/${name}`).spec.ports) {
        assert(names.includes(targetPort));
      }
    }
    const { ingress } = objects.get('NetworkPolicy/signet').spec;
    for (const { port } of ingress.flatMap(({ ports }) => ports)) {
      assert(names.includes(port));
    }
  });
}

suite(async (test) => {
  const objects = readManifests();
  await testConfiguration(test, objects);
  await testDeployment(test, objects);
  await testReferences(test, objects);
});
