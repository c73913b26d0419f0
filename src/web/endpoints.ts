import { z } from 'zod';
import { isOpenTo } from '../core/principal.js';
import type { Exchange } from '../mcp/exchange.js';
import type { PageService } from '../mcp/service.js';
import { readArguments } from '../tools/arguments.js';
import { ownSpace, readableSpaces } from '../tools/spaces.js';
import { tools } from '../tools/table.js';
import { endpointFolder } from '../transports/http/faults.js';
import type { Endpoint, EndpointCall, Peer } from '../transports/http/options.js';
import type { Activity, Health, Overview, PageApi, SessionAnswer } from './api.js';
import { healthOf, type Watched } from './health.js';

/** What the endpoints are made of. */
export interface EndpointOptions {
  version: string;
  service: PageService;
  /** Name of the current project of a caller, if there is one. */
  projectOf: (peer: Peer) => () => Promise<string | undefined>;
  watched: Watched;
}

/** Spaces that a session names. */
const mostSpaces = 200;

const nothing = z.strictObject({});
const inSpace = z.strictObject({ user_id: z.string().optional(), project: z.string().optional() });
const page = z.strictObject({
  limit: z.int().min(1).max(100).default(50),
  cursor: z.string().max(4000).optional(),
  looking: z.boolean().default(false),
});

/** What the dashboard asks of the server, by path: the tools, and what is in `PageApi`. */
export function createEndpoints({ version, service, projectOf, watched }: EndpointOptions): Readonly<Record<string, Endpoint>> {
  const exchangeOf = ({ peer, signal }: EndpointCall): Exchange => ({
    principal: peer.principal,
    client: `keepsake-dashboard/${version}`,
    looking: true,
    signal,
    currentProject: projectOf(peer),
  });

  async function session(exchange: Exchange): Promise<SessionAnswer> {
    const { principal, currentProject } = exchange;
    const { user, rights } = principal;
    // Who may read nothing is told so by its rights, rather than refused.
    const spaces = rights.has('memory:read') ? await service.look(exchange, readableSpaces) : [];
    const project = await currentProject();
    return {
      version,
      ...(user === undefined ? {} : { user }),
      rights: [...rights],
      ...(project === undefined ? {} : { project }),
      spaces: spaces.slice(0, mostSpaces).map((space) => ({ space, mayWrite: isOpenTo(principal, space, 'write') })),
    };
  }

  const overview = (given: z.infer<typeof inSpace>, exchange: Exchange): Promise<Overview> =>
    service.look(exchange, async (context) => context.keepsake.overview(await ownSpace(given, context, 'read')));

  const activity = (given: z.infer<typeof page>, exchange: Exchange): Promise<Activity> =>
    service.look(exchange, async (context) =>
      context.keepsake.activity({ ...given, reader: exchange.principal.id, spaces: await readableSpaces(context) }),
    );

  const health = (exchange: Exchange): Promise<Health> =>
    service.look(exchange, async (context) => {
      const stats = await context.keepsake.stats(await readableSpaces(context), context.signal);
      return healthOf({ version, stats, principal: context.principal }, watched);
    });

  const endpoints: Record<keyof PageApi, Endpoint> = {
    session: async (call) => {
      readArguments(nothing, call.body);
      return session(exchangeOf(call));
    },
    overview: async (call) => overview(readArguments(inSpace, call.body), exchangeOf(call)),
    activity: async (call) => activity(readArguments(page, call.body), exchangeOf(call)),
    health: async (call) => {
      readArguments(nothing, call.body);
      return health(exchangeOf(call));
    },
  };
  const ofTools = tools.map((tool): [string, Endpoint] => [tool.name, (call) => service.runTool(tool, call.body, exchangeOf(call))]);
  return Object.fromEntries([...ofTools, ...Object.entries(endpoints)].map(([name, endpoint]) => [endpointFolder + name, endpoint]));
}
