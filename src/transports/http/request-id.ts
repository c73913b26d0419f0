import { AsyncLocalStorage } from 'node:async_hooks';

const current = new AsyncLocalStorage<string>();

/** Id of the request over HTTP that the running code works for, if there is one. */
export function currentRequestId(): string | undefined {
  return current.getStore();
}

/** Runs what is done for a request, which finds its id in currentRequestId. */
export function inRequest<T>(requestId: string, work: () => T): T {
  return current.run(requestId, work);
}
