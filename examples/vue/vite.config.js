import vue from '@vitejs/plugin-vue';

export default {
  plugins: [vue()],
  base: './', // the built page works in any folder of any host
  build: { target: 'es2022' },
  optimizeDeps: { exclude: ['sotto'] }, // the development server must not move the package away from its modules
};
