// Runs inside the dashboard's page: measures from an input event to the frame that shows what it asked for.
globalThis.repaint = {
  /** Milliseconds; settles when the cards show what was expected last. */
  result: undefined,

  /**
   * Expects a `keydown` of Enter, or a `click`, after which the cards show a state. Measured from the event's own
   * time stamp until the frame with the cards has been handed over for painting.
   */
  expect(type, state) {
    this.result = new Promise((resolve) => {
      let startedMs;
      const begin = (event) => {
        if (type === 'keydown' && event.key !== 'Enter') return;
        startedMs = event.timeStamp;
        removeEventListener(type, begin, true);
      };
      addEventListener(type, begin, true);
      const observer = new MutationObserver(() => {
        if (startedMs === undefined || !document.querySelector(`[data-showing="${state}"]`)) return;
        observer.disconnect();
        requestAnimationFrame(() => {
          // A message is handled after the frame that this callback is part of.
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => resolve(performance.now() - startedMs);
          port2.postMessage(undefined);
        });
      });
      observer.observe(document.body, { subtree: true, childList: true, attributeFilter: ['data-showing'] });
    });
  },
};
