//! The page as a person uses it: they look, click and type, and wait until they see something.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail, ensure};
use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::elements::{Element, ElementRef};
use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};

use super::Stage;

/// How long anything on the page may take: far more than it needs, even on a busy machine.
const BOUND_MS: u64 = 25_000;

/// Resolves to the first element that fits, as soon as the page shows one; to null after the bound. The browser itself
/// looks again after every change of the page.
const WAIT: &str = r"
const [selector, text, bound, done] = arguments;
const fits = (element) => element.checkVisibility() && element.textContent.includes(text);
const find = () => [...document.querySelectorAll(selector)].find(fits);
const now = find();
if (now) return done(now);
const end = (element) => { observer.disconnect(); clearTimeout(timer); done(element); };
const observer = new MutationObserver(() => { const element = find(); if (element) end(element); });
const timer = setTimeout(() => end(find() ?? null), bound);
observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
";

/// The same for an expression over `args`, which stands where `HOLDS` does: the page's policy allows no eval.
const UNTIL: &str = r"
const [args, bound, done] = arguments;
const holds = () => Boolean(HOLDS);
if (holds()) return done(true);
const end = (value) => { observer.disconnect(); clearTimeout(timer); done(value); };
const observer = new MutationObserver(() => { if (holds()) end(true); });
const timer = setTimeout(() => end(holds()), bound);
observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
";

/// The field under which WebDriver names an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A browser that shows the page.
pub(super) struct Page {
    client: Client,
    url: String,
    chromedriver: String,
    screenshots: PathBuf,
}

