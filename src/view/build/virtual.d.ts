/** Made by the plugin of vite.config.ts when the site is built. */
declare module 'virtual:chart-layouts' {
  const layouts: Readonly<Record<string, import('../geometry/statecharts/chart.ts').ChartLayouts>>;
  export default layouts;
}
