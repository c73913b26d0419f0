import { keepsake, start, summary, timed, withHome } from './zz-program.mjs';
import { question, sentence } from './sentences.mjs';
const store = process.argv[2];
await withHome(async (home) => {
  const env = { KEEPSAKE_HOME: home, KEEPSAKE_STORE: store };
  if (process.argv[3]==='fill') env.PROF='1';
  const s = await start(keepsake, env);
  for (let f = 0; f < 10000; f += 1000) console.log(Math.round(await timed(()=>s.call('remember', { infer: false, messages: Array.from({length:1000},(_, i)=>({role:'user',content:sentence(f+i)})) }))));
  await s.stop();
  if (process.argv[3]==='fill') return;
  env.PROF='1';
  const t = await start(keepsake, env);
  await new Promise(r=>setTimeout(r,20000));
  const times=[];
  for (let i=0;i<400;i++) times.push(await timed(()=> process.argv[3]==='remember' ? t.call('remember',{content:`Note ${i}: ${sentence(10000+i)}`}) : t.call('recall',{query:question(i)})));
  console.log(summary(times));
  await t.stop();
});
