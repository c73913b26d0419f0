import type { Kinds, SpaceStats } from '../../../core/stats.js';
import { Failure } from '../components/failure.js';
import { Moment } from '../components/moment.js';
import { Placeholder } from '../components/placeholder.js';
import { SpaceName } from '../components/space-name.js';
import { useLanguage } from '../context.js';
import { useSession } from '../session.js';
import { useAnswer } from '../use-answer.js';

/** How the server fares: what is wrong, what waits, which models there are. */
export function HealthPage() {
  const { health } = useLanguage().strings;
  return (
    <>
      <h1 tabIndex={-1}>{health.title}</h1>
      <Health />
    </>
  );
}

function Health() {
  const { strings, format } = useLanguage();
  const { health, rights } = strings;
  const { session } = useSession();
  const { answer, error, reload } = useAnswer('health', {});
  if (error) return <Failure error={error} retry={reload} />;
  if (!answer) return <Placeholder />;
  const { status, problems, version, stats } = answer;
  const { chat, embedding, reranker } = stats.models;
  const parts = [
    [health.version, version],
    [health.chat, chat === 'rules' ? strings.memory.rules : chat],
    [health.embedding, embedding],
    [health.reranker, reranker ?? health.none],
    [health.token, session.rights.map((right) => rights.names[right]).join(', ')],
  ] as const;
  return (
    <>
      <p class={`lead state state-${status}`}>{status === 'well' ? health.well : health.degraded}</p>
      {problems.length > 0 && (
        <section class="note warning">
          <h2>{health.problems}</h2>
          <ul lang="en">
            {problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h2>{health.spaces}</h2>
        <SpaceTable spaces={stats.spaces} />
        {stats.unreadable.map(({ space, reason }) => (
          <p key={space} class="note warning">
            <SpaceName space={space} />: {health.unreadable}. <span lang="en">{reason}</span>
          </p>
        ))}
        {stats.omitted > 0 && <p class="help">{health.omitted(format.number(stats.omitted))}</p>}
      </section>
      <section>
        <h2>{health.models}</h2>
        <dl class="details">
          {parts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </section>
    </>
  );
}

function SpaceTable({ spaces }: { spaces: readonly SpaceStats[] }) {
  const { health } = useLanguage().strings;
  const columns = [health.space, health.live, health.forgotten, health.pending, health.index, health.size, health.changed];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard.
    <section class="scroller" aria-label={health.spaces} tabIndex={0}>
      <table class="numbers">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {spaces.map((space) => (
            <SpaceRow key={space.space} stats={space} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

const sum = (counts: Kinds) => Object.values(counts).reduce((total, count) => total + count, 0);

function SpaceRow({ stats: { space, live, forgotten, pending, index, bytes, last_change } }: { stats: SpaceStats }) {
  const { strings, format } = useLanguage();
  const { health } = strings;
  const vectors = !index ? health.unknown : index.behind === 0 ? health.upToDate : health.behind(format.number(index.behind));
  return (
    <tr>
      <th scope="row">
        <SpaceName space={space} />
      </th>
      <td>{format.number(sum(live))}</td>
      <td>{format.number(sum(forgotten))}</td>
      <td>{format.number(pending.inputs)}</td>
      <td>{vectors}</td>
      <td>{format.bytes(bytes)}</td>
      <td>{last_change === undefined ? '' : <Moment at={last_change} />}</td>
    </tr>
  );
}
