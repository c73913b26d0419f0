import type { ErrorCode, KeepsakeError } from '../../core/errors.js';
import { Refusal } from './refusal.js';

/** Below this path are the endpoints; what is refused there is told as a fault. */
export const endpointFolder = '/api/';

/** Whether a path is one of those that web pages call. */
export function isEndpoint(path: string): boolean {
  return path.startsWith(endpointFolder);
}

/** The status that stands for an error of the memory. */
function statusOf(code: ErrorCode): number {
  switch (code) {
    case 'invalid_argument':
    case 'cursor_invalid':
      return 400;
    case 'space_refused':
      return 403;
    case 'memory_not_found':
    case 'revision_not_found':
      return 404;
    case 'memory_forgotten':
    case 'memory_erased':
    case 'confirm_invalid':
      return 409;
    case 'too_large':
      return 413;
    case 'log_unavailable':
    case 'update_needed':
      return 503;
    case 'internal':
      return 500;
    default:
      return code satisfies never;
  }
}

/** The refusal that says the same as an error of the memory. */
export function refusalFor({ code, message }: KeepsakeError): Refusal {
  return new Refusal(statusOf(code), message, {}, { fault: code });
}

/** What a fault is called that has no other name than its status. */
function nameOf(status: number): string {
  switch (status) {
    case 401:
      return 'unauthorized';
    case 403:
      return 'space_refused';
    case 413:
      return 'too_large';
    case 429:
      return 'rate_limited';
    case 503:
      return 'log_unavailable';
    default:
      return status < 500 ? 'invalid_argument' : 'internal';
  }
}

/** The body of an answer that refuses a web page, with a code in words. */
export function faultBody({ status, fault, message }: Refusal): string {
  return JSON.stringify({ error: { code: fault ?? nameOf(status), message } });
}
