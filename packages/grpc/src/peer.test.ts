import { expect, it } from 'vitest';
import { peerOf, peerOfCall } from './peer.ts';

it.each([
  ['10.0.0.7', '10.0.0.7'],
  ['::ffff:10.0.0.7', '10.0.0.7'],
  ['unknown', 'unknown'],
])('counts %s for one address', (address, peer) => {
  expect(peerOf(address)).toBe(peer);
});

it.each([
  ['2001:db8:0:7::1', '2001:db8:0:7::/64'],
  ['2001:0DB8:0000:0007:ffff:ffff:ffff:ffff', '2001:db8:0:7::/64'],
  ['2001:db8::', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['64:ff9b::10.0.0.7', '64:ff9b:0:0::/64'],
])('counts %s for its network', (address, peer) => {
  expect(peerOf(address)).toBe(peer);
});

it.each([
  ['10.0.0.7:5000', '10.0.0.7'],
  ['::ffff:10.0.0.7:5000', '10.0.0.7'],
  ['1:2::5:6:7:8:5000', '1:2:0:0::/64'],
  ['unknown', 'unknown'],
])('counts a call from %s likewise', (peer, counted) => {
  expect(peerOfCall(peer)).toBe(counted);
});
