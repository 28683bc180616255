export default {
  base: './', // the built page works in any folder of any host
  build: { target: 'es2022' }, // main.js awaits at its top level
  optimizeDeps: { exclude: ['sotto'] }, // the development server must not move the package away from its modules
};
