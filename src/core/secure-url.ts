const ownHosts = ['localhost', '127.0.0.1', '[::1]'];

/** Whether nobody can change on the way what comes from a URL: it is fetched over TLS, or from this machine. */
export function isSecureUrl(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || (protocol === 'http:' && ownHosts.includes(hostname));
}
