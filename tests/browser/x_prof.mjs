import { launchChromium } from './chromium.mjs';
import { serveDemo } from './demo_page.mjs';
const b = await launchChromium(); const s = await serveDemo();
for (let i=0;i<3;i++){
const c = await b.newContext({viewport:{width:1280,height:900}});
const page = await c.newPage(); const cdp = await c.newCDPSession(page);
await cdp.send('Performance.enable'); await cdp.send('Profiler.enable'); await cdp.send('Profiler.start');
const t=performance.now();
await page.goto(s.address); await page.waitForSelector('html[data-ready]');
const took=performance.now()-t;
const {profile}=await cdp.send('Profiler.stop');
const m=Object.fromEntries((await cdp.send('Performance.getMetrics')).metrics.map(x=>[x.name,x.value]));
console.log(took|0, Object.entries(m).filter(([k,v])=>/Duration|Nodes|Count/.test(k)).map(([k,v])=>k+'='+(+v.toFixed(3))).join(' '));
const self={}; const byId=new Map(profile.nodes.map(n=>[n.id,n])); const dt=profile.timeDeltas; profile.samples.forEach((id,i)=>{const n=byId.get(id).callFrame; const k=n.functionName+' '+n.url.split('/').pop()+':'+n.lineNumber; self[k]=(self[k]??0)+dt[i]/1000;});
console.log(Object.entries(self).sort((a,b)=>b[1]-a[1]).slice(0,12).map(([k,v])=>`${v|0}ms ${k}`).join('\n'));
await c.close();}
await s.close(); await b.close();
