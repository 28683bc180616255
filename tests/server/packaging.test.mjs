// The deployment files: what they name exists, in them and in the programs that they start.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { repository, run, startServer, temporaryFolder } from './server.mjs';

const packaging = join(repository, 'packaging');
const stream = join(packaging, 'stream');
const workerSource = 'bindings/java/kafka-streams/src/main/java/io/sotto/stream/kafka';

function text(path) {
  return readFileSync(join(repository, path), 'utf8');
}

/** Every document of a file. A merge key ("<<") takes another mapping's fields over, as Compose does. */
function documents(path) {
  return parseAllDocuments(readFileSync(path, 'utf8'), { merge: true, uniqueKeys: true }).map((document) => {
    assert.deepEqual([...document.errors, ...document.warnings], [], path);
    return document.toJS();
  });
}

let server;
before(async () => {
  server = await startServer();
});
after(() => server?.stop());

test('every YAML file can be read', () => {
  const files = readdirSync(packaging, { recursive: true }).filter((name) => name.endsWith('.yaml'));
  assert.ok(files.length >= 7, files.join());
  for (const file of files)
    assert.ok(
      documents(join(packaging, file)).every((document) => document !== null),
      file,
    );
});

/** The worker's options, from the text of its --help. */
const workerOptions = new Set(text(`${workerSource}/WorkerOptions.java`).match(/--[a-z-]+/g));

function assertWorkerOptions(command) {
  const options = command.filter((word) => word.startsWith('--')).map((word) => word.split('=')[0]);
  assert.ok(options.includes('--brokers') && options.includes('--model'), command.join(' '));
  for (const option of options) assert.ok(workerOptions.has(option), `the worker has no option ${option}`);
}

for (const folder of [packaging, stream]) {
  test(`Compose: ${folder.slice(repository.length)}`, async () => {
    const [compose] = documents(join(folder, 'compose.yaml'));
    const { stdout: help } = await run(['serve', '--help']);
    const used = new Set();
    for (const [name, service] of Object.entries(compose.services)) {
      assert.ok(service.image || service.build, name);
      if (service.build) {
        const { context, dockerfile } = service.build;
        assert.ok(existsSync(join(folder, context, dockerfile)), dockerfile);
        assert.ok(existsSync(join(folder, context, `${dockerfile}.dockerignore`)), dockerfile);
      }
      for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
        assert.ok(compose.services[other], `${name} depends on ${other}`);
        if (condition === 'service_healthy') assert.ok(compose.services[other].healthcheck, other);
      }
      for (const port of service.ports ?? []) assert.match(port, /^127\.0\.0\.1:\d+:\d+$/, name);
      for (const volume of service.volumes ?? []) {
        const source = volume.replace(/^\$\{\w+:-(.*?)\}/, '$1').split(':')[0];
        if (!source.startsWith('.')) used.add(source);
        else if (source !== './prometheus.key') assert.ok(existsSync(join(folder, source)), source);
      }
      for (const variable of Object.keys(service.environment ?? {})) {
        if (!variable.startsWith('SOTTO_SERVE_')) continue;
        const option = `--${variable.slice('SOTTO_SERVE_'.length).toLowerCase().replaceAll('_', '-')}`;
        assert.ok(help.includes(`${option} `), `sotto serve has no option ${option}`);
      }
      if (name.startsWith('worker')) {
        assertWorkerOptions(service.command);
        assert.ok(service.command.includes(`${name}:8090`), `${name} is reached by its own name`);
      }
    }
    assert.deepEqual([...used].sort(), Object.keys(compose.volumes).sort());
  });
}

test('Prometheus asks every service that has figures, and Grafana asks Prometheus', () => {
  const [compose] = documents(join(stream, 'compose.yaml'));
  const [prometheus] = documents(join(stream, 'prometheus.yaml'));
  const targets = prometheus.scrape_configs.flatMap(({ static_configs }) => static_configs[0].targets);
  assert.deepEqual(targets.sort(), ['serve:8080', 'worker-1:8090', 'worker-2:8090']);
  for (const target of targets) assert.ok(compose.services[target.split(':')[0]], target);
  const mounts = compose.services.prometheus.volumes.map((volume) => volume.split(':')[1]);
  for (const file of [...prometheus.rule_files, prometheus.scrape_configs[1].authorization.credentials_file]) {
    assert.ok(mounts.includes(file), file);
  }
  const [{ datasources }] = documents(join(stream, 'grafana/prometheus.yaml'));
  const dashboard = JSON.parse(readFileSync(join(stream, 'grafana/stream.json'), 'utf8'));
  assert.ok(dashboard.panels.length > 10);
  for (const panel of dashboard.panels) assert.equal(panel.datasource.uid, datasources[0].uid);
  assert.equal(new Set(dashboard.panels.map(({ id }) => id)).size, dashboard.panels.length);
});

