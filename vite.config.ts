import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: 'src/dashboard',
  plugins: [react()],
  build: { outDir: '../../dist/dashboard', emptyOutDir: true, target: 'es2022', sourcemap: false },
  server: { port: 5173, proxy: { '/v1': process.env['SLICEHOUSE_URL'] ?? 'http://127.0.0.1:8080' } },
});
