import { Failure } from '../components/failure.js';
import { MonthBars } from '../components/month-bars.js';
import { Newcomer } from '../components/newcomer.js';
import { Placeholder } from '../components/placeholder.js';
import { Shares } from '../components/shares.js';
import { useLanguage } from '../context.js';
import { kinds as narrowable } from '../list-filters.js';
import { useWays } from '../route.js';
import { isWider, singleScope } from '../scope.js';
import { useSession } from '../session.js';
import { useAnswer } from '../use-answer.js';

/** How a memory grew, and whom and what it is about. */
export function PicturePage() {
  const { strings } = useLanguage();
  const { session, scope } = useSession();
  return (
    <>
      <h1 tabIndex={-1}>{strings.picture.title}</h1>
      {isWider(scope, session) && <p class="note">{strings.scope.oneOnly}</p>}
      <Picture />
    </>
  );
}

function Picture() {
  const { strings, format } = useLanguage();
  const { picture, counted, kinds } = strings;
  const { session, scope } = useSession();
  const { to } = useWays();
  const { answer, error, reload } = useAnswer('overview', singleScope(scope, session));
  if (error) return <Failure error={error} retry={reload} />;
  if (!answer) return <Placeholder />;
  const { live, forgotten, months, subjects, entities } = answer;
  if (months.length === 0) return <Newcomer />;
  const figures = [
    ...narrowable.map((kind) => ({
      name: kinds[kind],
      count: answer.kinds[kind] ?? 0,
      href: to('memories', { kind }),
    })),
    { name: picture.forgottenCount, count: forgotten, href: to('memories', { show: 'forgotten' }) },
  ];
  return (
    <>
      <p class="lead">{picture.lead(counted.memories(live, format.number(live)))}</p>
      <ul class="figures">
        {figures.map(({ name, count, href }) => (
          <li key={href}>
            <a href={href}>
              <strong>{format.number(count)}</strong>
              <span>{name}</span>
            </a>
          </li>
        ))}
      </ul>
      <section>
        <h2>{picture.overTime}</h2>
        <p class="help">{picture.overTimeHelp}</p>
        <MonthBars months={months} monthHref={(month) => to('memories', { month })} />
      </section>
      <div class="columns">
        {subjects.length > 0 && (
          <section>
            <h2>{picture.bySubject}</h2>
            <Shares
              caption={picture.bySubject}
              shares={subjects.map(({ subject, memories }) => ({
                name: subject ?? picture.aboutUser,
                count: memories,
                href: to('memories', subject === undefined ? { about: 'me' } : { subject }),
              }))}
            />
          </section>
        )}
        {entities.length > 0 && (
          <section>
            <h2>{picture.entities}</h2>
            <Shares
              caption={picture.entities}
              shares={entities.map(({ entity, memories }) => ({ name: entity, count: memories, href: to('search', { q: entity }) }))}
            />
          </section>
        )}
      </div>
    </>
  );
}
