import { afterAll, beforeAll, describe } from 'vitest';
import { connect, type Reach, revisions, type Sdk, type TestClient } from '../support/clients.js';
import { type FakeOpenAi, startFakeOpenAi } from '../support/fake-openai.js';
import { temporaryHome } from '../support/home.js';
import { quietEnvironment } from '../support/server.js';
import { checkBodies } from './suite-bodies.js';
import { checkConfirmations } from './suite-confirmations.js';
import { checkErrors } from './suite-errors.js';
import { checkHandshake } from './suite-handshake.js';
import { checkModelCalls } from './suite-model-calls.js';
import { checkPrompts } from './suite-prompts.js';
import { checkResources } from './suite-resources.js';
import { checkStory } from './suite-story.js';

/** Starts what serves a home, and says where it is; what it started ends with the test file. */
export type Serve = (env: Record<string, string>) => Promise<Reach>;

/** One way of reaching a server. */
export interface Lane {
  serve: Serve;
  sdk: Sdk;
  /** An older revision that its clients of the second line speak alone. */
  revision?: string;
  /** Whether a message over 8 MiB is refused by the client's own transport, such as with status 413, or in an answer. */
  refusesBy: 'status' | 'answer';
}

/** What the checks of one lane are made with: two clients of one home, and the model that its servers ask. */
export interface Stage {
  /** Its user can be asked. */
  client: TestClient;
  /** Its user cannot. */
  other: TestClient;
  fake: FakeOpenAi;
  lane: Lane;
  /** The revision that the lane must come to. */
  revision: string;
  /** What the first client's user was asked, and what they reply from now on. */
  user: { asked: string[]; reply: boolean };
}

/** Milliseconds for one check: lanes that run side by side share the machine. */
const patience = 60_000;
const checks = [checkHandshake, checkStory, checkConfirmations, checkModelCalls, checkResources, checkPrompts, checkErrors, checkBodies];

/** All checks on one lane, one after the other, beside those on other lanes where they are described as concurrent. */
export function describeLane(lane: Lane): void {
  describe([lane.sdk, lane.revision].join(' ').trim(), { timeout: patience }, () => {
    let stage: Stage | undefined;

    beforeAll(async () => {
      stage = await setUp(lane);
    }, patience);
    afterAll(async () => {
      await stage?.client.stop();
      await stage?.other.stop();
      await stage?.fake.close();
    });

    describe.sequential('in this order', () => {
      for (const check of checks) {
        check(() => {
          if (!stage) throw new Error('the lane is not set up');
          return stage;
        });
      }
    });
  });
}

async function setUp(lane: Lane): Promise<Stage> {
  const fake = await startFakeOpenAi();
  const reach = await lane.serve({
    ...quietEnvironment,
    KEEPSAKE_HOME: await temporaryHome(),
    KEEPSAKE_RATE: '0',
    OPENAI_BASE_URL: fake.url,
    KEEPSAKE_MODEL: 'fake',
    KEEPSAKE_EMBEDDING_MODEL: 'fake-embedding',
    KEEPSAKE_VISION_MODEL: 'fake',
    KEEPSAKE_REFLECT: '0',
  });
  const user: Stage['user'] = { asked: [], reply: true };
  const reply = (question: string) => {
    user.asked.push(question);
    return user.reply;
  };
  const { sdk, revision } = lane;
  const [client, other] = await Promise.all([
    connect(reach, sdk, { name: 'first', reply, revision }),
    connect(reach, sdk, { name: 'second', revision }),
  ]);
  const newest = sdk === 'SDK 2.x auto' || sdk === 'SDK 2.x pinned' ? revisions.stateless : revisions.withHandshake;
  return { client, other, fake, lane, user, revision: revision ?? newest };
}
