/** Whether something was before somebody's eyes: on the visible part of a visible page, for a while without a break. */

const STEPS = Array.from({ length: 21 }, (_, i) => i / 20);
/** Half of it, or of the screen where it is larger than that. */
const SHARE = 0.5;

/** Call `then` once the element was visible for `ms` without a break; the function returned stops waiting. */
export function whenSeen(element: Element, ms: number, then: () => void): () => void {
  let inView = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function judge(): void {
    const isSeen = inView && document.visibilityState === "visible";
    if (isSeen && timer === undefined) timer = setTimeout(done, ms);
    if (!isSeen) {
      clearTimeout(timer);
      timer = undefined;
    }
  }

  const observer = new IntersectionObserver((entries) => {
    const entry = entries.at(-1);
    if (entry) inView = isMostly(entry.intersectionRect, entry.boundingClientRect, window.innerHeight);
    judge();
  }, { threshold: STEPS });

  function stop(): void {
    clearTimeout(timer);
    observer.disconnect();
    document.removeEventListener("visibilitychange", judge);
  }

  function done(): void {
    stop();
    then();
  }

  observer.observe(element);
  document.addEventListener("visibilitychange", judge);
  return stop;
}

interface Box {
  readonly width: number;
  readonly height: number;
}

/** Whether the part on the screen is most of a box, or of the screen; pure. */
export function isMostly(part: Box, whole: Box, screenHeight: number): boolean {
  if (whole.width <= 0 || whole.height <= 0) return false;
  return part.width >= SHARE * whole.width && part.height >= SHARE * Math.min(whole.height, screenHeight);
}
