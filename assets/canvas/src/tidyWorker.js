import { tidy } from "./layout.js";

onmessage = ({ data }) => postMessage(tidy(data));
