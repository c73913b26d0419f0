import type { Reasons } from '../../../core/answers.js';
import { useLanguage } from '../context.js';

const arms = ['lexical', 'dense', 'time'] as const;
const lifts = ['subject', 'context', 'window', 'answer', 'question'] as const;

/** How a hit of a search came to its place, in words, with the numbers behind them. */
export function Why({ why }: { why: Reasons }) {
  const { strings, format } = useLanguage();
  const words = strings.why;
  const lifted = lifts.flatMap((name) => (why.lifted[name] === undefined ? [] : [{ name, by: why.lifted[name] }]));
  return (
    <details class="why">
      <summary>
        {words.summary} <span class="score">{format.score(why.fused)}</span>
      </summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.arm}</th>
            <th scope="col">{words.place}</th>
            <th scope="col">{words.score}</th>
          </tr>
        </thead>
        <tbody>
          {arms.map((arm) => {
            const place = why[arm];
            return (
              place && (
                <tr key={arm}>
                  <th scope="row">
                    {words.arms[arm]}
                    <span class="help">{words.armHelp[arm]}</span>
                  </th>
                  <td>{words.rank(place.rank)}</td>
                  <td>{format.score(place.score)}</td>
                </tr>
              )
            );
          })}
          {why.rerank !== undefined && (
            <tr>
              <th scope="row">{words.rerank}</th>
              <td />
              <td>{format.score(why.rerank)}</td>
            </tr>
          )}
          <tr class="sum">
            <th scope="row">{words.fused}</th>
            <td />
            <td>{format.score(why.fused)}</td>
          </tr>
        </tbody>
      </table>
      {lifted.length > 0 && (
        <>
          <p class="why-lifted">{words.lifted}</p>
          <ul>
            {lifted.map(({ name, by }) => (
              <li key={name}>
                {words.lift[name]} <span class="score">{name === 'context' ? `+${format.score(by)}` : `× ${format.score(by)}`}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      <p class="help">{words.scale}</p>
    </details>
  );
}
