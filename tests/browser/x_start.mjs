import { launchChromium } from './chromium.mjs';
import { serveDemo, enterShop } from './demo_page.mjs';
const n = +process.argv[2], reduce = process.argv[3];
const b = await launchChromium();
if (n>0){ const s = await serveDemo();
for (let i=0;i<n;i++){ const c = await b.newContext({viewport:{width:1280,height:900}, ...(reduce?{reducedMotion:'reduce'}:{})}); await enterShop(c, s.address); await c.close(); }
await s.close(); }
await b.close();
