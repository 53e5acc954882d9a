/**
 * Whom a connection counts for: an IPv4 address, or the /64 of an IPv6 one, because one customer of a
 * provider has at least that many addresses to come from. Other texts stand for themselves.
 */
import { isIPv6 } from 'node:net';

const groupsOfNetwork = 4;
const groupsOfAddress = 8;

export function peerOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  return isIPv6(address) ? `${networkOf(address)}::/64` : address;
}

/** Of a peer as grpc-js names it: the address, a colon and the port, without brackets for IPv6. */
export const peerOfCall = (peer: string): string => peerOf(peer.replace(/:\d+$/, ''));

function networkOf(address: string): string {
  const [head = '', tail] = (address.split('%')[0] ?? '').toLowerCase().split('::');
  const front = groupsIn(head);
  const back = groupsIn(tail ?? '');
  const zeros = tail === undefined ? 0 : groupsOfAddress - front.length - back.length;
  const groups = [...front, ...Array<string>(Math.max(zeros, 0)).fill('0'), ...back];
  return groups.slice(0, groupsOfNetwork).join(':');
}

/** A dotted end counts for two groups; it lies behind the network. */
const groupsIn = (text: string): string[] =>
  text === ''
    ? []
    : text.split(':').flatMap((group) => (group.includes('.') ? ['0', '0'] : [leading(group)]));

const leading = (group: string): string => group.replace(/^0+(?=.)/, '');
