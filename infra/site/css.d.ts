/** A sheet that a lazy part adopts itself; every other `.css` is linked by its page. */
declare module "*.lazy.css" {
  const text: string;
  export default text;
}
declare module "uplot/dist/uPlot.min.css" {
  const text: string;
  export default text;
}
declare module "*.css";
