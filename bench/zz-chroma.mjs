import { execFileSync } from 'node:child_process';
import { ChromaClient } from 'chromadb';
import { keepsake, start, summary, timed, withHome } from './program.mjs';
import { question, sentence } from './sentences.mjs';
await withHome(async (home) => {
  const env = { KEEPSAKE_HOME: home, KEEPSAKE_STORE: 'chroma' };
  const s = await start(keepsake, env);
  for (let f = 0; f < 10000; f += 1000) await s.call('remember', { infer: false, messages: Array.from({length:1000},(_, i)=>({role:'user',content:sentence(f+i)})) });
  await new Promise(r=>setTimeout(r,5000));
  const out = execFileSync('node',[keepsake,'doctor','--json','--home',home],{encoding:'utf8'});
  const st = JSON.parse(out).findings.find(f=>f.part==='store'); console.log(st.text);
  const port = Number(/127.0.0.1:(\d+)/.exec(st.text)[1]);
  const c = new ChromaClient({host:'127.0.0.1',port});
  const cols = await c.listCollections(); 
  for (const col of cols) { const n=await col.count(); if (n<100) continue; 
    const some = await col.get({limit:50,include:['embeddings']}); console.log(n, some.embeddings[0].length);
    for (const [n,include] of [[10,['distances']],[100,['metadatas','distances']],[208,['metadatas','distances']],[300,['metadatas','distances']],[300,['distances']]]) {
      const t=[]; for (let i=0;i<100;i++) t.push(await timed(()=>col.query({queryEmbeddings:[some.embeddings[i%50]],nResults:n,include})));
      console.log(n, include.join(), summary(t));
    }
    const t=[]; for (let i=0;i<100;i++) t.push(await timed(()=>col.query({queryEmbeddings:[some.embeddings[i%50]],nResults:200,include:['metadatas','distances'],where:{kind:{$eq:'observation'}}})));
      console.log('filtered 200', summary(t));
  }
  await s.stop();
});