impl Page {
    /// Starts a browser and opens the page.
    pub(super) async fn open(stage: &Stage) -> Result<Self> {
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities())
            .connect(&stage.chromedriver)
            .await
            .with_context(|| {
                format!("chromedriver at {} started no browser; is it running?", stage.chromedriver)
            })?;
        let (url, chromedriver) = (stage.url.clone(), stage.chromedriver.clone());
        let page = Self { client, url, chromedriver, screenshots: stage.screenshots.clone() };
        page.reload().await?;
        Ok(page)
    }

    /// Opens the page anew, where the browser already is.
    pub(super) async fn reload(&self) -> Result<()> {
        let here = self.client.current_url().await?;
        if here.as_str().starts_with(&self.url) {
            self.client.refresh().await?;
        } else {
            self.client
                .goto(&self.url)
                .await
                .with_context(|| format!("{} does not open; is it running?", self.url))?;
        }
        self.see("[data-testid=connection][data-state=live]", "").await?;
        Ok(())
    }

    /// Ends the browser.
    pub(super) async fn close(self) -> Result<()> {
        self.client.close().await.context("the browser does not end")
    }

    /// Waits until an element that fits the selector and holds the text can be seen.
    pub(super) async fn see(&self, selector: &str, text: &str) -> Result<Element> {
        let arguments = vec![json!(selector), json!(text), json!(BOUND_MS)];
        let found = self.client.execute_async(WAIT, arguments).await?;
        match found[ELEMENT].as_str() {
            Some(id) => Ok(Element::from_element_id(self.client.clone(), ElementRef::from(id.to_owned()))),
            None if text.is_empty() => bail!("the page shows no {selector} within {BOUND_MS} ms"),
            None => bail!("the page shows no {selector} with {text:?} within {BOUND_MS} ms"),
        }
    }

    /// Waits until a JavaScript expression over `args` holds.
    pub(super) async fn until(&self, expression: &str, args: Value) -> Result<()> {
        let arguments = vec![args.clone(), json!(BOUND_MS)];
        let held = self.client.execute_async(&UNTIL.replace("HOLDS", expression), arguments).await?;
        ensure!(held == true, "`{expression}` does not hold within {BOUND_MS} ms, with args = {args}");
        Ok(())
    }

    /// How many elements fit now.
    pub(super) async fn count(&self, selector: &str) -> Result<usize> {
        Ok(self.client.find_all(Locator::Css(selector)).await?.len())
    }

    /// Clicks what can be seen.
    pub(super) async fn click(&self, selector: &str) -> Result<()> {
        let element = self.see(selector, "").await?;
        element.click().await.with_context(|| format!("{selector} cannot be clicked"))
    }

    /// Chooses the option that begins with the label.
    pub(super) async fn choose(&self, selector: &str, label: &str) -> Result<()> {
        let select = self.see(selector, "").await?;
        let options = select.find_all(Locator::Css("option")).await?;
        for option in options {
            if option.text().await?.starts_with(label) {
                return option.click().await.with_context(|| format!("{label} cannot be chosen"));
            }
        }
        bail!("{selector} offers no {label}")
    }

    /// Types into whatever has the focus.
    pub(super) async fn keys(&self, text: &str) -> Result<()> {
        let focused = self.client.active_element().await?;
        focused.send_keys(text).await.with_context(|| format!("{text:?} cannot be typed"))
    }

    /// Presses Enter where the focus is.
    pub(super) async fn enter(&self) -> Result<()> {
        self.keys(&char::from(Key::Enter).to_string()).await
    }

    /// Presses a key while Alt is held.
    pub(super) async fn alt(&self, key: char) -> Result<()> {
        let alt = char::from(Key::Alt);
        let keys = KeyActions::new("keyboard".to_owned())
            .then(KeyAction::Down { value: alt })
            .then(KeyAction::Down { value: key })
            .then(KeyAction::Up { value: key })
            .then(KeyAction::Up { value: alt });
        self.client.perform_actions(keys).await.with_context(|| format!("Alt+{key} cannot be pressed"))
    }

    /// Presses one key after another where the focus is, with no element in between.
    pub(super) async fn press(&self, keys: impl IntoIterator<Item = char>) -> Result<()> {
        let mut actions = KeyActions::new("keyboard".to_owned());
        for value in keys {
            actions = actions.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        }
        self.client.perform_actions(actions).await.context("keys cannot be pressed")
    }

    /// What a piece of JavaScript returns; `arguments` are its own.
    pub(super) async fn run(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        self.client.execute(script, arguments).await.context("a script of the walk fails")
    }

    /// What a piece of JavaScript hands to its last argument.
    pub(super) async fn run_async(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        self.client.execute_async(script, arguments).await.context("a script of the walk fails")
    }

    /// A command of the browser's own protocol, by which it plays another screen or scheme of colours.
    pub(super) async fn chromium(&self, command: &str, parameters: Value) -> Result<()> {
        let session = self.client.session_id().await?.context("the browser has no session")?;
        let url = format!("{}/session/{session}/goog/cdp/execute", self.chromedriver);
        let body = json!({ "cmd": command, "params": parameters }).to_string();
        let response = crate::faults::client()?.post(url).body(body).send().await?;
        ensure!(response.status().is_success(), "{command}: {}", response.text().await?);
        Ok(())
    }

    /// A screen of this size, in pixels.
    pub(super) async fn screen(&self, width: u32, height: u32) -> Result<()> {
        let screen = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.chromium("Emulation.setDeviceMetricsOverride", screen).await
    }

    /// Light or dark, as if the system asked for it.
    pub(super) async fn scheme(&self, scheme: &str) -> Result<()> {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.chromium("Emulation.setEmulatedMedia", json!({ "features": features })).await
    }

    /// Opens other panes: `person@chat:topic`, as the page's address has them.
    pub(super) async fn panes(&self, panes: &str) -> Result<()> {
        // An address that differs only behind the # loads nothing.
        self.client.goto("about:blank").await?;
        self.client.goto(&format!("{}/#{panes}", self.url)).await?;
        self.see("[data-testid=connection][data-state=live]", "").await?;
        self.until("!document.querySelector('[aria-busy=true]')", Value::Null).await
    }

    /// Writes a file beside the screenshots.
    pub(super) fn write(&self, name: &str, text: &str) -> Result<()> {
        let file = self.screenshots.join(name);
        std::fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))
    }

    /// Saves what the browser shows.
    pub(super) async fn screenshot(&self, name: &str) -> Result<()> {
        let file = self.screenshots.join(format!("{name}.png"));
        let picture = self.client.screenshot().await?;
        std::fs::write(&file, picture).with_context(|| format!("cannot write {}", file.display()))
    }
}

/// Which browser, and how it starts: xtask says it in the environment.
fn capabilities() -> Map<String, Value> {
    let arguments = std::env::var("CHROMIUM_ARGUMENTS").unwrap_or_else(|_| "--headless".to_owned());
    let mut chrome = json!({ "args": arguments.lines().collect::<Vec<_>>() });
    if let Ok(binary) = std::env::var("CHROMIUM") {
        chrome["binary"] = binary.into();
    }
    let mut capabilities = Map::new();
    capabilities.insert("browserName".to_owned(), "chrome".into());
    capabilities.insert("goog:chromeOptions".to_owned(), chrome);
    capabilities
}
