import { useLanguage } from '../context.js';

/** One thing, and how many memories are about it. */
export interface Share {
  name: string;
  count: number;
  href: string;
}

/** A ranking as a table whose rows are bars. */
export function Shares({ caption, shares }: { caption: string; shares: readonly Share[] }) {
  const { strings, format } = useLanguage();
  const most = Math.max(1, ...shares.map(({ count }) => count));
  return (
    <table class="shares">
      <caption class="hidden">{caption}</caption>
      <thead class="hidden">
        <tr>
          <th scope="col">{strings.picture.subject}</th>
          <th scope="col">{strings.picture.count}</th>
        </tr>
      </thead>
      <tbody>
        {shares.map(({ name, count, href }) => (
          <tr key={href} style={{ '--share': `${(count / most) * 100}%` }}>
            <th scope="row">
              <a href={href}>{name}</a>
            </th>
            <td>{format.number(count)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
