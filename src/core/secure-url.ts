const ownHosts = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Whether nobody can change on the way what comes from a URL: it is fetched over TLS, or from this machine. */
export function isSecureUrl(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || (protocol === 'http:' && ownHosts.test(hostname));
}
