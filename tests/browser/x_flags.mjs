import { chromium } from 'playwright-core';
import { serveDemo, enterShop } from './demo_page.mjs';
const extra=(process.argv[2]??'').split(' ').filter(Boolean);
const args=['--headless','--no-sandbox','--disable-gpu','--disable-quic','--no-first-run','--disable-background-networking','--disable-component-update','--disable-sync',...extra];
const b = await chromium.launch({executablePath:'/usr/bin/chromium',args}); const s = await serveDemo();
for (let i=0;i<6;i++){ const c = await b.newContext({viewport:{width:1280,height:900}, ...(process.argv[3]?{reducedMotion:'reduce'}:{})}); await enterShop(c, s.address); await c.close(); }
await s.close(); await b.close();
