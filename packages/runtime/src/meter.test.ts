import { expect, it, onTestFinished } from 'vitest';
import { createMeter } from './meter.ts';
import { serveMetrics } from './metrics-server.ts';

it('renders counters, gauges and histograms by their labels', async () => {
  const meter = createMeter();
  meter.count('rpc_total', { method: 'CreateSeller' });
  meter.count('rpc_total', { method: 'CreateSeller' }, 2);
  meter.gauge('outbox_age_seconds', 1.5);
  meter.observeSeconds('rpc_duration_seconds', 0.025, { method: 'CreateSeller' });
  const text = await meter.render();
  expect(text).toContain('rpc_total{method="CreateSeller"} 3');
  expect(text).toContain('outbox_age_seconds 1.5');
  expect(text).toContain('rpc_duration_seconds_bucket{le="0.01",method="CreateSeller"} 0');
  expect(text).toContain('rpc_duration_seconds_bucket{le="0.025",method="CreateSeller"} 1');
  expect(text).toContain('nodejs_eventloop_lag_seconds');
});

it('counts a metric used in two ways instead of throwing', async () => {
  const meter = createMeter();
  meter.count('calls_total', { method: 'a' });
  meter.gauge('calls_total', 1);
  meter.count('calls_total', { other: 'a' });
  const text = await meter.render();
  expect(text).toContain('meter_misuse_total{name="calls_total"} 2');
  expect(text).toContain('calls_total{method="a"} 1');
});

it('serves metrics and readiness over HTTP until it is stopped', async () => {
  const meter = createMeter();
  meter.count('calls_total');
  let ready = false;
  const server = await serveMetrics(meter, 0, () => ready);
  onTestFinished(() => server.stop());
  const get = async (path: string, method = 'GET') => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { method });
    return [response.status, await response.text()];
  };
  expect(await get('/metrics')).toEqual([200, expect.stringContaining('calls_total 1')]);
  expect(await get('/ready')).toEqual([503, 'not ready\n']);
  ready = true;
  expect(await get('/ready')).toEqual([200, 'ready\n']);
  expect(await get('/live')).toEqual([200, 'live\n']);
  expect(await get('/other')).toEqual([404, 'not found\n']);
  expect(await get('/metrics', 'POST')).toEqual([405, 'GET only\n']);
});

it('refuses a port that is taken', async () => {
  const meter = createMeter();
  const server = await serveMetrics(meter, 0, () => true);
  onTestFinished(() => server.stop());
  await expect(serveMetrics(meter, server.port, () => true)).rejects.toThrow('EADDRINUSE');
});
