import { mount } from "svelte";

import "./app.css";
import App from "./view/App.svelte";

mount(App, { target: document.getElementById("app") as HTMLElement });
