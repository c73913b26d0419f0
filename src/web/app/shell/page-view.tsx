import { ActivityPage } from '../pages/activity.js';
import { HealthPage } from '../pages/health.js';
import { InsightsPage } from '../pages/insights.js';
import { MemoriesPage } from '../pages/memories.js';
import { MemoryPage } from '../pages/memory.js';
import { MissingPage } from '../pages/missing.js';
import { PicturePage } from '../pages/picture.js';
import { SearchPage } from '../pages/search.js';
import type { Route } from '../route.js';

/** The page that an address names. */
export function PageView({ route: { page, id = '' } }: { route: Route }) {
  switch (page) {
    case 'search':
      return <SearchPage />;
    case 'memories':
      return <MemoriesPage />;
    case 'memory':
      return <MemoryPage key={id} id={id} />;
    case 'picture':
      return <PicturePage />;
    case 'insights':
      return <InsightsPage />;
    case 'activity':
      return <ActivityPage />;
    case 'health':
      return <HealthPage />;
    case 'missing':
      return <MissingPage />;
    default:
      return page satisfies never;
  }
}