test('the server has the figures that dashboard and alerts ask for', async () => {
  const figures = new TextDecoder().decode((await server.get('/metrics')).bytes);
  const asked = readFileSync(join(stream, 'grafana/stream.json'), 'utf8') + text('packaging/stream/alerts.yaml');
  // Those of the worker are checked by the worker's tests.
  const names = [...asked.matchAll(/\bsotto_(?!stream_)[a-z_]+/g)].map(([name]) => name);
  assert.ok(names.length >= 4);
  for (const name of names) assert.match(figures, new RegExp(`^${name}(\\{| )`, 'm'));
});

// promtool is in Debian's package prometheus, which no other part of Sotto needs.
const promtool = spawnSync('promtool', ['--version']).error ? 'promtool is not installed' : false;
test('the alerts come when they should, and say what is wrong', { skip: promtool }, () => {
  const folder = temporaryFolder();
  copyFileSync(join(stream, 'alerts.yaml'), join(folder, 'rules.yaml'));
  copyFileSync(join(repository, 'tests/server/alerts.yaml'), join(folder, 'test.yaml'));
  const { status, stderr } = spawnSync('promtool', ['test', 'rules', join(folder, 'test.yaml')], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
});

test('Kubernetes: the workers', () => {
  const all = documents(join(stream, 'kubernetes.yaml'));
  const named = (kind, name) => all.find((one) => one.kind === kind && one.metadata.name === name);
  const set = all.find(({ kind }) => kind === 'StatefulSet');
  const pod = set.spec.template;
  const [worker] = pod.spec.containers;
  assertWorkerOptions(worker.args);
  assert.ok(worker.args.includes('--instance=$(POD_NAME)') && worker.args.includes('--standbys=1'));
  assert.equal(worker.env[0].valueFrom.fieldRef.fieldPath, 'metadata.name');

  const { labels } = pod.metadata;
  assert.deepEqual(set.spec.selector.matchLabels, labels);
  const services = all.filter(({ kind }) => kind === 'Service');
  assert.equal(services.length, 2);
  for (const { spec } of services) {
    assert.deepEqual(spec.selector, labels);
    assert.equal(spec.ports[0].port, worker.ports[0].containerPort);
  }
  assert.deepEqual(named('PodDisruptionBudget', 'sotto-stream').spec.selector.matchLabels, labels);
  // Pods have names of their own only under the headless service that the set names.
  assert.equal(named('Service', set.spec.serviceName).spec.clusterIP, 'None');
  const advertised = worker.args.find((argument) => argument.startsWith('--advertise=')).split('=')[1];
  assert.equal(advertised, `$(POD_NAME).${set.spec.serviceName}:${worker.ports[0].containerPort}`);

  const paths = text(`${workerSource}/HttpDoor.java`)
    .match(/case "(\/\w+)"/g)
    .join();
  for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
    const { path, port } = worker[probe].httpGet;
    assert.ok(paths.includes(`"${path}"`), path);
    assert.equal(port, worker.ports[0].name);
  }

  const volumes = [...pod.spec.volumes, ...set.spec.volumeClaimTemplates.map(({ metadata }) => metadata)];
  assert.deepEqual(worker.volumeMounts.map(({ name }) => name).sort(), volumes.map(({ name }) => name).sort());
  const { configMap } = pod.spec.volumes.find(({ name }) => name === 'config');
  const config = worker.args
    .find((argument) => argument.startsWith('--config='))
    .split('/')
    .pop();
  const settings = named('ConfigMap', configMap.name).data[config];
  assert.match(settings, /^consumer\.session\.timeout\.ms=\d+$/m);

  // The time to end: preStop, then what the worker takes at most to store what it read.
  const closing = Number(/CLOSING = Duration\.ofSeconds\((\d+)\)/.exec(text(`${workerSource}/Worker.java`))[1]);
  const preStop = Number(worker.lifecycle.preStop.exec.command[1]);
  assert.ok(pod.spec.terminationGracePeriodSeconds >= preStop + closing + 5);
});
