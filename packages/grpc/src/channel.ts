import { type ChannelCredentials, Client, credentials } from '@grpc/grpc-js';

/** Connections to one address, shared by the clients of all its services. */
export interface Channel {
  readonly address: string;
  readonly connection: Client;
  close(): void;
}

const serviceConfig = JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] });

/** PEM texts. */
export interface ClientTls {
  /** Whose certificates are believed of the server, which must name the host that is called. */
  readonly certificateAuthorities: string;
  /** Shown where the server asks for one. */
  readonly own?: { readonly certificateChain: string; readonly privateKey: string } | undefined;
}

/**
 * Connects at the first call, in plaintext unless told how to trust. `host:port`, or `dns:///name:port`
 * where a name stands for several pods.
 */
export function channelTo(address: string, tls?: ClientTls): Channel {
  const connection = new Client(address, tls ? secure(tls) : credentials.createInsecure(), {
    'grpc.service_config': serviceConfig,
    'grpc.service_config_disable_resolution': 1,
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 2_000,
    'grpc.keepalive_time_ms': 60_000,
    'grpc.keepalive_timeout_ms': 20_000,
    'grpc.enable_channelz': 0,
    'grpc.enable_http_proxy': 0,
  });
  return { address, connection, close: () => connection.close() };
}

const secure = ({ certificateAuthorities, own }: ClientTls): ChannelCredentials =>
  credentials.createSsl(
    Buffer.from(certificateAuthorities),
    own ? Buffer.from(own.privateKey) : null,
    own ? Buffer.from(own.certificateChain) : null,
  );
