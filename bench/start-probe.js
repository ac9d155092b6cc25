// Runs in the app's page before its own scripts: when is the screen there that opens radiographs?
// Plain JavaScript: it is handed to the browser as it stands here.
{
  const fieldrayScreenAt = new Promise((resolve) => {
    const look = () => {
      const screen = document
        .querySelector('fieldray-app')
        ?.shadowRoot?.querySelector('fr-read-screen');
      if (screen?.shadowRoot?.querySelector('button')) resolve(performance.now());
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  Object.assign(globalThis, { fieldrayScreenAt });
}
