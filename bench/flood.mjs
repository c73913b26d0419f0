// One user's flood of a server over HTTP, in a process of its own: node bench/flood.mjs URL LANES. Prints a line once it is
// under way, ends with SIGTERM, and prints the calls a second that were answered.
import { connectSession } from './http-program.mjs';
import { question, sentence } from './sentences.mjs';

const [url, lanes] = [process.argv[2], Number(process.argv[3])];
const sessions = 4;
const clients = await Promise.all(Array.from({ length: sessions }, () => connectSession(url)));
let answered = 0;
let isOver = false;
process.once('SIGTERM', () => {
  isOver = true;
});

async function lane(first) {
  for (let number = first; !isOver; number += lanes) {
    const { call } = clients[number % sessions];
    await (number % 4 === 0
      ? call('remember', { user_id: 'u0', content: `${sentence(number)} Flood ${number}.`, infer: false })
      : call('recall', { user_id: 'u0', query: question(number) }));
    answered += 1;
  }
}

const begin = performance.now();
const flowing = Promise.all(Array.from({ length: lanes }, (_, first) => lane(first)));
console.log('under way');
await flowing;
console.log(Math.round((1000 * answered) / (performance.now() - begin)));
await Promise.all(clients.map((client) => client.close()));
