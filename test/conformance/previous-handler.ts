/** A handler as both lines of the SDK keep it. */
export type Handler<Context> = (request: object, context: Context) => Promise<object>;

/** The handler that a server has for a method. The SDK has no public way to it; only fixtures, which stand before it, need one. */
export function previousHandler<Context>(server: object, method: string): Handler<Context> {
  const handler = (server as { _requestHandlers: Map<string, Handler<Context>> })._requestHandlers.get(method);
  if (!handler) throw new Error(`the server has no handler for ${method}`);
  return handler;
}
