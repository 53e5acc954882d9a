import type { Socket } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';

/** PEM texts. */
export interface ServerTls {
  /** The server's own certificate first, then those above it. */
  readonly certificateChain: string;
  readonly privateKey: string;
  /** Where given, a client without a certificate of one of these authorities is turned away. */
  readonly clientCertificateAuthorities?: string | undefined;
}

export interface TlsEvents {
  readonly ready: (secured: TLSSocket) => void;
  /** `cause` is a code of OpenSSL or Node. A peer that just went away has not failed. */
  readonly failed: (socket: Socket, cause: string) => void;
}

/**
 * TLS 1.3 with HTTP/2 inside, and nothing else. It stands before grpc-js, whose own credentials
 * cannot say which version of TLS they want. The caller bounds how long the handshake may take.
 */
export function tlsOver(tls: ServerTls, { ready, failed }: TlsEvents): (socket: Socket) => void {
  const { certificateChain, privateKey, clientCertificateAuthorities: ca } = tls;
  const server = createServer({
    cert: certificateChain,
    key: privateKey,
    ...(ca === undefined ? {} : { ca, requestCert: true, rejectUnauthorized: true }),
    minVersion: 'TLSv1.3',
    ALPNProtocols: ['h2'],
  });
  server.on('secureConnection', (secured) => {
    secured.on('error', () => undefined); // Its end is told by the socket below.
    if (secured.alpnProtocol === 'h2') ready(secured);
    else failed(secured, 'NO_HTTP2');
  });
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
    // A certificate that is not believed looks like a client who went away, but for this.
    const { authorizationError } = socket;
    const cause = authorizationError ? String(authorizationError) : (error.code ?? error.message);
    if (cause !== 'ECONNRESET') failed(socket, cause);
  });
  return (socket) => server.emit('connection', socket);
}
